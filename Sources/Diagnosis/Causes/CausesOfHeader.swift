internal import JSON
internal import Webhooks

/// What is wrong with the signature header.
extension Cause {
  static let ofHeader: [Cause] = [
    Cause(
      "no-signature-header", "no signature header",
      remedy: "Send the signature in the provider's own header, or look whose webhook this is.",
      explains: true,
      breakages: [
        .reason(.noHeader, "The signature header was left out.") { $0.signatures = [] },
        .cause(
          .noHeader,
          "The signature is right, but its header lost the X in front, so it is not the one that is due."
        ) {
          $0.signatureHeader = String($0.signatureHeader.dropFirst(2))
        },
      ]
    ) { evidence in
      if case .near(let header)? = evidence.proof?.source { return [.noSignatureHeader(header, .proven)] }
      guard evidence.facts.header.lines.isEmpty, evidence.proof == nil else { return [] }
      let (request, provider) = (evidence.subject.request, evidence.subject.provider)
      let near =
        evidence.facts.header.near.first
        ?? .ofAnotherProvider(
          in: request.headers, than: provider, of: evidence.subject.providers)
      return [.noSignatureHeader(near, .seen)]
    },
    Cause(
      "malformed-header", "malformed header",
      remedy: "Send the signature header as the provider documents it.",
      breakages: [
        .reason(.headerEmpty, "The signature header is there, but without a value.") { $0.signatures = [""] }
      ]
    ) { evidence in
      let verdict = evidence.verdict
      guard verdict.status == .malformed, verdict.reason != .headerRepeated else { return [] }
      let facts = evidence.facts.header
      let resemblance = evidence.scheme.flatMap { facts.resemblance?.words(under: $0) }
      return [
        .malformedHeader(verdict.reason, offset: facts.faultOffset, resemblance, under: evidence.scheme)
      ]
    },
    Cause(
      "digest-form", "digest written wrong",
      remedy: "Write the digest as the provider documents it, under the provider's own key.",
      breakages: [
        .cause(.v1Not64Hex, "The digest is written with hyphens between its bytes.") {
          $0.rewrite { header in
            let digits = Array(header.suffix(64))
            let pairs = stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<$0 + 2]) }
            return header.dropLast(64) + pairs.joined(separator: "-")
          }
        }
      ], find: digestForm),
    Cause(
      "tolerated-oddity", "tolerated oddity",
      remedy: "Send the header as the provider documents it; do not rely on lenient verifiers.",
      breakages: oddBreakages, find: oddity),
  ]

  private static let oddBreakages: [Breakage] = [
    .reason(.partWithoutEquals, "The time lost its t=, so one part of the header has no equals sign.") {
      $0.rewrite { String($0.dropFirst(2)) }
    },
    .reason(
      .spaceAroundKey, "There is a space after the comma, so the key is not v1 but one with a space."
    ) {
      $0.rewrite { $0.replacing(",", with: ", ") }
    },
    .reason(.tRepeated, "The header gives the time twice.") {
      $0.rewrite { "\($0.prefix { $0 != "," }),\($0)" }
    },
    .reason(.tNotCanonicalDecimal, "The time is a decimal fraction, not whole unix seconds.") {
      $0.sign(t: "\($0.seconds).482")
    },
    .reason(.noV1, "The header holds only a v0 signature, which is no longer in use.") {
      $0.rewrite { $0.replacing(",v1", with: ",v0") }
    },
    .reason(.v1Not64Hex, "The signature was cut to 40 digits, the length of a SHA-1.") {
      $0.rewrite { String($0.dropLast(24)) }
    },
    .reason(.v1NotLowercaseHex, "The signature is right, but in upper case.") {
      $0.rewrite { $0.dropLast(64) + $0.suffix(64).uppercased() }
    },
    .cause(.ok, "Beside the right signature the header holds one of the old scheme v0.") {
      let other = $0.unrelatedDigits
      $0.rewrite { "\($0),v0=\(other)" }
    },
  ]

  @Sendable private static func digestForm(_ evidence: Evidence) -> [Claim] {
    guard let proof = evidence.proof else { return [] }
    if let form = proof.target.form {
      return [Claim(.proven, "The digest is right, but \(form.words)", proof: evidence.signedBytes)]
    }
    let name = proof.target.oddities.lazy.compactMap { oddity in
      if case .otherKey(let name) = oddity { name } else { nil }
    }.first
    guard let name, evidence.verdict.status == .mismatch, let scheme = evidence.scheme else { return [] }
    let words = name.isEmpty ? "a digest without a key in front" : name
    return [
      Claim(
        .proven,
        "Your secret made \(words), not \(scheme.signatureWords): the sender probably rotates its secret",
        remedy: "Give the sender's new secret as well: --secret NAME=SOURCE.")
    ]
  }

  @Sendable private static func oddity(_ evidence: Evidence) -> [Claim] {
    guard let scheme = evidence.scheme else { return [] }
    let takers = SampleVerifier.allCases.filter { evidence.samples[$0] == .accepts }
    // The rule about the signed text speaks of the encoding.
    let signed =
      evidence.proof.map { $0.target.oddities.filter { $0 != .base64 && $0 != .hexadecimal } } ?? []
    let oddities = (signed + visibleOddities(evidence, scheme)).reduce(into: [HeaderOddity]()) {
      kept, oddity in
      if !kept.contains(oddity) { kept.append(oddity) }
    }
    if evidence.verdict.status == .valid {
      let isSplit = takers.count < evidence.samples.count
      guard !oddities.isEmpty || isSplit else { return [] }
      return [.toleratedOddity(oddities, scheme, samples: evidence.samples, .seen)]
    }
    guard evidence.verdict.status == .malformed, evidence.verdict.reason != .headerRepeated,
      !takers.isEmpty || !signed.isEmpty || isOnlyMisspelled(evidence)
    else { return [] }
    return [.toleratedOddity(oddities, scheme, samples: evidence.samples, .proven)]
  }

  /// Whether all that was signed is there, in a header that nobody takes.
  private static func isOnlyMisspelled(_ evidence: Evidence) -> Bool {
    guard let proof = evidence.proof, evidence.verdict.reason == .partWithoutEquals else { return false }
    return proof.time?.origin == .asSent && proof.key.isOwn && !proof.key.isDamaged
      && proof.body.changes.isEmpty
  }

  private static func visibleOddities(_ evidence: Evidence, _ scheme: SignatureScheme) -> [HeaderOddity] {
    // What stands far behind in a header is no oddity that anyone would read about.
    let header = evidence.subject.signatureLines.first?.prefix(4096)
    let parts = header?.split { $0 == scheme.format.separator } ?? []
    var oddities: [HeaderOddity] = []
    let count = evidence.verdict.v1Count
    if count > 1 { oddities.append(.severalSignatures(count)) }
    let older = scheme.format.olderVersions.first { version in
      parts.contains { $0.starts(with: "\(version)=".utf8) }
    }
    if let older { oddities.append(.olderVersion(older)) }
    switch evidence.verdict.reason {
    case .partWithoutEquals: oddities.append(.partWithoutEquals)
    case .spaceAroundKey: oddities.append(.space)
    case .tNotCanonicalDecimal: oddities.append(.oddTime)
    case .tRepeated: oddities.append(.severalTimes)
    default: break
    }
    return oddities
  }
}

extension Claim {
  static func noSignatureHeader(_ near: NearHeader?, _ level: Cause.Level) -> Claim {
    guard let near else {
      return Claim(
        level, "no header of the request looks like a signature",
        remedy: "Find what strips headers on the way, or point the provider's webhook here.")
    }
    let name = Printable.short(near.name.text, limit: 40)
    switch near.kind {
    case .misspelled(let provider):
      return Claim(level, "\(name) is there where \(provider.signatureHeader) is due")
    case .service(let title): return Claim(level, "\(name) is there, the signature header of \(title)")
    case .unknown: return Claim(level, "\(name) is there, which no provider here uses")
    }
  }

  static func malformedHeader(
    _ reason: Verdict.Reason, offset: Int?, _ resemblance: String?, under scheme: SignatureScheme?
  ) -> Claim {
    let place = offset.map { ", at byte \($0)" } ?? ""
    let words = reason.summary(under: scheme) + place + (resemblance.map { "; \($0)" } ?? "")
    return Claim(.seen, words, remedy: reason.remedy(under: scheme))
  }

  /// - Parameter samples: what the documented sample verifiers do with the delivery, where there are any.
  static func toleratedOddity(
    _ oddities: [HeaderOddity], _ scheme: SignatureScheme, samples: [SampleVerifier: SampleResult],
    _ level: Cause.Level
  ) -> Claim {
    let words = oddities.map { $0.words(under: scheme) }
    let what = words.isEmpty ? "the header is unusual" : words.joined(separator: ", ")
    let takers = SampleVerifier.allCases.filter { samples[$0] == .accepts }.map(\.title)
    let detail =
      if samples.isEmpty {
        "the signature is right and the header is not: \(what)"
      } else if takers.isEmpty {
        "the signature is right and the header is not: \(what); none of the documented samples takes it"
      } else if takers.count == SampleVerifier.allCases.count {
        "\(what); all documented sample verifiers take it"
      } else {
        "\(what); \(takers.joined(separator: " and ")) would take it, the other samples would not"
      }
    return Claim(
      level, detail, remedy: "Send \(scheme.headerWords); do not rely on lenient verifiers.")
  }
}

extension SignatureFormat {
  /// What signatures of earlier versions are called beside one called `v1`.
  fileprivate var olderVersions: [String] {
    let stem = signatureName.prefix { !$0.isNumber }
    guard holdsTime, let version = Int(signatureName.dropFirst(stem.count)), 1...9 ~= version else {
      return []
    }
    return (0..<version).map { "\(stem)\($0)" }
  }
}
