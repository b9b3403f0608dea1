/// What one pass over a body found: a value for each path asked for, and whether the body is JSON at all.
public struct JSONFields: Sendable, Equatable {
  /// One element for each path, in the order of the query; `nil` where the body has no such field, and
  /// everywhere when the body is not JSON.
  public internal(set) var values: [JSONFieldValue?]
  /// Why the body is not JSON, or `nil` when it is.
  public internal(set) var fault: JSONFault?

  /// Whether the whole body is well-formed JSON.
  public var isJSON: Bool { fault == nil }

  public subscript(index: Int) -> JSONFieldValue? { values[index] }
}
