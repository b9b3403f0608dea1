internal import Diagnosis
internal import JSON
internal import Webhooks

/// A failed request, as far as the result of its search is remembered for others that are the same.
struct SearchedRequest: Hashable {
  private let head: [UInt8]
  private let body: [UInt8]
  private let target: ByteString

  /// nil if the result is not remembered: the delivery is valid, its body is large, or its signing time is guessed from
  /// its arrival.
  init?(_ delivery: Delivery) {
    let usesTime = delivery.envelope.provider?.scheme.text.usesTime ?? true
    guard delivery.verdict.status != .valid, PastSearches.remembers(bodyOf: delivery.bodySize),
      delivery.verdict.timestamp != nil || !usesTime
    else { return nil }
    (head, body, target) = (delivery.headers.lines, delivery.request.body, delivery.target)
  }
}
