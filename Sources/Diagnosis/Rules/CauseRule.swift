internal import Webhooks

/// One row of the table of causes: when a cause is found, and how surely.
struct CauseRule: Sendable {
  let id: Cause.ID
  let find: @Sendable (Evidence) -> [Finding]

  private init(_ id: Cause.ID, _ find: @escaping @Sendable (Evidence) -> [Finding]) {
    self.id = id
    self.find = find
  }

  /// Every cause, in the order of the table: one more is one more row.
  static let all: [CauseRule] = [
    CauseRule(.noSignatureHeader, HeaderRules.noSignatureHeader),
    CauseRule(.malformedHeader, HeaderRules.malformedHeader),
    CauseRule(.toleratedOddity, HeaderRules.toleratedOddity),
    CauseRule(.unreadableTimestamp, TimeRules.unreadableTimestamp),
    CauseRule(.outsideWindow, TimeRules.outsideWindow),
    CauseRule(.clockReplayOrQueue, TimeRules.clockReplayOrQueue),
    CauseRule(.retiredSecret, SecretRules.retiredSecret),
    CauseRule(.otherSecret, SecretRules.otherSecret),
    CauseRule(.damagedSecret, SecretRules.damagedSecret),
    CauseRule(.notASecret, SecretRules.notASecret),
    CauseRule(.newlineOrBOM, BodyRules.newlineOrBOM),
    CauseRule(.bodyReserialised, BodyRules.bodyReserialised),
    CauseRule(.charsetDamage, BodyRules.charsetDamage),
    CauseRule(.truncatedBody, BodyRules.truncatedBody),
    CauseRule(.wrappedBody, BodyRules.wrappedBody),
    CauseRule(.repeatedHeader, HeaderRules.repeatedHeader),
    CauseRule(.otherProvider, SecretRules.otherProvider),
    CauseRule(.otherSignedText, HeaderRules.otherSignedText),
    CauseRule(.headerBodyDisagree, BodyRules.headerBodyDisagree),
    CauseRule(.editedInTransit, BodyRules.editedInTransit),
  ]

  /// What the whole table finds, the surest first; where nothing explains the failure, what was ruled out.
  static func findings(_ evidence: Evidence, limit: Diagnosis.Limit?) -> [Finding] {
    let isStale = evidence.verdict.status == .stale
    let found = all.flatMap { $0.find(evidence) }.enumerated().sorted {
      ($0.element.level, isLast($0.element, isStale), $0.offset)
        < ($1.element.level, isLast($1.element, isStale), $1.offset)
    }.map(\.element)
    return found + UnknownRule.finding(evidence, found: found, limit: limit)
  }

  /// 1 for what comes behind its equals: the time, where the delivery failed by something else first.
  private static func isLast(_ finding: Finding, _ isStale: Bool) -> Int {
    !isStale && (finding.id == .outsideWindow || finding.id == .clockReplayOrQueue) ? 1 : 0
  }
}
