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
  /// What the senders of the readings sign.
  private let own: [SigningWay]
  /// The forms beside its own that are tried for each reading.
  private let others: [SigningWay]
  /// Those that few senders use, or that are mistakes.
  private lazy var rare = SigningWay.all(readings, digests) { reading, digests in
    SignedForm.rare(than: reading.scheme, digests: digests)
      .filter { !$0.text.usesID || !reading.id.isEmpty }
  }
  /// Those that the MACs of each reading may be of.
  private let digests: [[SignedForm.Digest]]
  private let isThorough: Bool
  private(set) var tally: SearchTally
  private(set) var proof: ProofMatch?

  /// - Parameters:
  ///   - readings: of the subject's headers; none if there is nothing to search for.
  ///   - isThorough: whether all orders of keys are tried, and other searches that take seconds.
  init(
    of subject: DiagnosisSubject, readings: [HeaderReading], keyring: Keyring, bodies: BodyCandidates,
    tally: SearchTally, isThorough: Bool
  ) {
    let digests = readings.map { reading in
      let digest = reading.scheme.digest
      return reading.scheme.kind == .hmac
        ? digest.andOthers(ofSizes: Set(reading.targets.map(\.digestSize))) : [digest]
    }
    let all = SignedForm.Digest.allCases.filter { digest in digests.contains { $0.contains(digest) } }
    keys =
      readings.isEmpty
      ? []
      : KeyCandidate.all(
        of: keyring, provider: subject.provider, endpoint: subject.endpoint, at: subject.receivedAt,
        digests: all)
    own = readings.map { SigningWay($0, SignedForm(of: $0.scheme)) }
    others = SigningWay.all(readings, digests) { reading, digests in
      SignedForm.others(
        than: reading.scheme, schemes: subject.providers.all.map(\.scheme), digests: digests)
    }
    self.isThorough = isThorough
    self.readings = readings
    self.digests = digests
    self.bodies = bodies
    received = bodies.received
    self.tally = tally
  }

  /// Which forms of the signed text are tried.
  private enum Forms {
    /// What the sender's scheme says.
    case own
    case others
    /// What few senders sign, and what is computed wrong.
    case rare
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
    guard !readings.isEmpty, !keys.isEmpty else { return }
    var seen = Set(keys.map(\.identity))
    let own = keys.filter(\.isOwn)
    let others = keys.filter { !$0.isOwn }
    if tries(own, received, .own, at: .sent) || tries(others, received, .own) { return }
    let damaged = keys.flatMap { $0.damaged(unless: &seen) }
    if triesURLs(own, others + damaged) || tries(damaged, received, .own) { return }
    // A check takes so long that this would never be reached behind all bodies.
    if readings.first?.scheme.kind.isOneWay == true, triesSwapped(own) { return }
    // A token is compared with secrets, and nothing else is made of it.
    guard readings.contains(where: { $0.scheme.kind != .token }) else {
      _ = triesOneCharacter(own) || triesTwiceDamaged(damaged, seen)
      return
    }
    if tries(own, received, .others) || triesRare(own, received) { return }
    let isTimeFound = [Times.elsewhere, .shifted, .guessed].contains { tries(own, received, .own, at: $0) }
    if isTimeFound || visit(.all, with: { $0.tries(own, $1, .own) }) { return }
    if triesPaired(own, others + damaged) || triesOneCharacter(own) || triesTwiceDamaged(damaged, seen) {
      return
    }
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
        || [Times.unlikely, .elsewhere, .shifted].contains { search.tries(own, body, .own, at: $0) }
        || search.triesRare(own, body)
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
    guard readings.contains(where: { !$0.otherURLs.isEmpty }) else { return false }
    return tries(own, received, .own, urls: .others) || tries(others, received, .own, urls: .others)
      || visit(.basic) { $0.tries(own, $1, .own, urls: .others) }
  }

  /// The whole text is copied for some of these.
  private mutating func triesRare(_ keys: [KeyCandidate], _ body: BodyCandidate) -> Bool {
    body.bytes.count <= bodies.largest && tries(keys, body, .rare)
  }

  private mutating func triesSwapped(_ keys: [KeyCandidate]) -> Bool {
    keys.contains { key in
      key.visitOneCharacterAway([.charactersSwapped]) { tries([$0], received, .own) }
    }
  }

  private mutating func triesOneCharacter(_ keys: [KeyCandidate]) -> Bool {
    let changes: [SecretChange] =
      [.characterMissing, .charactersSwapped, .characterAdded] + (isThorough ? [.characterMistyped] : [])
    let isFound = keys.contains { key in
      key.visitOneCharacterAway(changes) { tries([$0], received, .own) }
    }
    guard !isFound, isThorough else { return isFound }
    return keys.contains { key in
      key.visitOneCharacterAway([.characterMissing, .characterAdded]) { other in
        visit(.fewest) { $0.tries([other], $1, .own) }
      }
    }
  }

  private mutating func triesOrders(_ keys: [KeyCandidate]) {
    guard let reading = readings.first, reading.scheme.kind == .hmac, let time = reading.times.first,
      received.bytes.count <= bodies.largest, let orders = KeyOrders(bodies)
    else { return }
    let form = SignedForm(of: reading.scheme)
    for key in keys {
      guard let mac = key.key(digest: form.digest) else { continue }
      let frame = reading.text(form, body: [], time: time, url: reading.url)
      let search = KeyOrderSearch(orders, key: mac, frame: frame)
      let found = search.run(admit: { tally.admit() }) { code in
        reading.targets.contains { $0.matches(code) }
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

  private mutating func triesTwiceDamaged(_ damaged: [KeyCandidate], _ seen: Set<[UInt8]>) -> Bool {
    var seen = seen
    for key in damaged {
      if tries(key.damaged(unless: &seen), received, .own) { return true }
    }
    return false
  }

  /// Tries each key with each form; gives whether the search is over.
  private mutating func tries(
    _ keys: [KeyCandidate], _ body: BodyCandidate, _ forms: Forms, at times: Times = .likely,
    urls: URLs = .taken
  ) -> Bool {
    let ways =
      switch forms {
      case .own: own
      case .others: others
      case .rare: rare
      }
    for key in keys {
      for way in ways where key.fits(way.reading.scheme.kind) {
        if tries(key, body, way, at: times, urls) { return true }
      }
    }
    return false
  }

  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ way: SigningWay, at times: Times, _ urls: URLs
  ) -> Bool {
    // No body is signed beside a token.
    if way.reading.scheme.kind == .token, !body.steps.isEmpty { return false }
    for url in urls.of(way.reading) {
      guard way.form.text.usesTime else {
        if tries(key, body, way, time: nil, url) { return true }
        continue
      }
      for time in times.of(way.reading) where tries(key, body, way, time: time, url) { return true }
    }
    return false
  }

  /// Makes one code and compares it with all that the header holds.
  private mutating func tries(
    _ key: KeyCandidate, _ body: BodyCandidate, _ way: SigningWay, time: SignedTime?, _ url: SignedURL
  ) -> Bool {
    guard tally.admit() else { return true }
    let text = way.reading.text(way.form, body: body.bytes, time: time, url: url)
    guard let target = way.reading.target(of: text, way.form, by: key) else { return false }
    proof = ProofMatch(
      key: key, body: body, form: way.form, reading: way.reading, time: time, url: url, target: target,
      text: text)
    return true
  }
}
