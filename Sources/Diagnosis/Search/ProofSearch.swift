internal import Webhooks

/// Looks for a key, a body and a form of the signed text that reproduce a received MAC.
///
/// First what differs from the documented in one respect, then in two; the first proof ends it, since what
/// reproduces an HMAC is what was signed.
struct ProofSearch {
  private let readings: [HeaderReading]
  private let keys: [KeyCandidate]
  private let received: BodyCandidate
  private let bodies: BodyCandidates
  private let forms: [SignedForm]
  private let id: [UInt8]
  private(set) var tally: SearchTally
  private(set) var proof: ProofMatch?

  /// - Parameter id: the delivery's id, for forms that sign it.
  init(
    readings: [HeaderReading], keyring: Keyring, provider: Provider?, body: [UInt8], bodies: BodyCandidates,
    id: String, tally: SearchTally
  ) {
    let digests = SignedForm.Digest.all(sizes: Set(readings.lazy.flatMap(\.targets).map(\.digestSize)))
    keys = readings.isEmpty ? [] : KeyCandidate.all(of: keyring, provider: provider, digests: digests)
    self.readings = readings
    self.bodies = bodies
    self.id = Array(id.utf8)
    received = BodyCandidate(bytes: body, changes: [])
    forms = SignedForm.others(than: .documented, digests: digests)
    self.tally = tally
  }

  /// Which of a header's times are tried.
  private enum Times {
    case likely, sent, guessed

    func of(_ reading: HeaderReading) -> ArraySlice<SignedTime> {
      switch self {
      case .likely: reading.times.prefix(reading.likelyTimes)
      case .sent: reading.times[...]
      case .guessed: reading.guesses[...]
      }
    }
  }

  /// Searches until there is a proof, the budget is used up, or nothing is left to try.
  mutating func run() {
    guard !readings.isEmpty, !keys.isEmpty else { return }
    var seen = Set(keys.map(\.identity))
    let own = keys.filter(\.isOwn)
    let others = keys.filter { !$0.isOwn }
    if tries(own, received, [.documented], at: .sent) || tries(others, received, [.documented]) {
      return
    }
    let damaged = keys.flatMap { $0.damaged(unless: &seen) }
    if tries(damaged, received, [.documented]) || tries(own, received, forms) { return }
    if tries(own, received, [.documented], at: .guessed) || triesBodies(own, [.documented]) { return }
    if tries(others + damaged, received, forms) { return }
    if triesTwiceDamaged(damaged, seen) { return }
    _ = visitBodies { search, body in
      search.tries(own, body, search.forms) || search.tries(others + damaged, body, [.documented])
    }
  }

  private mutating func triesBodies(_ keys: [KeyCandidate], _ forms: [SignedForm]) -> Bool {
    visitBodies { search, body in search.tries(keys, body, forms) }
  }

  private mutating func visitBodies(_ visit: (inout ProofSearch, BodyCandidate) -> Bool) -> Bool {
    let bodies = bodies
    return bodies.visit { attempt in
      switch attempt {
      case .made(let body): return visit(&self, body)
      case .tooLarge:
        tally.noteTooLarge()
        return false
      }
    }
  }

  private mutating func triesTwiceDamaged(_ damaged: [KeyCandidate], _ seen: Set<[UInt8]>) -> Bool {
    var seen = seen
    for key in damaged {
      if tries(key.damaged(unless: &seen), received, [.documented]) { return true }
    }
    return false
  }

  /// Tries each key with each form; gives whether the search is over.
  private mutating func tries(
    _ keys: [KeyCandidate], _ body: BodyCandidate, _ forms: [SignedForm], at times: Times = .likely
  ) -> Bool {
    for key in keys {
      for form in forms {
        for reading in readings where tries(key, body, form, reading, at: times) { return true }
      }
    }
    return false
  }

  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ form: SignedForm, _ reading: HeaderReading, at times: Times
  ) -> Bool {
    guard form.layout.usesTime else { return tries(key, body, form, reading, time: nil) }
    for time in times.of(reading) {
      if tries(key, body, form, reading, time: time) { return true }
    }
    return false
  }

  /// Makes one MAC and compares it with all that the header holds.
  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ form: SignedForm, _ reading: HeaderReading,
    time: SignedTime?
  ) -> Bool {
    guard tally.admit() else { return true }
    let text = form.text(time: time?.text ?? [], id: id, body: body.bytes)
    guard let mac = key.key(digest: form.digest)?.digest(text.parts),
      let target = reading.targets.first(where: { $0.matches(mac) })
    else { return false }
    proof = ProofMatch(
      key: key, body: body, form: form, source: reading.source, time: time, target: target, text: text)
    return true
  }
}

/// A candidate that reproduced a received MAC: which key, which body, which form and which reading it was.
struct ProofMatch: Sendable {
  let key: KeyCandidate
  let body: BodyCandidate
  let form: SignedForm
  let source: HeaderReading.Source
  /// nil for a form without a time.
  let time: SignedTime?
  let target: SignatureTarget
  let text: SignedText
}
