/// What came back for a delivery that was posted.
public struct PostAnswer: Sendable, Equatable {
  /// The HTTP status.
  public let status: Int
  /// From the start of the request to the head of the answer, in milliseconds.
  public let milliseconds: Double

  public init(status: Int, milliseconds: Double) {
    self.status = status
    self.milliseconds = milliseconds
  }

  /// Whether the receiver took the delivery: any 2xx.
  public var isAccepted: Bool { (200..<300).contains(status) }
}
