internal import COpenSSL
internal import JSON

/// A public key that verifies signatures of a sender who signs with a private one: ed25519, or ECDSA over P-256.
package final class PublicKey: Sendable {
  // Made here and afterwards only read: libcrypto counts its users and locks what it works out from it, so that threads
  // may share it.
  nonisolated(unsafe) private let key: OpaquePointer
  private let isEd25519: Bool

  /// Creates a key from its 32 bytes, for ed25519, or from a SubjectPublicKeyInfo in DER; nil for anything else.
  package init?(_ bytes: [UInt8], for kind: SignatureScheme.Kind) {
    isEd25519 = kind == .ed25519
    guard let key = isEd25519 ? Self.ed25519(bytes) : Self.p256(bytes) else { return nil }
    self.key = key
  }

  deinit {
    EVP_PKEY_free(key)
  }

  /// Creates a key from a SubjectPublicKeyInfo in PEM, as `openssl pkey -pubout` writes it; nil for anything else.
  package init?(pem text: [UInt8], for kind: SignatureScheme.Kind) {
    isEd25519 = kind == .ed25519
    guard let der = Self.der(of: text), let key = Self.key(der, isEd25519 ? Self.isEd25519 : Self.isP256)
    else {
      return nil
    }
    self.key = key
  }

  /// Whether a text is meant as PEM.
  package static func isPEM(_ text: [UInt8]) -> Bool { text.starts(with: "-----BEGIN".utf8) }

  /// What base64 stands for between the two lines, with ends of lines of any kind.
  private static func der(of text: [UInt8]) -> [UInt8]? {
    let lines = text.split { $0 == 0x0A || $0 == 0x0D }.map { Array($0) }.filter { !$0.isEmpty }
    guard lines.count > 2, lines[0].elementsEqual("-----BEGIN PUBLIC KEY-----".utf8),
      lines[lines.count - 1].elementsEqual("-----END PUBLIC KEY-----".utf8)
    else { return nil }
    return Base64.decoded(Array(lines[1..<(lines.count - 1)].joined()).span)
  }

  private static func ed25519(_ bytes: [UInt8]) -> OpaquePointer? {
    guard bytes.count == 32 else { return nil }
    return EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
  }

  private static func p256(_ bytes: [UInt8]) -> OpaquePointer? { key(bytes, isP256) }

  /// The key that a SubjectPublicKeyInfo in DER holds; nil if it is not of the kind that is due.
  private static func key(_ der: [UInt8], _ isDue: (OpaquePointer) -> Bool) -> OpaquePointer? {
    der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard next != nil, let key = d2i_PUBKEY(nil, &next, buffer.count) else { return nil }
      // Bytes behind the key, or a key of another kind, are a mistake of whoever copied it.
      guard next == buffer.baseAddress.map({ $0 + buffer.count }), isDue(key) else {
        EVP_PKEY_free(key)
        return nil
      }
      return key
    }
  }

  private static func isEd25519(_ key: OpaquePointer) -> Bool { EVP_PKEY_is_a(key, "ED25519") == 1 }

  private static func isP256(_ key: OpaquePointer) -> Bool {
    var name = [CChar](repeating: 0, count: 64)
    var count = 0
    guard EVP_PKEY_is_a(key, "EC") == 1, EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else {
      return false
    }
    return name.prefix(count).elementsEqual("prime256v1".utf8.map { CChar($0) })
  }

  /// Returns whether `signature` is one of `message`; every other byte string is none.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    // A signature that is not well formed leaves its reason in the thread's queue of errors.
    defer { ERR_clear_error() }
    // The hash is a part of ed25519, and SHA-256 in what senders do with P-256.
    guard EVP_DigestVerifyInit(context, nil, isEd25519 ? nil : EVP_sha256(), nil, key) == 1 else {
      return false
    }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
