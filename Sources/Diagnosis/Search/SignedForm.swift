internal import Webhooks

/// One way to put together the text that is signed, and the digest it is signed with.
struct SignedForm: Sendable, Equatable {
  typealias Digest = SignatureScheme.Digest

  let text: SignedTextTemplate
  let digest: Digest

  init(text: SignedTextTemplate, digest: Digest) {
    self.text = text
    self.digest = digest
  }

  /// What a sender of this scheme signs.
  init(of scheme: SignatureScheme) {
    self.init(text: scheme.text, digest: scheme.digest)
  }

  /// The texts that senders are known to sign, the likeliest first.
  static let usualTexts = [
    "{t}.{body}", "{body}", "{t}{body}", "{t}:{body}", "{t}\n{body}", "{body}.{t}", "{body}{t}",
    "v0:{t}:{body}",
    "{id}.{t}.{body}",
  ].compactMap { SignedTextTemplate($0) }

  /// Every other form than `form` with a usual text, or that of one of `schemes`, and one of `digests`.
  static func others(than form: SignedForm, schemes: [SignatureScheme], digests: [Digest]) -> [SignedForm] {
    let texts = ([form.text] + usualTexts + schemes.map(\.text)).reduce(into: [SignedTextTemplate]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return digests.flatMap { digest in texts.map { SignedForm(text: $0, digest: digest) } }
      .filter { $0 != form }
  }
}

extension SignedTextTemplate {
  /// The text in words, as in `t.body`.
  var words: String {
    switch template {
    case "{body}": "the body alone"
    case "{t}{body}": "t and body without a dot"
    case "{t}\n{body}": "t, a newline and body"
    default: template.filter { $0 != "{" && $0 != "}" }
    }
  }
}

extension SignatureScheme.Digest {
  /// This one, which is due, and those others whose MACs have one of `sizes`.
  func andOthers(ofSizes sizes: Set<Int>) -> [SignatureScheme.Digest] {
    [self] + Self.allCases.filter { $0 != self && sizes.contains($0.size) }
  }

  var words: String {
    switch self {
    case .sha1: "HMAC-SHA1"
    case .sha256: "HMAC-SHA256"
    case .sha512: "HMAC-SHA512"
    }
  }
}
