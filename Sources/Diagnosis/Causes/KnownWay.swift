internal import Webhooks

// Whose way of signing a proof is, where it is not the sender's own.
extension Evidence {
  /// Which known sender signs as the proof says, as a sentence; nil if none does, or that is the sender itself.
  var knownWay: String? {
    guard let proof, proof.kind == .hmac, proof.form.method == .hmac, let form = proof.keyForm else {
      return nil
    }
    let alike = subject.providers.all.filter { provider in
      provider != subject.provider && provider.scheme.kind == .hmac
        && provider.scheme.text == proof.form.text && provider.scheme.digest == proof.form.digest
        && KeyWords(provider.scheme.keyForm) == form
    }
    let encoded = alike.filter { proof.isWritten(in: $0.scheme.format.encoding) }
    let senders = encoded.isEmpty ? alike : encoded
    guard let first = senders.first else { return nil }
    let who =
      senders.count < 3
      ? senders.map(\.title).joined(separator: " and ") : "\(first.title) and \(senders.count - 1) others"
    let verb = senders.count == 1 ? "signs" : "sign"
    return "That is how \(who) \(verb) (\(first.scheme.text.template), \(form.rawValue))"
  }
}

/// What a secret is as a key, in words.
private enum KeyWords: String {
  case text = "key as text"
  case base64 = "key base64-decoded"
  case hexadecimal = "key hex-decoded"

  init(_ form: SignatureScheme.KeyForm) {
    switch form {
    case .utf8: self = .text
    case .base64: self = .base64
    case .hex: self = .hexadecimal
    }
  }
}

extension ProofMatch {
  /// What the sender has made of its secret; nil if that was damaged in another way.
  fileprivate var keyForm: KeyWords? {
    switch key.changes {
    case []: KeyWords(key.keyForm)
    case [.undecoded]: .text
    case [.base64Decoded], [.prefixedBase64Decoded]: .base64
    case [.hexDecoded], [.prefixedHexDecoded]: .hexadecimal
    default: nil
    }
  }

  /// Whether the signature that came is in this encoding.
  fileprivate func isWritten(in encoding: SignatureFormat.Encoding) -> Bool {
    guard target.form == nil else { return false }
    let isBase64 = target.oddities.contains(.base64) || reading.scheme.format.encoding == .base64
    let isIn64 = isBase64 && !target.oddities.contains(.hexadecimal)
    return isIn64 == (encoding == .base64)
  }
}
