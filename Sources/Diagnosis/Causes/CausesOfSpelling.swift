internal import JSON
internal import Webhooks

/// How a right signature is written wrong.
extension Cause {
  static let ofSpelling: [Cause] = [
    Cause(
      "digest-form", "digest written wrong",
      remedy: "Write the digest as the provider documents it, under the provider's own key.",
      breakages: [
        .cause(.v1Not64Hex, "The digest is written with hyphens between its bytes.") {
          try $0.write(as: .separated)
        }
      ], find: digestForm),
    Cause(
      "tolerated-oddity", "tolerated oddity",
      remedy: "Send the header as the provider documents it; do not rely on lenient verifiers.",
      breakages: oddBreakages, find: oddity),
  ]

  private static let oddBreakages: [Breakage] = [
    .reason(
      .partWithoutEquals, "The time has no {time}= in front, so one part of the header has no equals sign."
    ) {
      try $0.rewrite { try $0.changeTime { $0.name = [] } }
    },
    .reason(
      .spaceAroundKey,
      "There is a space after the comma, so the key is not {signature} but {signature} with a space."
    ) {
      try $0.putBlanks()
    },
    .reason(.tRepeated, "The header gives the time twice.") {
      try $0.rewrite { $0.parts.insert($0.parts[try $0.placeOfTime()], at: 0) }
    },
    .reason(.tNotCanonicalDecimal, "The time is a decimal fraction, not whole unix seconds.") {
      try $0.sign(timeAnd: ".482")
    },
    .reason(.noV1, "The header holds only the signature {older}, which is no longer in use.") {
      try $0.signAsOlder()
    },
    .reason(.v1Not64Hex, "The signature was cut to 40 digits, the length of a SHA-1.") {
      try $0.rewriteDigits(longerThan: 40) { Array($0.prefix(40)) }
    },
    .reason(.v1NotLowercaseHex, "The signature is right, but in upper case.") {
      try $0.upperCaseDigits()
    },
    .cause(.ok, "Beside the right signature the header holds one of an older version, {older}.") {
      try $0.addOlder()
    },
  ]

  @Sendable private static func digestForm(_ evidence: Evidence) -> [Claim] {
    guard let proof = evidence.proof, !evidence.isOfAnotherScheme else { return [] }
    if proof.kind == .token { return token(proof) }
    if let form = proof.target.form {
      return [Claim(.proven, "The digest is right, but \(form.words)", proof: evidence.signedBytes)]
    }
    if proof.target.oddities.contains(.withoutDER) {
      return [.oddSignature(.withoutDER, proof.reading.scheme, evidence.signedBytes)]
    }
    if proof.target.isOtherEncoding, proof.isOwnForm {
      return [.otherEncoding(proof.target, proof.reading.scheme, evidence.signedBytes)]
    }
    let isTaken = SampleVerifier.allCases.contains { evidence.samples[$0] == .accepts }
    let isOtherwise =
      evidence.verdict.status == .malformed && !isTaken && !isOnlyMisspelled(evidence) && proof.isOfWhatCame
      && proof.isOwnForm
      && proof.source.isOwn && evidence.verdict.reason != .headerRepeated
      && proof.target.oddities.isEmpty && proof.time?.origin == .asSent && proof.time?.isPlain == true
    if isOtherwise || proof.target.oddities.contains(.layout) {
      return [.otherLayout(proof.reading.scheme, evidence.signedBytes)]
    }
    let name = proof.target.oddities.lazy.compactMap { oddity in
      if case .otherKey(let name) = oddity { name } else { nil }
    }.first
    guard let name, evidence.verdict.status == .mismatch, let scheme = evidence.scheme else { return [] }
    let words = name.isEmpty ? "a digest without a key in front" : name
    return [
      Claim(
        .proven, title: "secret being rotated",
        "Your secret made \(words), but not \(scheme.signatureWords): the sender is probably rotating its secret",
        remedy: "Give the sender's new secret as well: --secret NAME=SOURCE.")
    ]
  }

  /// A token is compared as it stands, so that each sign around it counts.
  private static func token(_ proof: ProofMatch) -> [Claim] {
    guard !proof.target.oddities.isEmpty else { return [] }
    let words = proof.target.oddities.map { $0.words(under: proof.reading.scheme) }.joined(separator: ", ")
    return [
      Claim(
        .proven, title: "token written wrong",
        (proof.key.isOwn && !proof.key.isDamaged ? "The token is right, but " : "Also, ") + words,
        remedy: "Send the token alone in \(proof.reading.scheme.header), with nothing before or after.")
    ]
  }

  @Sendable private static func oddity(_ evidence: Evidence) -> [Claim] {
    guard let scheme = evidence.scheme, !evidence.isOfAnotherScheme else { return [] }
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
      if oddities.isEmpty, !evidence.facts.body.isUTF8 { return [.oddBody(evidence.samples)] }
      return [.toleratedOddity(oddities, scheme, samples: evidence.samples, .seen)]
    }
    guard evidence.verdict.status == .malformed, evidence.verdict.reason != .headerRepeated,
      !takers.isEmpty || !signed.isEmpty || isOnlyMisspelled(evidence)
    else { return [] }
    if takers.isEmpty, let proof = evidence.proof, !proof.isOfWhatCame {
      return oddities.isEmpty ? [] : [.oddBesides(oddities, scheme)]
    }
    return [.toleratedOddity(oddities, scheme, samples: evidence.samples, .proven)]
  }

  /// Whether all that was signed is there, in a header of which nobody here says that it is taken.
  private static func isOnlyMisspelled(_ evidence: Evidence) -> Bool {
    guard let proof = evidence.proof, proof.time?.origin == .asSent, proof.isOfWhatCame else { return false }
    switch evidence.verdict.reason {
    case .partWithoutEquals: return true
    // What lenient readers make of these is known only where there are samples of them.
    case .spaceAroundKey, .tRepeated, .tNotCanonicalDecimal:
      return evidence.samples.isEmpty && proof.source.isOwn && proof.isOwnForm
    default: return false
    }
  }

  private static func visibleOddities(_ evidence: Evidence, _ scheme: SignatureScheme) -> [HeaderOddity] {
    // An oddity far into a header is not worth reporting.
    let header = evidence.subject.signatureLines.first?.prefix(4096)
    // Asked once, not at every byte.
    let separator = scheme.format.separator
    let parts = header?.split { $0 == separator } ?? []
    var oddities: [HeaderOddity] = []
    let count = evidence.verdict.signatureCount
    if count > 1 { oddities.append(.severalSignatures(count)) }
    let older = scheme.format.olderNames.first { older in
      parts.contains { $0.drop(while: \.isSpaceOrTab).starts(with: older.prefix) }
    }
    if let older { oddities.append(.olderVersion(older.name)) }
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

extension SignedTime {
  /// Whether it is written in digits only, without a zero in front.
  fileprivate var isPlain: Bool { text.allSatisfy(\.isASCIIDigit) && text.first != 0x30 }
}

extension ProofMatch {
  /// Whether the sender's own secret, undamaged, signed the body as it came.
  fileprivate var isOfWhatCame: Bool { key.isOwn && !key.isDamaged && body.changes.isEmpty }
}

extension Claim {
  fileprivate static func otherEncoding(
    _ target: SignatureTarget, _ scheme: SignatureScheme, _ proof: String?
  ) -> Claim {
    let found = target.oddities.contains(.base64) ? "base64" : "hexadecimal"
    return Claim(
      .proven, title: scheme.kind.isOneWay ? "signature written wrong" : nil,
      "\(scheme.signatureWords) is in \(found), expected \(scheme.format.encoding.words)",
      remedy: scheme.kind.isOneWay ? "Write the signature in \(scheme.format.encoding.words)." : nil,
      proof: proof)
  }

  fileprivate static func oddSignature(
    _ oddity: HeaderOddity, _ scheme: SignatureScheme, _ proof: String?
  ) -> Claim {
    Claim(
      .proven, title: "signature written wrong",
      "The signature is right, but \(oddity.words(under: scheme))",
      remedy: "Send the signature in DER, as the libraries for ECDSA write it.", proof: proof)
  }

  fileprivate static func otherLayout(_ scheme: SignatureScheme, _ proof: String?) -> Claim {
    Claim(
      .proven, "The signature is right, but the header is not written \(scheme.headerWords)", proof: proof)
  }

  /// A header that is wrong beside something else that is.
  fileprivate static func oddBesides(_ oddities: [HeaderOddity], _ scheme: SignatureScheme) -> Claim {
    Claim(
      .proven,
      "The header is also unusual: " + oddities.map { $0.words(under: scheme) }.joined(separator: ", "),
      remedy: "Send \(scheme.headerWords) as well.")
  }

  fileprivate static func oddBody(_ samples: [SampleVerifier: SampleResult]) -> Claim {
    let takers = SampleVerifier.allCases.filter { samples[$0] == .accepts }.map(\.title)
    let who =
      takers.isEmpty
      ? "no documented sample accepts it" : "only \(takers.joined(separator: " and ")) accept it"
    return Claim(
      .seen, title: "body is not UTF-8", "The body is not UTF-8; \(who)",
      remedy: "Verify the bytes as they came, before they are decoded as text.")
  }

  /// - Parameter samples: what the documented sample verifiers do with the delivery, where there are any.
  static func toleratedOddity(
    _ oddities: [HeaderOddity], _ scheme: SignatureScheme, samples: [SampleVerifier: SampleResult],
    _ level: Cause.Level
  ) -> Claim {
    let words = oddities.map { $0.words(under: scheme) }.joined(separator: ", ")
    let what = words.isEmpty ? "" : ": \(words)"
    let takers = SampleVerifier.allCases.filter { samples[$0] == .accepts }.map(\.title)
    let detail =
      if samples.isEmpty {
        "The signature is right, but the header is unusual\(what)"
      } else if takers.isEmpty {
        "The signature is right, but the header is unusual\(what). No documented sample accepts it"
      } else if takers.count == samples.count {
        "The header is unusual\(what). All documented samples accept it"
      } else {
        "The header is unusual\(what). \(takers.joined(separator: " and ")) would accept it, the other samples would not"
      }
    return Claim(
      level, detail, remedy: "Send \(scheme.headerWords); do not rely on lenient verifiers.")
  }
}
