internal import Webhooks

/// What other deliveries tell about one: those of the same provider that came before it, or close to it.
struct Neighbours: Sendable {
  /// Verified ones with a time, the nearest first.
  let verified: [Delivery]
  /// The first one whose signature header is the same text.
  let sameSignature: Delivery?
  /// Those with the same event or delivery id, earlier and with a good signature.
  let sameID: [Delivery]
  /// Valid ones with the same event, whose order of keys can be learnt.
  let sameEvent: [Delivery]

  /// The neighbours of `subject` among `deliveries`, of which only the last thousand are looked at.
  init(of subject: DiagnosisSubject, in deliveries: [Delivery]) {
    let others = deliveries.suffix(1000).filter {
      $0.envelope.provider == subject.provider && $0.sequence != subject.sequence
    }
    let good = others.filter { $0.verdict.macMatches == true }
    let earlier = good.filter { $0.receivedAt <= subject.receivedAt }
    verified = Array(
      good.filter { $0.verdict.ageSeconds != nil }.sorted {
        Self.distance($0, subject) < Self.distance($1, subject)
      }.prefix(20))
    let line = subject.provider.flatMap { subject.request.headers.first($0.signatureHeader) }
    sameSignature = others.first { other in
      guard let line, other.receivedAt <= subject.receivedAt else { return false }
      return subject.provider.flatMap { other.request.headers.first($0.signatureHeader) } == line
    }
    sameID = Array(earlier.filter { Self.shareID($0.envelope, subject.envelope) }.suffix(4))
    sameEvent = Array(
      good.filter {
        $0.envelope.event == subject.envelope.event && $0.request.body.count <= 1 << 20
      }.suffix(1))
  }

  private static func distance(_ delivery: Delivery, _ subject: DiagnosisSubject) -> UInt64 {
    let (difference, overflow) = delivery.receivedAt.microseconds.subtractingReportingOverflow(
      subject.receivedAt.microseconds)
    return overflow ? .max : difference.magnitude
  }

  private static func shareID(_ one: Envelope, _ other: Envelope) -> Bool {
    (other.eventID != nil && one.eventID == other.eventID)
      || (other.deliveryID != nil && one.deliveryID == other.deliveryID)
  }
}
