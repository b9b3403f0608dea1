internal import Webhooks

/// The rules about the signature header and the form of what was signed.
enum HeaderRules {
  static func noSignatureHeader(_ evidence: Evidence) -> [Finding] {
    if case .near(let header)? = evidence.proof?.source {
      return [Finding(.noSignatureHeader(header), .proven)]
    }
    guard evidence.facts.header.lines.isEmpty, evidence.proof == nil else { return [] }
    let (request, provider) = (evidence.subject.request, evidence.subject.provider)
    let near =
      evidence.facts.header.near.first ?? .ofAnotherProvider(in: request.headers, than: provider)
    return [Finding(.noSignatureHeader(near), .seen)]
  }

  static func malformedHeader(_ evidence: Evidence) -> [Finding] {
    let verdict = evidence.verdict
    guard verdict.status == .malformed, verdict.reason != .headerRepeated else { return [] }
    let facts = evidence.facts.header
    return [Finding(.malformedHeader(verdict.reason, offset: facts.faultOffset, facts.resemblance), .seen)]
  }

  static func toleratedOddity(_ evidence: Evidence) -> [Finding] {
    let takers = SampleVerifier.allCases.filter { evidence.samples[$0] == .accepts }
    let signed = evidence.proof.map { $0.target.oddities.filter { !$0.isAboutTheText } } ?? []
    let oddities = (signed + visibleOddities(evidence)).reduce(into: [HeaderOddity]()) { kept, oddity in
      if !kept.contains(oddity) { kept.append(oddity) }
    }
    if evidence.verdict.status == .valid {
      let isSplit = takers.count < evidence.samples.count
      return oddities.isEmpty && !isSplit ? [] : [Finding(.toleratedOddity(oddities, takenBy: takers), .seen)]
    }
    guard evidence.verdict.status == .malformed, evidence.verdict.reason != .headerRepeated,
      !takers.isEmpty || !signed.isEmpty || isOnlyMisspelled(evidence)
    else { return [] }
    return [Finding(.toleratedOddity(oddities, takenBy: takers), .proven)]
  }

  /// Whether all that was signed is there, in a header that nobody takes.
  private static func isOnlyMisspelled(_ evidence: Evidence) -> Bool {
    guard let proof = evidence.proof, evidence.verdict.reason == .partWithoutEquals else { return false }
    return proof.time?.origin == .asSent && proof.key.isOwn && !proof.key.isDamaged
      && proof.body.changes.isEmpty
  }

  private static func visibleOddities(_ evidence: Evidence) -> [HeaderOddity] {
    // What stands far behind in a header is no oddity that anyone would read about.
    let header = evidence.subject.signatureLines.first?.prefix(4096)
    let parts = header?.split(separator: UInt8(ascii: ",")) ?? []
    var oddities: [HeaderOddity] = []
    if evidence.verdict.v1Count > 1 { oddities.append(.severalV1(evidence.verdict.v1Count)) }
    if parts.contains(where: { $0.starts(with: "v0=".utf8) }) { oddities.append(.v0) }
    switch evidence.verdict.reason {
    case .partWithoutEquals: oddities.append(.partWithoutEquals)
    case .spaceAroundKey: oddities.append(.space)
    case .tNotCanonicalDecimal: oddities.append(.oddTime)
    case .tRepeated: oddities.append(.severalTimes)
    default: break
    }
    return oddities
  }

  static func repeatedHeader(_ evidence: Evidence) -> [Finding] {
    let count = evidence.facts.header.lines.count
    guard count > 1 else { return [] }
    guard case .own(let line, _)? = evidence.proof?.source else {
      return [Finding(.repeatedHeader(lines: count, matching: nil), .seen)]
    }
    return [Finding(.repeatedHeader(lines: count, matching: line), .proven)]
  }

  static func otherSignedText(_ evidence: Evidence) -> [Finding] {
    guard let proof = evidence.proof else { return [] }
    let isBase64 = proof.target.oddities.contains(.base64)
    guard proof.form != .documented || isBase64 else { return [] }
    let digest = proof.form.digest.words + (isBase64 ? " in base64" : "")
    return [Finding(.otherSignedText(layout: proof.form.layout.words, digest: digest), .proven)]
  }
}

extension HeaderOddity {
  /// Whether the rule about the signed text speaks of it.
  fileprivate var isAboutTheText: Bool { self == .base64 }
}
