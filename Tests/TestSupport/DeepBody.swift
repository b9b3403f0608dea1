public import Testing

/// A body of JSON that is nested deep.
public struct DeepBody: Sendable, CustomTestStringConvertible {
  public let name: String
  public let bytes: [UInt8]
  public var testDescription: String { name }

  /// - Parameter close: empty for a body whose brackets stay open.
  public init(_ name: String, _ open: String, _ close: String, levels: Int) {
    self.name = "\(name), \(levels) deep"
    let text = String(repeating: open, count: levels) + (close.isEmpty ? "" : "0")
    bytes = Array((text + String(repeating: close, count: levels)).utf8)
  }

  /// Whoever recursed into one of these on a small stack would not come back.
  public static let all = [
    DeepBody("arrays", "[", "]", levels: 100_000), DeepBody("arrays left open", "[", "", levels: 100_000),
    DeepBody("objects", #"{"a":"#, "}", levels: 100_000),
    DeepBody("objects left open", #"{"a":"#, "", levels: 100_000),
    DeepBody("objects with an id", #"{"id":"x","data":"#, "}", levels: 100_000),
    DeepBody("both in turn", #"[{"data":"#, "}]", levels: 50_000),
  ]
}
