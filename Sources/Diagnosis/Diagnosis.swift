public import JSON
public import Webhooks

/// Why a signature fails, as far as it can be found out: facts, causes, and a proof where there is one.
///
/// Pure: the clock and the bounds come in as a budget. Neither secrets nor expected MACs are in any part of it.
public struct Diagnosis: Sendable {
  /// What ended a search before its end.
  public enum Limit: Sendable, Equatable {
    case candidates, time, memory
  }

  public let facts: DiagnosisFacts
  /// The causes, the surest first; empty for a valid delivery with nothing odd about it.
  public let findings: [Finding]
  /// What was signed, where a candidate reproduces a received MAC.
  public let proof: Proof?
  public let candidatesTried: Int
  public let milliseconds: Double
  /// What ended the search early; nil if it ran to its end or to a proof.
  public let limit: Limit?
  /// The results of the documented sample verifiers; empty if there is no secret to give them.
  public let samples: [SampleVerifier: SampleResult]

  /// Diagnoses one delivery beside a few others, oldest first.
  public init(
    of subject: DiagnosisSubject, keyring: Keyring, neighbours: [Delivery] = [], budget: DiagnosisBudget,
    past: PastSearches? = nil
  ) {
    self.init(of: subject, keyring: keyring, budget: budget, past: past) { _ in neighbours }
  }

  /// Diagnoses one delivery.
  /// - Parameters:
  ///   - keyring: every secret there is, those of other providers and retired ones too.
  ///   - past: what was found before with the same keyring.
  ///   - neighbours: returns other deliveries, oldest first, to compare clocks, ids and the order of keys with; not
  ///     asked about one that is valid and came in time. The budget's time includes it. Its argument says when to
  ///     return what is found so far.
  public init(
    of subject: DiagnosisSubject, keyring: Keyring, budget: DiagnosisBudget, past: PastSearches? = nil,
    neighbours: (_ isOver: () -> Bool) -> [Delivery]
  ) {
    // Looking at neighbours, headers and bodies takes longer the more they hold, so the time starts before all of it.
    let tally = SearchTally(budget, bodySize: subject.request.body.count)
    // Half of it at least is left for the search.
    let deliveries = subject.verdict.needsNeighbours ? neighbours { tally.hasUsed(quarters: 1) } : []
    let header = HeaderFacts(subject)
    // What verifies as it came leaves nothing to search for, and its time is known.
    let isKnown = subject.isSigned && subject.verdict.timestamp != nil
    let readings = isKnown ? [] : HeaderReading.all(of: subject, near: header.near)
    let around = Neighbours(of: subject, in: deliveries) { tally.hasUsed(quarters: 2) }
    facts = DiagnosisFacts(
      header: header, clock: ClockFacts(subject, readings: readings), body: BodyFacts(subject.request))
    var search = ProofSearch(
      of: subject, readings: subject.isSigned ? [] : readings, keyring: keyring,
      bodies: BodyCandidates(for: subject, around, memory: SearchMemory(budget.bytes)), tally: tally,
      isThorough: budget.isThorough, past: past)
    if let past, !readings.isEmpty, !subject.isSigned {
      search.run(asking: past, PastSearches.Question(subject, readings, around, keyring, budget))
    } else {
      search.run()
    }
    samples = search.tally.wasSpentBefore ? [:] : Self.samples(subject, keyring, search.proof)
    findings = Cause.findings(
      Evidence(
        subject: subject, facts: facts, keyring: keyring, neighbours: around, samples: samples,
        proof: search.proof, hasGuessedTimes: readings.contains { !$0.guesses.isEmpty },
        tried: search.tally.count, limit: search.tally.limit))
    proof = search.proof.map(Proof.init)
    candidatesTried = search.tally.count
    limit = search.proof == nil ? search.tally.limit : nil
    milliseconds = Double(search.tally.elapsed) / 1e6
  }

  /// The samples know one secret each: the one that signed, or else the first that the verifier tries.
  private static func samples(
    _ subject: DiagnosisSubject, _ keyring: Keyring, _ proof: ProofMatch?
  ) -> [SampleVerifier: SampleResult] {
    guard let provider = subject.provider else { return [:] }
    let secrets = keyring.secrets(for: provider)
    let label = subject.verdict.secret ?? proof.map { ByteString($0.key.label) }
    guard let secret = secrets.first(where: { ByteString($0.label) == label }) ?? secrets.first else {
      return [:]
    }
    let documented = SampleVerifier.documented(for: provider)
    guard !documented.isEmpty else { return [:] }
    let lines = subject.signatureLines.map(\.text)
    let codes = SampleCodes(body: subject.request.body, key: secret.key)
    return documented.reduce(into: [:]) { results, sample in
      results[sample] = sample.result(
        SampleInput(header: sample.joined(lines), codes: codes, now: subject.receivedAt))
    }
  }
}

/// What a diagnosis is about: a request, when it came and the verdict on it.
public struct DiagnosisSubject: Sendable {
  /// The delivery's number; nil for a request outside of any session.
  public var sequence: UInt64?
  public var request: Request
  public var envelope: Envelope
  /// The endpoint that it was sent to.
  public var endpoint: Endpoint?
  public var receivedAt: Timestamp
  public var verdict: Verdict
  /// How far `t` might lie from the arrival, in seconds, when the verdict was made.
  public var tolerance: Double
  /// The senders that are known, whose headers and secrets are looked for as well.
  public var providers: Providers
  /// That of the times in sentences.
  public var zone: Zone

  public init(
    sequence: UInt64? = nil, request: Request, envelope: Envelope? = nil, receivedAt: Timestamp,
    verdict: Verdict, providers: Providers, tolerance: Double = 300, zone: Zone = .utc
  ) {
    self.sequence = sequence
    self.request = request
    self.envelope = envelope ?? Envelope(reading: request, providers: providers)
    self.receivedAt = receivedAt
    self.verdict = verdict
    self.providers = providers
    self.tolerance = tolerance
    self.zone = zone
  }

  public init(
    _ delivery: Delivery, providers: Providers, tolerance: Double = 300, zone: Zone = .utc
  ) {
    self.init(
      sequence: delivery.sequence, request: delivery.request, envelope: delivery.envelope,
      receivedAt: delivery.receivedAt, verdict: delivery.verdict, providers: providers,
      tolerance: delivery.verdict.tolerance ?? tolerance, zone: zone)
    endpoint = delivery.endpoint
  }

  var provider: Provider? { envelope.provider }

  /// The lines of the provider's signature header.
  var signatureLines: [ByteString] { provider.map { $0.scheme.lines(in: request.headers) } ?? [] }

  /// Whether a known secret made its signature.
  var isSigned: Bool { verdict.macMatches == true }

  /// How far `t` might lie from the arrival, in seconds.
  var window: Double { verdict.tolerance ?? provider?.scheme.window ?? tolerance }
}

extension Verdict {
  /// Whether other deliveries may tell anything about the one it is on: not about a valid one that came in time.
  public var needsNeighbours: Bool { status != .valid || abs(ageSeconds ?? 0) > tolerance ?? 0 }
}

extension SignatureScheme {
  /// The lines of the signature header, under the first of its names that is there.
  func lines(in headers: Headers) -> [ByteString] {
    self.headers.first(where: headers.contains).map(headers.all) ?? []
  }
}

/// What was signed, shown by a candidate that reproduces the received MAC; neither key nor MAC is in it.
public struct Proof: Sendable, Equatable {
  /// The label of the secret that signed, or whose repaired form did.
  public let secret: String
  /// The exact text that was signed.
  public let signedText: SignedText

  init(_ match: ProofMatch) {
    secret = match.key.label
    signedText = match.text
  }
}

extension JSONWriter {
  /// Writes a diagnosis as fields of the object that is open: causes, what it took, the sample verifiers.
  /// - Parameter isGeneral: whether nothing of the request is quoted.
  public mutating func write(_ diagnosis: Diagnosis, inGeneral isGeneral: Bool = false) {
    array("causes") { list in
      for finding in diagnosis.findings { list.write(isGeneral ? finding.inGeneral : finding) }
    }
    field("candidates_tried", diagnosis.candidatesTried)
    field("milliseconds", diagnosis.milliseconds, decimals: 1)
    guard !diagnosis.samples.isEmpty else { return null("sample_verifiers") }
    object("sample_verifiers") { samples in
      for sample in SampleVerifier.allCases where diagnosis.samples[sample] != nil {
        samples.field(sample.name, diagnosis.samples[sample]?.word)
      }
    }
  }

  private mutating func write(_ finding: Finding) {
    object {
      $0.field("cause", finding.id.rawValue)
      $0.field("level", finding.level.rawValue)
      $0.field("detail", finding.detail)
      $0.field("remedy", finding.remedy)
    }
  }
}
