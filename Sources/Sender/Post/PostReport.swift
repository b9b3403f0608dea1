/// How one of several deliveries fared.
public struct PostReport: Sendable {
  /// The place in the order of sending, from 1.
  public let number: Int
  /// The delivery's label.
  public let label: String
  public let result: Result<PostAnswer, PostError>

  public init(number: Int, label: String, result: Result<PostAnswer, PostError>) {
    self.number = number
    self.label = label
    self.result = result
  }
}
