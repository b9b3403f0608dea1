// What is said of a verdict: in the words of the scheme, so that nobody is told of a `t` that their sender does not send.
extension Verdict.Reason {
  /// Returns what was found, in a few words: `no secret matches`.
  /// - Parameter scheme: that of the delivery's provider; nil if none is known.
  public func summary(under scheme: SignatureScheme?) -> String {
    let (time, signature) = (scheme.timeWords, scheme.signatureWords)
    return switch self {
    case .ok: "signed by the holder of the secret"
    case .noHeader: "no signature header"
    case .headerRepeated: "the signature header stands more than once"
    case .headerEmpty: "the signature header is empty"
    case .partWithoutEquals: "a part of the header has no ="
    case .spaceAroundKey: "white space beside \(time) or \(signature)"
    case .noT: scheme?.time == .signature ? "the header has no \(time)" : "\(time) is missing"
    case .tRepeated: "\(time) stands more than once"
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
    case .signatureLength: "the signature has another length than its digest"
    case .noID: "the id that is signed is missing"
    case .noV1Matches: "no secret matches"
    case .tooOld: "signed too long ago"
    case .inFuture: "signed in the future"
    case .noSecret: "no secret to check it with"
    }
  }

  /// One sentence on what to do about it.
  /// - Parameter scheme: that of the delivery's provider; nil if none is known.
  public func remedy(under scheme: SignatureScheme?) -> String {
    let (time, signature) = (scheme.timeWords, scheme.signatureWords)
    return switch self {
    case .ok: "Nothing is to be done."
    case .noHeader: "Send it with the signature header, or find what strips headers on the way."
    case .headerRepeated: "Find the proxy that adds a second signature header; only one may arrive."
    case .headerEmpty: "Find what empties the header on the way; the provider never sends it so."
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
    case .format: "Send the header as the sender's scheme has it, with nothing before or after."
    case .noSignature: "Send the signature in the header, as the sender's scheme has it."
    case .signatureNotHex: "Print the digest in lower-case hexadecimal."
    case .signatureNotBase64: "Print the digest in base64 with padding."
    case .signatureLength: "Send the whole digest, not cut short, and of the scheme's hash function."
    case .noID: "Send the id in its header; it is part of what is signed."
    case .noV1Matches: "Compare the secret with the provider's, and verify the raw bytes, not parsed JSON."
    case .tooOld: "Check both clocks; if it was queued or replayed, have it sent again."
    case .inFuture: scheme.remedyOfFuture
    case .noSecret: "Give the secret: --secret NAME=env:VAR, or set the provider's variable."
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
    case .header(let name): name
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
  public var signatureWords: String { format.holdsTime ? format.signatureName : "the signature" }
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
      let (encoding, digest) = (scheme.format.encoding.rawValue, scheme.digest.rawValue)
      return "\(signatureWords)=<\(encoding) hmac-\(digest) of \(text)>"
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
