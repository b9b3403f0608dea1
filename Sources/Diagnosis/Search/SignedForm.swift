internal import Webhooks

/// One way to put together the text that is signed, and the digest it is signed with.
struct SignedForm: Sendable, Equatable {
  /// What stands around the body.
  enum Layout: Sendable, Equatable, CaseIterable {
    case documented, bodyAlone, withoutDot, colon, newline, bodyFirst, versioned, identified

    var usesTime: Bool { self != .bodyAlone }

    /// The layout as a scheme's template writes it.
    fileprivate var template: String {
      switch self {
      case .documented: "{t}.{body}"
      case .bodyAlone: "{body}"
      case .withoutDot: "{t}{body}"
      case .colon: "{t}:{body}"
      case .newline: "{t}\n{body}"
      case .bodyFirst: "{body}.{t}"
      case .versioned: "v0:{t}:{body}"
      case .identified: "{id}.{t}.{body}"
      }
    }

    /// The layout, as in `t.body`.
    var words: String {
      switch self {
      case .documented: "t.body"
      case .bodyAlone: "the body alone"
      case .withoutDot: "t and body without a dot"
      case .colon: "t:body"
      case .newline: "t, a newline and body"
      case .bodyFirst: "body.t"
      case .versioned: "v0:t:body"
      case .identified: "id.t.body"
      }
    }
  }

  typealias Digest = SignatureScheme.Digest

  let layout: Layout
  let digest: Digest
  /// nil for no layout: a test reads them all.
  let template: SignedTextTemplate?

  init(layout: Layout, digest: Digest) {
    self.layout = layout
    self.digest = digest
    template = SignedTextTemplate(layout.template)
  }

  /// What the providers document.
  static let documented = SignedForm(layout: .documented, digest: .sha256)

  /// Every form with one of `digests`, but for `form`.
  static func others(than form: SignedForm, digests: [Digest]) -> [SignedForm] {
    digests.flatMap { digest in Layout.allCases.map { SignedForm(layout: $0, digest: digest) } }
      .filter { $0 != form }
  }

  /// The text that is signed; `id` stands for the delivery's id.
  func text(time: [UInt8], id: [UInt8], body: [UInt8]) -> SignedText {
    template?.filled(time: time, id: id, body: body) ?? SignedText(before: [], body: body)
  }
}

extension SignatureScheme.Digest {
  /// SHA-256, which is documented, and those others whose MACs have one of `sizes`.
  static func all(sizes: Set<Int>) -> [SignatureScheme.Digest] {
    [.sha256] + [.sha1, .sha512].filter { sizes.contains($0.size) }
  }

  var words: String {
    switch self {
    case .sha1: "HMAC-SHA1"
    case .sha256: "HMAC-SHA256"
    case .sha512: "HMAC-SHA512"
    }
  }
}
