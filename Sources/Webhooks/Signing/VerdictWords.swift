// What is said of a verdict: in the words of the scheme, so that nobody is told of a `t` that their sender does not send.
extension Verdict.Reason {
  /// Returns what was found, in a few words: `no secret matches`.
  /// - Parameter scheme: that of the delivery's provider; nil if none is known.
  public func summary(under scheme: SignatureScheme?) -> String {
    let (time, signature) = (scheme.timeWords, scheme.signatureWords)
    return switch self {
    case .ok: scheme.wordsOfSuccess
    case .noHeader: "no \(scheme.headerNoun) header"
    case .headerRepeated: "the \(scheme.headerNoun) header appears more than once"
    case .headerEmpty: "the \(scheme.headerNoun) header is empty"
    case .partWithoutEquals: "a part of the header has no ="
    case .spaceAroundKey: "white space beside \(time) or \(signature)"
    case .noT: scheme?.time == .signature ? "the header has no \(time)" : "\(time) is missing"
    case .tRepeated: "\(time) appears more than once"
    case .tNotCanonicalDecimal:
      scheme?.timeUnit == .date ? "\(time) is not a date and time" : "\(time) is not a plain decimal number"
    case .noV1: "the header has no \(scheme == nil ? "signature" : signature)"
    case .v1Not64Hex:
      scheme.map { "\(signature) is not \(2 * $0.digest.size) hexadecimal digits" }
        ?? "\(signature) is not a whole digest in hexadecimal"
    case .v1NotLowercaseHex: "\(signature) is not in lower case"
    case .format: "the header is not written as the sender documents"
    case .noSignature: "the header has no signature"
    case .signatureNotHex: "the signature is not hexadecimal"
    case .signatureNotBase64: "the signature is not base64"
    case .signatureLength:
      scheme.isOneWay
        ? "the signature has another length than its kind has"
        : "the signature has another length than its digest"
    case .noID: "the id that is signed is missing"
    case .noV1Matches: scheme.isOneWay ? "no public key verifies it" : "no secret matches"
    case .tokenDiffers: "the token is not the secret"
    case .tooOld: "signed too long ago"
    case .inFuture: "signed in the future"
    case .noSecret: "no \(scheme.isOneWay ? "public key" : "secret") to check it with"
    }
  }

  /// One sentence on what to do about it.
  /// - Parameter scheme: that of the delivery's provider; nil if none is known.
  public func remedy(under scheme: SignatureScheme?) -> String {
    let (time, signature) = (scheme.timeWords, scheme.signatureWords)
    return switch self {
    case .ok: "Nothing to do."
    case .noHeader: "Send it with the \(scheme.headerNoun) header, or find what strips headers on the way."
    case .headerRepeated:
      "Find the proxy that adds a second \(scheme.headerNoun) header; only one may arrive."
    case .headerEmpty: "Find what empties the header on the way; the provider never sends it empty."
    case .partWithoutEquals: "Send \(scheme.form) with nothing between or after."
    case .spaceAroundKey: "Take out the spaces\(scheme == nil ? "" : ": \(scheme.form)")."
    case .noT:
      scheme?.time == .signature
        ? "Send \(time)=<unix \(scheme.unitWords)> before \(signature); the time is part of what is signed."
        : "Send \(time) with \(scheme.timeForm); the time is part of what is signed."
    case .tRepeated:
      "Send \(scheme == nil ? "one time" : "one \(time)"); with two nobody can say which one was signed."
    case .tNotCanonicalDecimal: "Send \(time) in \(scheme.timeForm)."
    case .noV1: "Send \(scheme.signatureForm)."
    case .v1Not64Hex: "Send the whole \(scheme.digestForm), not base64 or cut short."
    case .v1NotLowercaseHex: "Print the HMAC in lower case: strict verifiers compare the text."
    case .format:
      "Send \(scheme == nil ? "the header as the sender's scheme has it" : "the header as \(scheme.form)"), with nothing before or after."
    case .noSignature: "Send the signature in the header, as the sender's scheme has it."
    case .signatureNotHex: "Print the \(scheme.digestNoun) in lower-case hexadecimal."
    case .signatureNotBase64: "Print the \(scheme.digestNoun) in base64 with padding."
    case .signatureLength:
      scheme.isOneWay
        ? "Send the whole signature, not cut short."
        : "Send the whole digest, not cut short, and of the scheme's hash function."
    case .noID: "Send the id in its header; it is part of what is signed."
    case .noV1Matches:
      "Compare the \(scheme.isOneWay ? "public key" : "secret") with the provider's, and verify the raw bytes, not parsed JSON."
    case .tokenDiffers:
      "Compare the secret with the token that is set at the sender; it is sent unchanged."
    case .tooOld: "Check both clocks; if it was queued or replayed, have it sent again."
    case .inFuture: scheme.remedyOfFuture
    case .noSecret:
      "Give the \(scheme.isOneWay ? "sender's public key" : "secret"): --secret NAME=env:VAR, or set the provider's variable."
    }
  }
}

extension SignatureScheme {
  /// What the time is called in a sentence: its name in the signature's header, that of its own header, or its place in
  /// the body.
  public var timeWords: String {
    switch time {
    case .signature: format.timeName.map { String(decoding: $0, as: UTF8.self) } ?? "the time"
    case .nowhere: "the time"
    case .headers(let names): names.first ?? "the time"
    case .body(let path): "body." + path.joined(separator: ".")
    }
  }

  /// The time's name in the signature's header, where it has one: short enough to stand before a value.
  public var timeLabel: String {
    guard time == .signature else { return "time" }
    let (words, article) = (timeWords, "the ")
    return words.hasPrefix(article) ? String(words.dropFirst(article.count)) : words
  }

  /// What a signature is called in a sentence: its name in the header, where it has one.
  public var signatureWords: String {
    format.holdsTime ? format.signatureName : kind == .token ? "the token" : "the signature"
  }
}

// Where no scheme is known, the words name nothing that only some senders have.
extension SignatureScheme? {
  public var timeWords: String { self?.timeWords ?? "the time" }
  public var signatureWords: String { self?.signatureWords ?? "the signature" }

  /// `seconds`.
  public var unitWords: String {
    switch self?.timeUnit {
    case .seconds?: "seconds"
    case .milliseconds?: "milliseconds"
    case .date?: "ISO 8601"
    case nil: "the unit that the sender documents"
    }
  }

  fileprivate var isOneWay: Bool { self?.kind.isOneWay ?? false }

  fileprivate var wordsOfSuccess: String {
    switch self?.kind {
    case .token?: "the token is the secret; the body is not signed"
    case .ed25519?, .ecdsaP256?: "signed by the holder of the private key"
    case .hmac?, nil: "signed by the holder of the secret"
    }
  }

  /// What the header holds.
  fileprivate var headerNoun: String { self?.kind == .token ? "token" : "signature" }

  /// What is printed as a signature.
  fileprivate var digestNoun: String { isOneWay ? "signature" : "digest" }

  /// `t=<seconds>,v1=<hex>`.
  fileprivate var form: String {
    self.map { scheme in
      scheme.format.template.replacing("{t}", with: "<\(unitWords)>").replacing(/\{(\w+)\}/) { "<\($0.1)>" }
    } ?? "the header as the sender documents it"
  }

  /// How a time is due to be written, after "in" or "with".
  fileprivate var timeForm: String {
    switch self?.timeUnit {
    case .date?: "a date and time of ISO 8601"
    case .seconds?, .milliseconds?: "whole unix \(unitWords): digits only, no zero in front"
    case nil: "the form that the sender documents"
    }
  }

  /// `v1=<hex hmac-sha256 of t.body>`.
  fileprivate var signatureForm: String {
    self.map { scheme in
      let text = scheme.text.template.replacing("{t}", with: scheme.timeWords).replacing(/[{}]/, with: "")
      let kind = scheme.kind.isOneWay ? scheme.kind.rawValue : "hmac-\(scheme.digest.rawValue)"
      return "\(signatureWords)=<\(scheme.format.encoding.rawValue) \(kind) of \(text)>"
    } ?? "the signature as the sender documents it"
  }

  /// `HMAC-SHA256 as 64 hexadecimal digits`.
  fileprivate var digestForm: String {
    self.map { "HMAC-\($0.digest.rawValue.uppercased()) as \(2 * $0.digest.size) hexadecimal digits" }
      ?? "digest in hexadecimal digits"
  }

  fileprivate var remedyOfFuture: String {
    "Check both clocks: the sender's is ahead of this one"
      + (self?.timeUnit == .seconds ? ", or \(timeWords) is in milliseconds." : ".")
  }
}
