public import JSON

/// The header fields of a request: the bytes of the head, and where in them each field stands.
///
/// Order, case and repetitions are those that were sent, and looking a field up copies nothing. Names are compared
/// without the case of ASCII letters, all else as bytes.
public struct Headers: Sendable, Equatable {
  /// One field line: the name and the value, both as sent.
  public struct Field: Sendable, Equatable {
    public let name: ByteString
    public let value: ByteString

    public init(_ name: ByteString, _ value: ByteString) {
      self.name = name
      self.value = value
    }

    public init(_ name: some StringProtocol, _ value: some StringProtocol) {
      self.init(ByteString(name), ByteString(value))
    }
  }

  @usableFromInline
  struct Place: Sendable, Equatable {
    @usableFromInline let name: Range<UInt32>
    @usableFromInline let value: Range<UInt32>

    @inlinable
    init(name: Range<UInt32>, value: Range<UInt32>) {
      self.name = name
      self.value = value
    }
  }

  /// The field lines, `name: value` and a line end each.
  @usableFromInline var head: [UInt8] = []
  @usableFromInline var places: [Place] = []

  public init() {}

  public init(_ fields: some Sequence<Field>) {
    for field in fields { append(field) }
  }

  /// Makes room for so many bytes of names and values, and so many fields.
  public mutating func reserve(bytes: Int, fields: Int) {
    head.reserveCapacity(bytes + 4 * fields)
    places.reserveCapacity(fields)
  }

  /// Adds a field line at the end.
  public mutating func append(_ field: Field) { append(field.name, field.value) }

  /// Adds a field line at the end.
  @inlinable
  public mutating func append(_ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
    let name = add(name)
    head.append(UInt8(ascii: ":"))
    head.append(UInt8(ascii: " "))
    places.append(Place(name: name, value: add(value)))
    head.append(UInt8(ascii: "\r"))
    head.append(UInt8(ascii: "\n"))
  }

  @inlinable
  mutating func add(_ bytes: some Sequence<UInt8>) -> Range<UInt32> {
    let start = UInt32(head.count)
    head.append(contentsOf: bytes)
    return start..<UInt32(head.count)
  }

  /// The bytes that the fields hold in memory.
  public var byteCount: Int { head.count + places.count * MemoryLayout<Place>.stride }

  /// The first value of the fields called `name`, whatever its case.
  public func first(_ name: String) -> ByteString? {
    place(of: name).map { text($0.value) }
  }

  /// Whether a field is called `name`, whatever its case.
  public func contains(_ name: String) -> Bool { place(of: name) != nil }

  /// All values of the fields called `name`, in the order they were sent.
  public func all(_ name: String) -> [ByteString] {
    places.filter { isCalled(name, $0) }.map { text($0.value) }
  }

  /// The first value of the fields called `name`, and how many there are; nil where there is none.
  func lookUp(_ name: String) -> (first: ByteString, count: Int)? {
    var first: Place?
    var count = 0
    for place in places where isCalled(name, place) {
      if first == nil { first = place }
      count += 1
    }
    return first.map { (text($0.value), count) }
  }

  /// How many fields are called `name`.
  public func count(of name: String) -> Int {
    places.reduce(0) { $0 + (isCalled(name, $1) ? 1 : 0) }
  }

  private func place(of name: String) -> Place? {
    for place in places where isCalled(name, place) { return place }
    return nil
  }

  private func isCalled(_ name: String, _ place: Place) -> Bool {
    place.name.count == name.utf8.count && text(place.name).equalsIgnoringASCIICase(name)
  }

  private func text(_ range: Range<UInt32>) -> ByteString {
    ByteString(head, in: Int(range.lowerBound)..<Int(range.upperBound))
  }
}

extension Headers: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { places.count }

  /// The field at a place in the order of sending.
  public subscript(position: Int) -> Field {
    let place = places[position]
    return Field(text(place.name), text(place.value))
  }
}

extension Headers: ExpressibleByArrayLiteral {
  public init(arrayLiteral fields: Field...) { self.init(fields) }
}
