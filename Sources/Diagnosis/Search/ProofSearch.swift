internal import Webhooks

/// Looks for a key, a body and a form of the signed text that reproduce a received MAC.
///
/// First what differs from the sender's scheme in one respect, then in two; the first proof ends it, since what
/// reproduces an HMAC is what was signed.
struct ProofSearch {
  private let keys: [KeyCandidate]
  private let damagedKeys: DamagedKeys
  private let received: BodyCandidate
  private let bodies: BodyCandidates
  private var ways: SigningWays
  private let isThorough: Bool
  private(set) var tally: SearchTally
  private(set) var proof: ProofMatch?

  /// - Parameters:
  ///   - readings: of the subject's headers; none if there is nothing to search for.
  ///   - isThorough: whether all orders of keys are tried, and other searches that take seconds.
  init(
    of subject: DiagnosisSubject, readings: [HeaderReading], keyring: Keyring, bodies: BodyCandidates,
    tally: SearchTally, isThorough: Bool, past: PastSearches? = nil
  ) {
    ways = SigningWays(readings, schemes: subject.providers.all.map(\.scheme))
    let digests = ways.allDigests
    // Not shared between searches: processors that count references to one object wait for each other.
    let keys =
      readings.isEmpty
      ? []
      : KeyCandidate.all(
        of: keyring, provider: subject.provider, endpoint: subject.endpoint, at: subject.receivedAt,
        digests: digests)
    self.keys = keys
    let shared = keys.isEmpty ? nil : past
    damagedKeys =
      shared?.damagedKeys(DamagedKeys.Question(subject, keyring, digests), of: keys) ?? DamagedKeys(of: keys)
    self.isThorough = isThorough
    self.bodies = bodies
    received = bodies.received
    self.tally = tally
  }

  /// Searches, unless the same was searched before.
  mutating func run(asking past: PastSearches, _ question: PastSearches.Question) {
    let answer = past.answer(to: question) {
      run()
      return PastSearches.Answer(proof: proof, tried: tally.count, limit: tally.limit)
    }
    proof = answer.proof
    tally.take(count: answer.tried, limit: answer.limit)
  }

  /// Searches until there is a proof, the budget is used up, or nothing is left to try.
  mutating func run() {
    guard !keys.isEmpty else { return }
    let own = keys.filter(\.isOwn)
    let others = keys.filter { !$0.isOwn }
    if tries(own, received, .own, at: .sent) || tries(others, received, .own) { return }
    let damaged = damagedKeys.once
    if triesURLs(own, others + damaged) || tries(damaged, received, .own) { return }
    // A check takes so long that this would never be reached behind all bodies.
    if ways.readings.first?.scheme.kind.isOneWay == true,
      triesAway(own, [.charactersSwapped], { $0.tries([$1], $0.received, .own) })
    {
      return
    }
    // A token is compared with secrets, and nothing else is made of it.
    guard ways.readings.contains(where: { $0.scheme.kind != .token }) else {
      _ = triesOneCharacter(own) || triesTwiceDamaged()
      return
    }
    if tries(own, received, .others) || triesRare(own, received) { return }
    if triesTimes(own, received, [.elsewhere, .shifted, .guessed]) { return }
    if visit(.all, with: { $0.tries(own, $1, .own) }) { return }
    if triesPaired(own, others + damaged) || triesOneCharacter(own) || triesTwiceDamaged() { return }
    if tries(own, received, .own, at: .milliseconds) { return }
    // A thousand times for each body.
    if visit(.newlines, with: { $0.tries(own, $1, .own, at: .milliseconds) }) { return }
    guard isThorough, !visit(.fewest, with: { $0.tries(own, $1, .own, at: .guessed) }) else { return }
    triesOrders(own)
  }

  /// What else may be wrong beside the body.
  private mutating func triesPaired(_ own: [KeyCandidate], _ others: [KeyCandidate]) -> Bool {
    if tries(others, received, .others) { return true }
    let isFound = visit(.basic) { search, body in
      search.tries(own, body, .others) || search.tries(others, body, .own)
        || search.triesTimes(own, body, [.unlikely, .elsewhere, .shifted]) || search.triesRare(own, body)
    }
    if isFound { return true }
    let strangers = others.filter { !$0.isDamaged }
    let isThorough = isThorough
    return visit(.singles) { search, body in
      (isThorough && search.tries(own, body, .others)) || search.tries(strangers, body, .own)
    }
  }

  /// The other URLs, alone and beside what else is often wrong.
  private mutating func triesURLs(_ own: [KeyCandidate], _ others: [KeyCandidate]) -> Bool {
    guard ways.readings.contains(where: { !$0.otherURLs.isEmpty }) else { return false }
    return tries(own, received, .own, urls: .others) || tries(others, received, .own, urls: .others)
      || visit(.basic) { $0.tries(own, $1, .own, urls: .others) }
  }

  private mutating func triesTimes(
    _ keys: [KeyCandidate], _ body: BodyCandidate, _ times: [SigningWays.Times]
  ) -> Bool {
    times.contains { tries(keys, body, .own, at: $0) }
  }

  /// The whole text is copied for some of these.
  private mutating func triesRare(_ keys: [KeyCandidate], _ body: BodyCandidate) -> Bool {
    body.bytes.count <= bodies.largest && tries(keys, body, .rare)
  }

  private mutating func triesOneCharacter(_ keys: [KeyCandidate]) -> Bool {
    let isFound = damagedKeys.visitOneCharacterAway { tries([$0], received, .own) }
    guard !isFound, isThorough else { return isFound }
    return triesAway(keys, [.characterMistyped]) { $0.tries([$1], $0.received, .own) }
      || triesAway(keys, [.characterMissing, .characterAdded]) { search, key in
        search.visit(.fewest) { $0.tries([key], $1, .own) }
      }
  }

  /// Makes an attempt with each key that is one such character away.
  private mutating func triesAway(
    _ keys: [KeyCandidate], _ changes: [SecretChange],
    _ attempt: (inout ProofSearch, KeyCandidate) -> Bool
  ) -> Bool {
    keys.contains { key in key.visitOneCharacterAway(changes) { attempt(&self, $0) } }
  }

  private mutating func triesOrders(_ keys: [KeyCandidate]) {
    guard let way = ways.of(SigningWays.Choice()).first, way.kind == .hmac,
      received.bytes.count <= bodies.largest, let orders = KeyOrders(bodies)
    else { return }
    for key in keys {
      guard let mac = key.key(digest: way.form.digest) else { continue }
      let search = KeyOrderSearch(orders, key: mac, frame: way.text([]))
      let found = search.run(admit: { tally.admit() }) { code in
        way.targets.contains { $0.matches(code) }
      }
      guard let found, let body = bodies.ordered(found.body, found.style) else { continue }
      if tries([key], body, .own) { return }
    }
  }

  /// Which bodies are tried.
  private enum Bodies {
    case all, singles, basic, fewest, newlines
  }

  private mutating func visit(
    _ scope: Bodies, with attempt: (inout ProofSearch, BodyCandidate) -> Bool
  ) -> Bool {
    let bodies = bodies
    // Several changes may lead to the same bytes, which can prove nothing a second time.
    var tried = TriedBodies()
    func tries(_ made: BodyAttempt) -> Bool {
      switch made {
      case .made(let body): return tried.insert(body.bytes) && attempt(&self, body)
      case .tooLarge:
        tally.noteTooLarge()
        return false
      }
    }
    return switch scope {
    case .all: bodies.visit(tries)
    case .singles: bodies.visitSingles(tries)
    case .basic: bodies.visitBasic(tries)
    case .fewest: bodies.visitFewest(tries)
    case .newlines: bodies.visitEdges([.newlineAdded, .newlineDropped], of: received, tries)
    }
  }

  private mutating func triesTwiceDamaged() -> Bool {
    damagedKeys.visitTwice { tries([$0], received, .own) }
  }

  /// Tries each key in each way; gives whether the search is over.
  private mutating func tries(
    _ keys: [KeyCandidate], _ body: BodyCandidate, _ forms: SigningWays.Forms,
    at times: SigningWays.Times = .likely, urls: SigningWays.URLs = .taken
  ) -> Bool {
    let ways = ways.of(SigningWays.Choice(forms: forms, times: times, urls: urls))
    return keys.contains { key in
      ways.contains { way in
        // No body is signed beside a token.
        key.fits(way.kind) && (way.kind != .token || body.isReceived) && tries(key, body, way)
      }
    }
  }

  /// Makes one code and compares it with all that the header holds.
  private mutating func tries(_ key: KeyCandidate, _ body: BodyCandidate, _ way: SigningWay) -> Bool {
    guard tally.admit() else { return true }
    guard let target = way.target(of: body.bytes, by: key) else { return false }
    proof = ProofMatch(key: key, body: body, way: way, target: target, text: way.text(body.bytes))
    return true
  }
}
