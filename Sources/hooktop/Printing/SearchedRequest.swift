internal import Diagnosis
internal import JSON
internal import Webhooks

/// A request whose failure is searched for, where what is found is remembered for others that are the same.
struct SearchedRequest: Hashable {
  private let head: [UInt8]
  private let body: [UInt8]
  private let target: ByteString

  /// nil for a delivery that is valid, that has a large body, or whose signing time is guessed around its arrival: each
  /// of these is searched for itself.
  init?(_ delivery: Delivery) {
    let usesTime = delivery.envelope.provider?.scheme.text.usesTime ?? true
    guard delivery.verdict.status != .valid, delivery.bodySize <= DiagnosisBudget.automaticBodyLimit,
      delivery.verdict.timestamp != nil || !usesTime
    else { return nil }
    (head, body, target) = (delivery.headers.lines, delivery.request.body, delivery.target)
  }
}
