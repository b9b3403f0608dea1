internal import Webhooks

/// Why a signature fails: a row of the table of causes, with all that is known and to be said about one of them.
public struct Cause: Sendable {
  /// The name in files: `body-reserialised`.
  public struct ID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral text: String) { rawValue = text }
  }

  /// How much is known: a candidate reproduces the MAC, a fact of the structure, indirect evidence, or nothing.
  public enum Level: String, Sendable, CaseIterable, Comparable {
    case proven, seen, likely, unknown

    private var rank: Int {
      switch self {
      case .proven: 0
      case .seen: 1
      case .likely: 2
      case .unknown: 3
      }
    }

    /// Whether the first is the surer one.
    public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
  }

  public let id: ID
  /// The cause in a few words, for a line of a list.
  public let title: String
  /// What to do about it, in one line, where a claim has nothing better.
  let remedy: String
  /// Whether it explains a mismatch without a proof, so that nothing is left unknown.
  let explains: Bool
  /// Whether it is about the time: that comes behind its equals where the delivery failed by something else first.
  let isAboutTime: Bool
  /// The ways to break a delivery so that this cause shows.
  public let breakages: [Breakage]
  /// What speaks for the cause, given what the rows before it have found.
  let find: @Sendable (Evidence, [Finding]) -> [Claim]

  init(
    _ id: ID, _ title: String, remedy: String, explains: Bool = false, isAboutTime: Bool = false,
    breakages: [Breakage], find: @escaping @Sendable (Evidence) -> [Claim]
  ) {
    self.init(
      id, title, remedy: remedy, explains: explains, isAboutTime: isAboutTime, breakages: breakages
    ) { evidence, _ in
      find(evidence)
    }
  }

  init(
    _ id: ID, _ title: String, remedy: String, explains: Bool = false, isAboutTime: Bool = false,
    breakages: [Breakage], findAfter: @escaping @Sendable (Evidence, [Finding]) -> [Claim]
  ) {
    self.id = id
    self.title = title
    self.remedy = remedy
    self.explains = explains
    self.isAboutTime = isAboutTime
    self.breakages = breakages.map { $0.showing(id) }
    find = findAfter
  }

  /// The table: one more cause is one more row in the list of its subject.
  public static let all: [Cause] = ofHeader + ofTime + ofSecret + ofBody + ofMixups + [unknown]

  /// What the whole table finds, the surest first; where nothing explains the failure, what was tried.
  static func findings(_ evidence: Evidence) -> [Finding] {
    let isStale = evidence.verdict.status == .stale
    let found = all.reduce(into: [Finding]()) { found, cause in
      found += cause.find(evidence, found).map { Finding(cause, $0) }
    }
    func rank(_ finding: Finding) -> Int { !isStale && finding.cause.isAboutTime ? 1 : 0 }
    return found.enumerated().sorted {
      ($0.element.level, rank($0.element), $0.offset) < ($1.element.level, rank($1.element), $1.offset)
    }.map(\.element)
  }
}

/// What a rule claims: how surely, in which words, and with which remedy where the cause's own does not fit.
struct Claim: Sendable, Equatable {
  let level: Cause.Level
  let detail: String
  let remedy: String?

  /// - Parameter proof: which key and bytes were signed, for a proof about the body.
  init(_ level: Cause.Level, _ detail: String, remedy: String? = nil, proof: String? = nil) {
    self.level = level
    self.detail = detail + (proof.map { "; \($0)" } ?? "")
    self.remedy = remedy
  }

  /// A proof about a body; who changed it is not proven.
  static func inferred(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven, words + "; so something between the signer and here seems to have changed it", proof: proof)
  }
}

/// One cause of a failure, and how much is known about it.
public struct Finding: Sendable, Equatable {
  public let cause: Cause
  public let level: Cause.Level
  /// What is known, in one or two sentences; received text in it is short and printable.
  public let detail: String
  /// What to do about it, in one line.
  public let remedy: String

  init(_ cause: Cause, _ claim: Claim) {
    self.cause = cause
    level = claim.level
    detail = claim.detail
    remedy = claim.remedy ?? cause.remedy
  }

  public var id: Cause.ID { cause.id }

  public static func == (left: Finding, right: Finding) -> Bool {
    left.id == right.id && left.level == right.level && left.detail == right.detail
      && left.remedy == right.remedy
  }
}

extension Cause {
  /// Says that the cause is not known, and what it is not.
  static let unknown = Cause(
    "unknown", "unknown",
    remedy: "Compare the secret with the provider's, or have it sent again by a direct way.",
    breakages: [
      // With an API key among the receiver's secrets the diagnosis would name that, which is Parable's part.
      .reason(
        .noV1Matches, "The signature is well formed, but no secret of the receiver makes it.",
        provider: .parlay
      ) {
        $0.signUnrelated()
      }
    ],
    findAfter: { evidence, found in
      let verdict = evidence.verdict
      guard !evidence.isProven, verdict.status != .valid, !found.contains(where: \.cause.explains) else {
        return []
      }
      // A header that can't be read is an explanation of its own where it left nothing to try.
      if evidence.tried == 0, verdict.status == .malformed || verdict.status == .missing { return [] }
      // What was not checked has not failed: the other providers' secrets were only worth a try.
      let tried = verdict.status == .unchecked ? 0 : evidence.tried
      return [.unknown(tried == 0 ? reasons(evidence) : whatWasTried(evidence), tried: tried)]
    })

  private static func reasons(_ evidence: Evidence) -> [String] {
    evidence.keyring.isEmpty || evidence.verdict.status == .unchecked
      ? ["there is no secret to try it with"] : ["no header holds a signature to compare with"]
  }

  private static func whatWasTried(_ evidence: Evidence) -> [String] {
    let count = evidence.keyring.secrets.count
    var words = [
      "\(count == 1 ? "the one secret" : "the \(count) secrets") here, whole or damaged in a usual way",
      "other forms of the signed text", "newlines, white space and byte order marks",
    ]
    if evidence.hasGuessedTimes { words.append("the seconds within 5 m of the arrival, as no t came") }
    if evidence.facts.body.jsonFault == nil { words.append("the same JSON written otherwise") }
    words += ["changed character sets", "wrappings"]
    switch evidence.limit {
    case nil: break
    case .candidates: words.append("and not all of these, since the number of candidates is bounded")
    case .time: words.append("and not all of these, since the time is bounded")
    case .memory: words.append("and not all of these, since the memory is bounded")
    }
    return words
  }
}

extension Claim {
  static func unknown(_ words: [String], tried: Int) -> Claim {
    guard tried > 0 else {
      return Claim(
        .unknown, "nothing could be tried: " + words.joined(separator: "; "),
        remedy: "Give the provider's secret: --secret NAME=env:VAR, or set its variable.")
    }
    return Claim(
      .unknown,
      "none of \(tried) candidate\(tried == 1 ? "" : "s") reproduces the signature; tried: "
        + words.joined(separator: ", "))
  }
}
