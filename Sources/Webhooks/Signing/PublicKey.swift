internal import COpenSSL

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

  private static func ed25519(_ bytes: [UInt8]) -> OpaquePointer? {
    guard bytes.count == 32 else { return nil }
    return EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
  }

  private static func p256(_ bytes: [UInt8]) -> OpaquePointer? {
    bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard next != nil, let key = d2i_PUBKEY(nil, &next, buffer.count) else { return nil }
      // Bytes behind the key, or a key of another kind, are a mistake of whoever copied it.
      guard next == buffer.baseAddress.map({ $0 + buffer.count }), isP256(key) else {
        EVP_PKEY_free(key)
        return nil
      }
      return key
    }
  }

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
