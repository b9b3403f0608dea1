/// What the receiver tells a sender whose delivery it has stored.
public enum AnswerPolicy: String, Sendable, CaseIterable {
  /// 200 where the verdict is valid or unchecked, else 401, so that the sender sees what its receiver would say.
  case verified
  /// 200 to every delivery.
  case always

  /// The HTTP status for a delivery with `verdict`.
  public func status(for verdict: Verdict) -> Int {
    switch self {
    case .verified: verdict.status.isFailure ? 401 : 200
    case .always: 200
    }
  }
}
