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

  /// Where a field line begins, and how long its name is; its value ends where the next line begins.
  @usableFromInline
  struct Place: Sendable, Equatable {
    @usableFromInline let start: UInt32
    @usableFromInline let nameCount: UInt32

    @inlinable
    init(start: Int, nameCount: Int) {
      self.start = UInt32(start)
      self.nameCount = UInt32(nameCount)
    }
  }

  /// The field lines, `name: value` and a line end each.
  @usableFromInline var head: [UInt8] = []
  @usableFromInline var places: [Place] = []

  /// The bytes between name and value, and after the value.
  @usableFromInline static let gap = 2

  public init() {}

  public init(_ fields: some Sequence<Field>) {
    for field in fields { append(field) }
  }

  /// Makes room for so many bytes of names and values, and so many fields.
  public mutating func reserve(bytes: Int, fields: Int) {
    head.reserveCapacity(bytes + 4 * fields)
    places.reserveCapacity(fields)
  }

  /// Makes room for just so many bytes of field lines, with their ends, and so many fields.
  public mutating func reserve(lines bytes: Int, fields: Int) {
    head.reserveCapacity(bytes)
    places.reserveCapacity(fields)
  }

  /// Adds a field line at the end.
  public mutating func append(_ field: Field) { append(field.name, field.value) }

  /// Adds a field line at the end.
  @inlinable
  public mutating func append(_ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
    let start = head.count
    head.append(contentsOf: name)
    places.append(Place(start: start, nameCount: head.count - start))
    head.append(UInt8(ascii: ":"))
    head.append(UInt8(ascii: " "))
    head.append(contentsOf: value)
    head.append(UInt8(ascii: "\r"))
    head.append(UInt8(ascii: "\n"))
  }

  /// Adds a field line at the end.
  mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    name.withUnsafeBufferPointer { name in value.withUnsafeBufferPointer { append(name, $0) } }
  }

  /// Adds a field line as it was received, without its end.
  /// - Parameters:
  ///   - name: how many of its bytes are the name.
  ///   - value: where in it the value stands.
  public mutating func append(_ line: Span<UInt8>, name: Int, value: Range<Int>) {
    // As nearly all are written: with one space, and none at the end.
    let isPlain =
      value.lowerBound == name + Self.gap && value.upperBound == line.count && line[name + 1] == 0x20
    guard isPlain else { return append(line.extracting(..<name), line.extracting(value)) }
    places.append(Place(start: head.count, nameCount: name))
    line.withUnsafeBufferPointer { head.append(contentsOf: $0) }
    head.append(UInt8(ascii: "\r"))
    head.append(UInt8(ascii: "\n"))
  }

  /// The field lines one after the other, `name: value` and a line end each.
  public var lines: [UInt8] { head }

  /// Whether each name is a token, and no value ends its line, so that others read the same in `lines`.
  public var areWellFormed: Bool {
    let bytes = head.span
    return places.indices.allSatisfy { index in
      let start = Int(places[index].start)
      let nameEnd = start + Int(places[index].nameCount)
      let end = index + 1 < places.count ? Int(places[index + 1].start) : head.count
      return HTTPText.isToken(bytes.extracting(start..<nameEnd))
        && HTTPText.isFieldValue(bytes.extracting(nameEnd + Self.gap..<end - Self.gap))
    }
  }

  /// The bytes that the fields hold in memory.
  public var byteCount: Int { head.count + places.count * MemoryLayout<Place>.stride }

  /// Returns the first value of the fields called `name`, whatever its case.
  public func first(_ name: String) -> ByteString? {
    index(of: name).map(value)
  }

  /// Returns whether a field is called `name`, whatever its case.
  public func contains(_ name: String) -> Bool { index(of: name) != nil }

  /// Returns whether a field called `name`, whatever its case, has a value that passes `test`.
  public func contains(_ name: String, where test: (ByteString) -> Bool) -> Bool {
    places.indices.contains { isCalled(name, places[$0]) && test(value(at: $0)) }
  }

  /// All values of the fields called `name`, in the order they were sent.
  public func all(_ name: String) -> [ByteString] {
    indices.filter { isCalled(name, places[$0]) }.map(value)
  }

  /// The first value of the fields called `name`, and how many there are; nil if there is none.
  func lookUp(_ name: String) -> (first: ByteString, count: Int)? {
    guard let first = index(of: name) else { return nil }
    var count = 1
    for index in first + 1..<places.count where isCalled(name, places[index]) { count += 1 }
    return (value(at: first), count)
  }

  /// Calls `visit` with the name of each field, where it stands in memory.
  func forEachName(_ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
    head.withUnsafeBufferPointer { head in
      for place in places {
        let start = Int(place.start)
        visit(UnsafeBufferPointer(rebasing: head[start..<start + Int(place.nameCount)]))
      }
    }
  }

  private func index(of name: String) -> Int? {
    for index in places.indices where isCalled(name, places[index]) { return index }
    return nil
  }

  private func isCalled(_ name: String, _ place: Place) -> Bool {
    place.nameCount == name.utf8.count && self.name(place).equalsIgnoringASCIICase(name)
  }

  private func name(_ place: Place) -> ByteString {
    ByteString(head, in: Int(place.start)..<Int(place.start + place.nameCount))
  }

  private func value(at index: Int) -> ByteString {
    let start = Int(places[index].start + places[index].nameCount) + Self.gap
    let end = index + 1 < places.count ? Int(places[index + 1].start) : head.count
    return ByteString(head, in: start..<end - Self.gap)
  }
}

extension Headers: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { places.count }

  /// The field at a place in the order of sending.
  public subscript(position: Int) -> Field {
    Field(name(places[position]), value(at: position))
  }
}

extension Headers: ExpressibleByArrayLiteral {
  public init(arrayLiteral fields: Field...) { self.init(fields) }
}

/// One HTTP request as it stood on the wire: what a signature is checked against.
public struct Request: Sendable, Equatable {
  /// The versions of HTTP that are received.
  public enum Version: String, Sendable, CaseIterable {
    case http10 = "1.0"
    case http11 = "1.1"
  }

  public var method: String
  public var target: ByteString
  public var version: Version
  public var headers: Headers
  /// The body with transfer coding taken off and nothing else changed.
  public var body: [UInt8]
  /// The sender's address and port, as `127.0.0.1:51234`.
  public var peer: String

  public init(
    method: String = "POST", target: ByteString = "/", version: Version = .http11,
    headers: Headers, body: [UInt8], peer: String = ""
  ) {
    self.method = method
    self.target = target
    self.version = version
    self.headers = headers
    self.body = body
    self.peer = peer
  }

  /// The bytes that the request holds in memory: body, header fields and target.
  public var byteCount: Int {
    body.count + target.count + headers.byteCount
  }
}
