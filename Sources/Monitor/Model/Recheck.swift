internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// What the signatures of kept deliveries come to with the secrets of now, where that is not what they came to when they
/// arrived.
public struct Recheck: Sendable {
  /// The change of secrets that it was made after.
  let generation: Int
  /// The last delivery that was checked.
  private(set) var last: UInt64 = 0
  /// How many deliveries verify now that did not, and the other way round.
  private(set) var (gained, lost) = (0, 0)
  private var changed: Deque<(sequence: UInt64, verdict: Verdict)> = []
  /// The numbers of those that a secret has signed which was not known when they arrived, ascending.
  private(set) var joined: Deque<UInt64> = []
  /// The recorded labels that a secret of now still verifies a delivery of.
  private var confirmed: Set<ByteString> = []

  /// Verifies all that is kept, or some of it where nobody waits for it any more.
  init(
    of kept: any Kindred, keyring: Keyring, tolerance: Double, generation: Int, isCancelled: () -> Bool
  ) {
    self.generation = generation
    kept.walk { delivery in
      add(delivery, Verifier(keyring: keyring, tolerance: delivery.verdict.tolerance ?? tolerance))
      return !isCancelled()
    }
  }

  private mutating func add(_ delivery: Delivery, _ verifier: Verifier) {
    // What its file does not hold any more can't be checked.
    guard delivery.isReadable else { return }
    let before = delivery.verdict
    let now = verifier.verify(
      delivery.request, provider: delivery.envelope.provider, endpoint: delivery.endpoint,
      at: delivery.receivedAt)
    last = max(last, delivery.sequence)
    if before.status == .valid, now.status == .valid, let label = before.secret {
      confirmed.insert(label.copied)
    }
    guard now.reason != before.reason else { return }
    changed.append((delivery.sequence, now))
    if now.isVerified, !before.isVerified { joined.append(delivery.sequence) }
    if now.status == .valid { gained += 1 }
    if before.status == .valid { lost += 1 }
  }

  mutating func forget(before first: UInt64) {
    while let oldest = changed.first, oldest.sequence < first { changed.removeFirst() }
    while let oldest = joined.first, oldest < first { joined.removeFirst() }
  }

  /// Whether a secret has signed a delivery that was not known when that arrived.
  func hasJoined(_ delivery: Delivery) -> Bool {
    let place = Bisection.count(below: joined.count) { joined[$0] < delivery.sequence }
    return place < joined.count && joined[place] == delivery.sequence
  }

  /// What the signature of a delivery comes to; nil if it was not checked again.
  func standing(of delivery: Delivery) -> Standing? {
    guard delivery.sequence <= last else { return nil }
    let place = Bisection.count(below: changed.count) { changed[$0].sequence < delivery.sequence }
    guard place < changed.count, changed[place].sequence == delivery.sequence else { return .same }
    let isSure = delivery.verdict.secret.map(confirmed.contains) ?? false
    return .changed(changed[place].verdict, hasItsSecret: isSure)
  }
}

/// What a delivery's signature comes to now, beside the verdict of its arrival.
enum Standing: Sendable {
  case same
  /// `hasItsSecret`: the secret that it is said to be signed with verifies others.
  case changed(Verdict, hasItsSecret: Bool)
}

extension Model {
  /// Verifies again what is kept, in the background.
  func recheckKept() -> [Effect] {
    let (keyring, generation, tolerance, ring) = (keyring, generation, setting.tolerance, ring)
    return [
      .run(
        Job(.recheck, priority: .selected, generation: generation, bytes: 0) { clock in
          .rechecked(
            Recheck(
              of: ring, keyring: keyring, tolerance: tolerance, generation: generation
            ) { clock() == .max })
        })
    ]
  }

  mutating func take(_ recheck: Recheck) -> [Effect] {
    guard recheck.generation == generation else { return [] }
    self.recheck = recheck
    if generation > 0, recheck.gained + recheck.lost > 0 {
      let gained = recheck.gained > 0 ? ["\(Wording.grouped(recheck.gained)) more verify now"] : []
      let lost = recheck.lost > 0 ? ["\(Wording.grouped(recheck.lost)) no longer verify"] : []
      notice = Notice(
        "\(notice.map { "\($0.text). " } ?? "")Kept deliveries were checked again: "
          + (gained + lost).joined(separator: ", "), notice?.role ?? .success)
    }
    let joining = recheck.joined.isEmpty ? [] : [Effect.join(Array(recheck.joined))]
    attemptsChanged()
    guard let delivery = inspection?.delivery else { return joining }
    let report = report(on: delivery)
    inspection?.refreshSignature(report)
    return joining + diagnose([delivery], .selected)
  }

  /// The lines about a delivery's signature.
  func report(on delivery: Delivery) -> SignatureReport {
    SignatureReport(
      delivery, setting, diagnoses[delivery.sequence],
      answer: list.outcomes[delivery.sequence].answer(to: delivery),
      standing: recheck?.standing(of: delivery), attempts: attemptReport(on: delivery), today: now)
  }
}

extension Recheck? {
  /// The delivery with the verdict that a diagnosis explains: that of now where it failed only later.
  func judged(_ delivery: Delivery) -> Delivery {
    guard !delivery.verdict.status.isFailure,
      case .changed(let verdict, _)? = self?.standing(of: delivery), verdict.status.isFailure
    else { return delivery }
    return delivery.with(verdict: verdict)
  }
}
