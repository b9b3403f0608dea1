/// What the receiver told the sender.
public struct Answer: Sendable, Hashable {
  // Every kept delivery holds one.
  private let code: UInt16
  /// From the last byte of the body to the verdict or the app's response that the answer goes by, in milliseconds;
  /// recording and sending come after it.
  public var milliseconds: Double
  /// The rule that made it, or `challenge`; nil if the verdict or an app did.
  public var rule: RuleName?

  /// Returns whether the sender counts it as delivered: any 2xx that comes while it still waits.
  public func isAccepted(by provider: Provider?) -> Bool {
    code.isAcceptedStatus && milliseconds < provider.map { Double($0.answerDue) * 1000 } ?? .infinity
  }

  /// - Parameter status: the HTTP status; nil if the sender gets no answer.
  public init(status: Int?, milliseconds: Double, rule: RuleName? = nil) {
    code = status.flatMap(UInt16.init(exactly:)) ?? 0
    self.milliseconds = milliseconds
    self.rule = rule
  }

  /// The HTTP status; nil if the sender got no answer.
  public var status: Int? { code == 0 ? nil : Int(code) }
}

/// What the receiver tells a sender whose delivery it has stored.
public enum AnswerPolicy: String, Sendable, CaseIterable {
  /// 200 where the verdict is valid or unchecked, else 401, so that the sender sees what its receiver would say.
  case verified
  /// 200 to every delivery.
  case always
  /// What the app says that a delivery is forwarded to; to any other delivery as `verified` does.
  case forward

  /// Returns the HTTP status for a delivery with `verdict` that no app answers.
  public func status(for verdict: Verdict) -> Int {
    switch self {
    case .verified, .forward: verdict.status.isFailure ? 401 : 200
    case .always: 200
    }
  }
}

extension BinaryInteger {
  /// Whether an HTTP status of this number says that the request was accepted: any 2xx.
  public var isAcceptedStatus: Bool { (200..<300).contains(self) }
}
