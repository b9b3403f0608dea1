internal import Webhooks

/// Looks for a key, a body and a form of the signed text that reproduce a received MAC.
///
/// First what differs from the sender's scheme in one respect, then in two; the first proof ends it, since what
/// reproduces an HMAC is what was signed.
struct ProofSearch {
  private let readings: [HeaderReading]
  private let keys: [KeyCandidate]
  private let received: BodyCandidate
  private let bodies: BodyCandidates
  /// The forms beside its own that are tried for each reading.
  private let others: [[SignedForm]]
  private(set) var tally: SearchTally
  private(set) var proof: ProofMatch?

  /// - Parameter readings: of the subject's headers; none where there is nothing to search for.
  init(
    of subject: DiagnosisSubject, readings: [HeaderReading], keyring: Keyring, bodies: BodyCandidates,
    tally: SearchTally
  ) {
    let digests = readings.map { $0.scheme.digest.andOthers(ofSizes: Set($0.targets.map(\.digestSize))) }
    let all = SignedForm.Digest.allCases.filter { digest in digests.contains { $0.contains(digest) } }
    keys = readings.isEmpty ? [] : KeyCandidate.all(of: keyring, provider: subject.provider, digests: all)
    others = zip(readings, digests).map { reading, digests in
      SignedForm.others(
        than: SignedForm(of: reading.scheme), schemes: subject.providers.all.map(\.scheme), digests: digests)
    }
    self.readings = readings
    self.bodies = bodies
    received = BodyCandidate(bytes: subject.request.body, changes: [])
    self.tally = tally
  }

  /// Which forms of the signed text are tried.
  private enum Forms {
    /// What the sender's scheme says.
    case own
    case others
    /// The own one, with what is signed as the key, and the key as what is signed.
    case exchanged
  }

  /// Which of a header's times are tried.
  private enum Times {
    case likely, sent, guessed, shifted

    func of(_ reading: HeaderReading) -> ArraySlice<SignedTime> {
      switch self {
      case .likely: reading.times.prefix(reading.likelyTimes)
      case .sent: reading.times[...]
      case .guessed: reading.guesses[...]
      case .shifted: reading.shifted[...]
      }
    }
  }

  /// Searches until there is a proof, the budget is used up, or nothing is left to try.
  mutating func run() {
    guard !readings.isEmpty, !keys.isEmpty else { return }
    var seen = Set(keys.map(\.identity))
    let own = keys.filter(\.isOwn)
    let others = keys.filter { !$0.isOwn }
    if tries(own, received, .own, at: .sent) || tries(others, received, .own) { return }
    let damaged = keys.flatMap { $0.damaged(unless: &seen) }
    if tries(damaged, received, .own) || tries(own, received, .others) { return }
    // The whole text is copied for a key.
    if received.bytes.count <= bodies.largest, tries(own, received, .exchanged) { return }
    if tries(own, received, .own, at: .shifted) || tries(own, received, .own, at: .guessed)
      || triesBodies(own, .own)
    {
      return
    }
    if tries(others + damaged, received, .others) { return }
    if triesTwiceDamaged(damaged, seen) { return }
    _ = visitBodies { search, body in
      search.tries(own, body, .others) || search.tries(others + damaged, body, .own)
    }
  }

  private mutating func triesBodies(_ keys: [KeyCandidate], _ forms: Forms) -> Bool {
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
      if tries(key.damaged(unless: &seen), received, .own) { return true }
    }
    return false
  }

  /// Tries each key with each form; gives whether the search is over.
  private mutating func tries(
    _ keys: [KeyCandidate], _ body: BodyCandidate, _ forms: Forms, at times: Times = .likely
  ) -> Bool {
    for key in keys {
      for (reading, others) in zip(readings, others) {
        for form in forms == .others ? others : [SignedForm(of: reading.scheme)] {
          let isExchanged = forms == .exchanged
          if tries(key, body, form, reading, at: times, isExchanged: isExchanged) { return true }
        }
      }
    }
    return false
  }

  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ form: SignedForm, _ reading: HeaderReading,
    at times: Times, isExchanged: Bool
  ) -> Bool {
    guard form.text.usesTime else { return tries(key, body, form, reading, time: nil, isExchanged) }
    for time in times.of(reading) {
      if tries(key, body, form, reading, time: time, isExchanged) { return true }
    }
    return false
  }

  /// Makes one MAC and compares it with all that the header holds.
  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ form: SignedForm, _ reading: HeaderReading,
    time: SignedTime?, _ isExchanged: Bool
  ) -> Bool {
    guard tally.admit() else { return true }
    let text = form.text.filled(time: time?.text ?? [], id: reading.id, body: body.bytes)
    let mac =
      isExchanged
      ? MACKey(Array(text.parts.joined()), digest: form.digest)?.digest([key.identity])
      : key.key(digest: form.digest)?.digest(text.parts)
    guard let mac, let target = reading.targets.first(where: { $0.matches(mac) }) else { return false }
    proof = ProofMatch(
      key: key, body: body, form: form, reading: reading, time: time, target: target, text: text,
      isExchanged: isExchanged)
    return true
  }
}

/// A candidate that reproduced a received MAC: which key, which body, which form and which reading it was.
struct ProofMatch: Sendable {
  let key: KeyCandidate
  let body: BodyCandidate
  let form: SignedForm
  let reading: HeaderReading
  /// nil for a form without a time.
  let time: SignedTime?
  let target: SignatureTarget
  let text: SignedText
  /// Whether key and signed text have each other's role.
  let isExchanged: Bool

  var source: HeaderReading.Source { reading.source }

  /// Whether it is signed as the sender's scheme has it, but for the spelling of the header.
  var isOwnForm: Bool { form == SignedForm(of: reading.scheme) }
}
