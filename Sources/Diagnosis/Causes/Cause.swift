internal import Webhooks

/// Why a signature fails: a row of the table of causes, with all that is known and to be said about one of them.
public struct Cause: Sendable {
  /// The name in files: `body-reserialised`.
  public struct ID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral text: String) { rawValue = text }

    /// That of the cause that says that none was found.
    public static let unknown: ID = "unknown"
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
  /// Whether it often comes with another change of the body, which says more and stands before it.
  let isSlight: Bool
  /// The ways to break a delivery so that this cause shows.
  public let breakages: [Breakage]
  /// What speaks for the cause, given what the rows before it have found.
  let find: @Sendable (Evidence, [Finding]) -> [Claim]

  init(
    _ id: ID, _ title: String, remedy: String, explains: Bool = false, isAboutTime: Bool = false,
    isSlight: Bool = false, breakages: [Breakage], find: @escaping @Sendable (Evidence) -> [Claim]
  ) {
    self.init(
      id, title, remedy: remedy, explains: explains, isAboutTime: isAboutTime, isSlight: isSlight,
      breakages: breakages
    ) { evidence, _ in
      find(evidence)
    }
  }

  init(
    _ id: ID, _ title: String, remedy: String, explains: Bool = false, isAboutTime: Bool = false,
    isSlight: Bool = false, breakages: [Breakage],
    findAfter: @escaping @Sendable (Evidence, [Finding]) -> [Claim]
  ) {
    self.id = id
    self.title = title
    self.remedy = remedy
    self.explains = explains
    self.isAboutTime = isAboutTime
    self.isSlight = isSlight
    self.breakages = breakages.map { $0.showing(id) }
    find = findAfter
  }

  /// The table: one more cause is one more row in the list of its subject.
  public static let all: [Cause] =
    ofHeader + ofSpelling + ofTime + ofSecret + ofBody + ofMixups + ofNothingFound

  /// What the whole table finds, the surest first; where nothing explains the failure, what was tried.
  static func findings(_ evidence: Evidence) -> [Finding] {
    let isStale = evidence.verdict.status == .stale
    var found: [Finding] = []
    // By their places: a copy of each row would count its references, and few of them find anything.
    for row in all.indices {
      let claims = all[row].find(evidence, found)
      if !claims.isEmpty { found += claims.map { Finding(all[row], $0) } }
    }
    func rank(_ finding: Finding) -> Int {
      !isStale && finding.cause.isAboutTime ? 2 : finding.cause.isSlight ? 1 : 0
    }
    return found.enumerated().sorted {
      ($0.element.level, rank($0.element), $0.offset) < ($1.element.level, rank($1.element), $1.offset)
    }.map(\.element)
  }
}

/// What a rule claims: how surely, in which words, and with which remedy where the cause's own does not fit.
struct Claim: Sendable, Equatable {
  let level: Cause.Level
  /// The cause in a few words, where its own title would not agree with the detail.
  let title: String?
  let detail: String
  let remedy: String?

  /// - Parameter proof: which key and bytes were signed, for a proof about the body.
  init(
    _ level: Cause.Level, title: String? = nil, _ detail: String, remedy: String? = nil,
    proof: String? = nil
  ) {
    self.level = level
    self.title = title
    self.detail = detail + (proof.map { ". \($0)" } ?? "")
    self.remedy = remedy
  }

  /// A proof about a body; who changed it is not proven.
  static func inferred(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven, words + ". A proxy or framework on the way probably changed it", proof: proof)
  }
}

/// One cause of a failure, and how much is known about it.
public struct Finding: Sendable, Equatable {
  public let cause: Cause
  public let level: Cause.Level
  /// The cause in a few words, for a line of a list.
  public let title: String
  /// What is known, in one or two sentences; received text in it is short and printable.
  public let detail: String
  /// What to do about it, in one line.
  public let remedy: String

  init(_ cause: Cause, _ claim: Claim) {
    self.cause = cause
    level = claim.level
    title = claim.title ?? cause.title
    detail = claim.detail
    remedy = claim.remedy ?? cause.remedy
  }

  public var id: Cause.ID { cause.id }

  /// The same in words that quote nothing of the request.
  public var inGeneral: Finding {
    Finding(
      cause,
      Claim(level, title: title, "The details may quote hidden values, so they are left out."))
  }

  public static func == (left: Finding, right: Finding) -> Bool {
    left.id == right.id && left.level == right.level && left.title == right.title
      && left.detail == right.detail && left.remedy == right.remedy
  }
}
