internal import JSON

/// The header fields of a request, as they came: order, case and repetitions kept.
public struct Headers: Sendable, Equatable {
  /// One field line: the name and the value, both as sent.
  public struct Field: Sendable, Equatable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public var fields: [Field]

  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The first value of the fields called `name`, whatever its case.
  public func first(_ name: String) -> String? {
    for field in fields where field.name.equalsIgnoringASCIICase(name) { return field.value }
    return nil
  }

  /// All values of the fields called `name`, in the order they were sent.
  public func all(_ name: String) -> [String] {
    fields.filter { $0.name.equalsIgnoringASCIICase(name) }.map(\.value)
  }

  /// How many fields are called `name`.
  func count(of name: String) -> Int {
    fields.reduce(0) { $0 + ($1.name.equalsIgnoringASCIICase(name) ? 1 : 0) }
  }
}
