/// One cause of a failure, and how much is known about it.
public struct Finding: Sendable, Equatable {
  public let cause: Cause
  public let level: Cause.Level
  /// Which key and bytes were signed, for a proof about the body.
  let proof: String?

  init(_ cause: Cause, _ level: Cause.Level, proof: String? = nil) {
    self.cause = cause
    self.level = level
    self.proof = proof
  }

  public var id: Cause.ID { cause.id }
  /// What is known, in one or two sentences.
  public var detail: String { cause.detail + (proof.map { "; \($0)" } ?? "") }
  /// What to do about it, in one line.
  public var remedy: String { cause.remedy }
}
