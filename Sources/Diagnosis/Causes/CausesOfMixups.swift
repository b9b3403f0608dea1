internal import JSON
internal import Webhooks

/// What belongs to something else: a second header, another provider, another text, another delivery.
extension Cause {
  static let ofMixups: [Cause] = [
    Cause(
      "repeated-header", "signature header repeated",
      remedy: "Find the proxy that adds a second signature header; only one may arrive.",
      breakages: [
        .reason(
          .headerRepeated, "The request has the signature header twice, as if two proxies had added it."
        ) {
          $0.signatures += $0.signatures
        }
      ]
    ) { evidence in
      let count = evidence.facts.header.lines.count
      guard count > 1 else { return [] }
      guard case .own(let line, _)? = evidence.proof?.source else {
        return [.repeatedHeader(lines: count, matching: nil)]
      }
      return [.repeatedHeader(lines: count, matching: line)]
    },
    Cause(
      "other-provider", "other provider's headers",
      remedy: "Point each provider's webhook at a receiver that has its secret.",
      breakages: [
        .cause(
          .noV1Matches, "The signature arrived in another provider's header."
        ) {
          // Anything else is no signature there.
          try $0.requireHMAC()
          let other = $0.otherProvider?.signatureHeader
          try $0.rename { _ in other }
        }
      ]
    ) { evidence in
      guard let proof = evidence.proof, case .other(let provider) = proof.key.origin,
        evidence.isDelivery(of: provider)
      else { return [] }
      return [.otherProvider(provider, label: proof.key.label)]
    },
    Cause(
      "other-signed-text", "other signed text",
      remedy: "Sign the text that the provider documents, and send the digest as it does.",
      breakages: [
        .cause(
          .noV1Matches,
          "The sender signed another text: with the delivery id in front, or without it where the scheme has it."
        ) {
          try $0.signAnotherText()
        }
      ]
    ) { evidence in
      guard let proof = evidence.proof, proof.form.method == .hmac else { return [] }
      let scheme = proof.reading.scheme
      guard !proof.isOwnForm, !evidence.isOfAnotherScheme else { return [] }
      let encoding = proof.target.oddities.contains(.base64) ? " in base64" : " in hexadecimal"
      let digest = scheme.codeWords(proof.form.digest) + (proof.target.isOtherEncoding ? encoding : "")
      return [
        .otherSignedText(
          layout: proof.form.text.words, digest: digest, due: scheme, evidence.knownWay)
      ]
    },
    Cause(
      "other-url", "another URL signed",
      remedy: "Give the URL that is set at the sender: --public-url with its protocol and host.",
      breakages: [
        .ofURL(
          .noV1Matches,
          "The sender signed the URL with https in place of http, or the reverse, as behind a proxy."
        ) {
          try $0.signOtherURL()
        }
      ]
    ) { evidence in
      guard let proof = evidence.proof, proof.isOfOtherURL else { return [] }
      return [.otherURL(proof.url, taken: proof.reading.url)]
    },
    Cause(
      "roles-exchanged", "key and message exchanged",
      remedy: "Pass the secret as the key of the HMAC, and the text to sign as its message.",
      breakages: [
        .cause(.noV1Matches, "The sender used the text as the HMAC's key, and the secret as its message.") {
          try $0.signExchanged()
        }
      ]
    ) { evidence in
      guard evidence.proof?.isExchanged == true else { return [] }
      return [
        Claim(
          .proven, "The sender used the text to sign as the key, and the secret as the message",
          proof: evidence.signedBytes)
      ]
    },
    Cause(
      "computed-otherwise", "signature computed another way",
      remedy: "Compute one HMAC with the secret as the key, over the text that the provider documents.",
      breakages: [
        .cause(.noV1Matches, "The sender hashed the secret and the text, without HMAC.") {
          try $0.signPlainHash()
        }
      ]
    ) { evidence in
      guard let proof = evidence.proof, let words = proof.form.methodWords else { return [] }
      return [
        Claim(
          .proven, "The signature is \(words); expected: \(proof.reading.scheme.signatureDue)",
          proof: evidence.signedBytes)
      ]
    },
    Cause(
      "header-body-disagree", "header and body disagree",
      remedy: "Trust neither until the signature matches, then the body; find what rewrites the headers.",
      breakages: [
        .cause(
          .noV1Matches, "The signature and the event header belong to another delivery.",
          receiver: .secretsOnly
        ) {
          try $0.nameAnotherEvent()
          $0.signUnrelated()
        }
      ], find: disagreement),
    Cause(
      "edited-in-transit", "edited on the way",
      remedy: "Compare both bodies, and find what edits the payload between the signer and here.",
      explains: true,
      breakages: [
        .staged(
          .noV1Matches,
          "The event arrived as it was signed, and comes once more with one digit changed on the way.",
          prelude: .original
        ) {
          try $0.damage(lastDigitChanged)
        }
      ], find: edit),
  ]

  @Sendable private static func disagreement(_ evidence: Evidence) -> [Claim] {
    guard let provider = evidence.subject.provider, evidence.verdict.status != .valid else { return [] }
    let said =
      [(provider.eventHeader, provider.eventPath)]
      + (provider.deliveryIDPath.map { [(provider.deliveryHeader, $0)] } ?? [])
    let fields = JSONFieldQuery(said.map(\.1)).fields(in: evidence.subject.request.body)
    return zip(said, fields.values).compactMap { said, value in
      let (header, path) = said
      guard let says = evidence.subject.request.headers.first(header), let but = value?.string, says != but
      else { return nil }
      return .disagreement(
        header: header, says: Printable.short(says.text), field: path.joined(separator: "."),
        but: Printable.short(but.text))
    }
  }

  @Sendable private static func edit(_ evidence: Evidence) -> [Claim] {
    let sequence = evidence.bodyChange { if case .earlierDelivery(let number) = $0 { number } else { nil } }
    if let sequence {
      return evidence.differenceFromSigned == .other ? [.editedSince(sequence, evidence.signedBytes)] : []
    }
    guard evidence.isBodySuspect else { return [] }
    for earlier in evidence.neighbours.sameID.reversed() {
      let received = evidence.subject.request.body
      guard JSONDifference(from: earlier.request.body, to: received) == .other else { continue }
      let difference = ByteDifference(received: received, original: earlier.request.body)
      if let difference { return [.differs(from: earlier.sequence, at: difference.offset)] }
    }
    return []
  }

  /// The body with its last digit counted down, or up from 0: the least edit there is that no retry makes.
  @Sendable private static func lastDigitChanged(_ body: [UInt8]) -> [UInt8]? {
    var body = body
    guard let last = body.lastIndex(where: \.isASCIIDigit) else { return nil }
    body[last] = body[last] == UInt8(ascii: "0") ? UInt8(ascii: "1") : body[last] - 1
    return body
  }
}

extension Claim {
  static func repeatedHeader(lines: Int, matching: Int?) -> Claim {
    let base = "The signature header occurs \(lines) times"
    guard let matching else { return Claim(.seen, base) }
    return Claim(.proven, "\(base); line \(matching) matches, so a proxy probably added the others")
  }

  static func otherProvider(_ provider: Provider, label: String) -> Claim {
    let verb = provider.scheme.kind == .token ? "sent" : "signed"
    return Claim(.proven, "This is a delivery from \(provider.title), \(verb) with \(label)")
  }

  /// - Parameter way: whose way of signing that is, as a sentence.
  static func otherSignedText(
    layout: String, digest: String, due scheme: SignatureScheme, _ way: String? = nil
  ) -> Claim {
    let how = scheme.kind == .hmac ? " with \(scheme.digest.words)" : ""
    return Claim(
      .proven, "The signature is the \(digest) of \(layout); expected: \(scheme.signatureDue)",
      remedy: "Sign \(scheme.text.words)\(how), and send it in \(scheme.format.encoding.words).",
      proof: way)
  }

  static func otherURL(_ signed: SignedURL, taken: SignedURL) -> Claim {
    let words = "The sender signed \(signed.words); hooktop took \(taken.words)"
    guard signed.target == taken.target, !signed.base.isEmpty else {
      return Claim(
        .proven, words,
        remedy: "Have the proxy pass path and query on as they are, or give the sender the URL that arrives."
      )
    }
    return Claim(.proven, words, remedy: "Give --public-url \(signed.baseWords) when hooktop starts.")
  }

  static func disagreement(header: String, says: String, field: String, but: String) -> Claim {
    Claim(.seen, "\(header) says \(says); \(field) in the body says \(but)")
  }

  static func editedSince(_ delivery: UInt64, _ proof: String?) -> Claim {
    Claim(
      .proven, "The signed body is that of delivery \(delivery), which has the same id",
      proof: proof)
  }

  static func differs(from delivery: UInt64, at offset: Int) -> Claim {
    Claim(
      .likely,
      "Delivery \(delivery) with the same id verifies; this body differs from it from offset \(offset) on")
  }
}
