internal import Webhooks

/// All that the rules judge by: the delivery, what can be seen of it, and what the search has found.
struct Evidence: Sendable {
  let subject: DiagnosisSubject
  let facts: DiagnosisFacts
  let keyring: Keyring
  let neighbours: Neighbours
  let samples: [SampleVerifier: SampleResult]
  let proof: ProofMatch?
  /// Whether times were tried that stand nowhere.
  let hasGuessedTimes: Bool
  /// How many candidates were tried; 0 where there was nothing to search for.
  let tried: Int
  /// What ended the search early.
  let limit: Diagnosis.Limit?

  var verdict: Verdict { subject.verdict }

  /// The scheme that the delivery should be signed with; nil if its sender is unknown.
  var scheme: SignatureScheme? { subject.provider?.scheme ?? proof?.reading.scheme }

  /// Whether it is known what was signed, as it came or otherwise.
  var isProven: Bool { proof != nil || verdict.macMatches == true }

  /// Whether a guess at what happened to the body or the secret is called for.
  var isUnexplained: Bool { !isProven && verdict.status != .valid && !facts.header.lines.isEmpty }

  /// Whether something may have happened to the body that explains the failure: nothing does for a token.
  var isBodySuspect: Bool { isUnexplained && scheme?.kind != .token }

  /// Which key and bytes were signed, in one clause; nil without a proof, and for a token, which signs nothing.
  var signedBytes: String? {
    proof.flatMap { match in
      guard match.kind != .token else { return nil }
      let difference = ByteDifference(received: subject.request.body, original: match.body.bytes)
      let sizes = "Signed with \(match.key.label): \(match.body.bytes.count) bytes"
      return sizes + (difference.map { ", received: \($0.receivedSize). \($0.sentence)" } ?? "")
    }
  }

  /// How the body differs from the body of an earlier delivery that was signed; nil if that body is not what was proven.
  var differenceFromSigned: JSONDifference? {
    guard let proof, proof.body.changes.contains(where: \.isEarlierDelivery) else { return nil }
    let difference = JSONDifference(from: proof.body.bytes, to: subject.request.body)
    // A retry repeats the signature of the first attempt. A body with a new signature was changed on the way.
    if case .raised = difference, neighbours.sameSignature == nil { return .other }
    return difference
  }

  /// The serialiser whose habits the body shows, if the body may have been re-serialised.
  var habits: [Claim] {
    let isReordered = proof?.body.changes.contains(where: \.isReordered) ?? false
    guard isBodySuspect || isReordered, verdict.status == .mismatch,
      let habits = JSONHabits(subject.request.body),
      !neighbours.sameEvent.contains(where: { JSONHabits($0.request.body) == habits })
    else { return [] }
    let words = habits.orderWords ?? (isReordered ? nil : habits.writingWords)
    // Where the order of the keys tells nothing, a wrong secret is as likely, and says what was tried.
    let unproven = isProven || habits.order == nil ? nil : Claim.unproven(tried: tried, limit: limit)
    return words.map { [.habit($0, unproven: unproven)] } ?? []
  }

  /// Whether neither header nor body shows that something happened to it.
  var looksIntact: Bool {
    let body = facts.body
    return body.jsonFault == nil && body.isUTF8 && body.replacementOffset == nil
      && JSONHabits(subject.request.body)?.order == nil
  }

  func bodyChange<Found>(_ find: (BodyChange) -> Found?) -> Found? {
    proof?.body.stepsOnTheWay.map(\.change).lazy.compactMap(find).first
  }
}

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

  /// The neighbours of `subject` among the last thousand of `deliveries`; once `isOver` says so, none of those left.
  init(of subject: DiagnosisSubject, in deliveries: [Delivery], isOver: () -> Bool = { false }) {
    guard !deliveries.isEmpty else {
      (verified, sameSignature, sameID, sameEvent) = ([], nil, [], [])
      return
    }
    let others = deliveries.suffix(1000).filter {
      !isOver() && $0.envelope.provider == subject.provider && $0.sequence != subject.sequence
    }
    let good = others.filter { $0.verdict.macMatches == true }
    let earlier = good.filter { $0.receivedAt <= subject.receivedAt }
    verified = Array(
      good.filter { $0.verdict.ageSeconds != nil }.sorted {
        Self.distance($0, subject) < Self.distance($1, subject)
      }.prefix(20))
    let line = subject.signatureLines.first
    sameSignature = others.first { other in
      guard !isOver(), let line, other.receivedAt <= subject.receivedAt else { return false }
      return subject.provider.flatMap { $0.scheme.lines(in: other.request.headers).first } == line
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
