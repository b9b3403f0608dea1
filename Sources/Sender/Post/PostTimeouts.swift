/// How long a delivery may take, in whole seconds.
public struct PostTimeouts: Sendable, Equatable {
  /// Until the connection stands, TLS handshake included.
  public var connect: Int
  /// From the start until the answer is complete.
  public var answer: Int

  /// 30 s is the longest that a documented provider waits for an answer.
  public init(connect: Int = 5, answer: Int = 30) {
    self.connect = connect
    self.answer = answer
  }
}
