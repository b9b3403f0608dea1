internal import JSON
internal import Webhooks

/// What is wrong with the signature header.
extension Cause {
  static let ofHeader: [Cause] = [
    Cause(
      "no-signature-header", "no signature header",
      remedy: "Send the signature in the provider's own header, or check whether another provider sent it.",
      explains: true,
      breakages: [
        .reason(.noHeader, "The signature header was left out.") { $0.signatures = [] },
        .cause(
          .noHeader,
          "The signature is right, but its header lost the X- in front, so no verifier finds it."
        ) {
          try $0.rename { $0.asciiLowercased.hasPrefix("x-") ? String($0.dropFirst(2)) : nil }
        },
      ]
    ) { evidence in
      guard evidence.facts.header.lines.isEmpty else { return [] }
      let due = evidence.subject.provider?.scheme
      if case .near(let header)? = evidence.proof?.source {
        return [.noSignatureHeader(header, .proven, due)]
      }
      guard evidence.proof == nil else { return [] }
      let (request, provider) = (evidence.subject.request, evidence.subject.provider)
      let near =
        evidence.facts.header.near.first
        ?? .ofAnotherProvider(
          in: request.headers, than: provider, of: evidence.subject.providers)
      return [.noSignatureHeader(near, .seen, due)]
    },
    Cause(
      "signature-in-other-header", "signature in another header",
      remedy: "Send the signature in the documented header, and only there.",
      breakages: [
        .cause(.noV1Matches, "The right signature is in X-Signature; the expected header holds another one.")
        {
          if Providers.isCommon(ByteString($0.signatureHeader)) { throw NotApplicable() }
          $0.set("X-Signature", to: $0.signatures.first ?? [])
          $0.signUnrelated()
        }
      ]
    ) { evidence in
      guard let due = evidence.subject.provider?.signatureHeader, let found = evidence.otherHeader
      else { return [] }
      let what = evidence.scheme?.kind == .token ? "token" : "signature"
      return [
        Claim(
          .proven, "The right \(what) is in \(found); \(due) holds another one",
          proof: evidence.signedBytes)
      ]
    },
    Cause(
      "malformed-header", "malformed header",
      remedy: "Send the signature header as the provider documents it.",
      breakages: [
        .reason(.headerEmpty, "The signature header is present but empty.") { $0.signatures = [[]] }
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
  ]
}

extension Evidence {
  /// The name of another header that the right signature is in, where the due one is there too.
  fileprivate var otherHeader: String? {
    guard !facts.header.lines.isEmpty, let proof, proof.key.isOwn else { return nil }
    switch proof.source {
    case .own: return nil
    case .near(let header): return Printable.short(header.name.text, limit: 40)
    case .other(let provider):
      return provider.scheme.headers.first { subject.request.headers.contains($0) }
    }
  }
}

extension Claim {
  static func noSignatureHeader(
    _ near: NearHeader?, _ level: Cause.Level, _ due: SignatureScheme? = nil
  ) -> Claim {
    let isToken = due?.kind == .token
    guard let near else {
      return Claim(
        level, "No request header looks like \(isToken ? "a token" : "a signature")",
        remedy: "Find what strips headers on the way, or point the provider's webhook here.")
    }
    let name = Printable.short(near.name.text, limit: 40)
    switch near.kind {
    case .misspelled(let provider):
      return Claim(level, "Found \(name); expected \(provider.signatureHeader)")
    case .service(let title): return Claim(level, "Found \(name), the signature header of \(title)")
    case .shared, .unknown:
      if level == .proven, let due {
        return Claim(
          level, "The right \(isToken ? "token" : "signature") is in \(name); expected \(due.header)",
          remedy: "Send the \(isToken ? "token" : "signature") in the provider's own header.")
      }
      if near.kind == .shared {
        return Claim(level, "Found \(name), a name that many senders use for their signatures")
      }
      return Claim(level, "Found \(name), which no configured provider uses")
    }
  }

  static func malformedHeader(
    _ reason: Verdict.Reason, offset: Int?, _ resemblance: String?, under scheme: SignatureScheme?
  ) -> Claim {
    // What stands in a field of its own is at no offset of the signature's header.
    let isApart = [.noT, .tNotCanonicalDecimal, .noID].contains(reason) && scheme?.time != .signature
    let place = isApart ? "" : offset.map { ", at offset \($0)" } ?? ""
    let words = reason.summary(under: scheme) + place + (resemblance.map { "; \($0)" } ?? "")
    return Claim(.seen, words, remedy: reason.remedy(under: scheme))
  }
}
