internal import COpenSSL
internal import JSON
public import Webhooks

/// The private key of a sender who signs with one: what no receiver has.
public final class PrivateKey: Sendable {
  // Made here and afterwards only read.
  nonisolated(unsafe) private let key: OpaquePointer
  private let isEd25519: Bool

  /// Makes a new key for a kind of signature.
  public init(for kind: SignatureScheme.Kind) {
    isEd25519 = kind == .ed25519
    let context = EVP_PKEY_CTX_new_from_name(nil, isEd25519 ? "ED25519" : "EC", nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    precondition(EVP_PKEY_keygen_init(context) == 1)
    precondition(isEd25519 || EVP_PKEY_CTX_set_group_name(context, "P-256") == 1)
    precondition(EVP_PKEY_generate(context, &key) == 1)
    self.key = key!
  }

  deinit { EVP_PKEY_free(key) }

  /// The public key as it is given to hooktop: hexadecimal digits, or DER in base64.
  public var publicText: String {
    guard isEd25519 else { return String(decoding: Base64.encoded(der), as: UTF8.self) }
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = bytes.count
    precondition(EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1)
    return Hex.text(bytes)
  }

  /// The same in PEM, as `openssl pkey -pubout` prints it.
  public var publicPEM: String {
    let digits = Array(Base64.encoded(der))
    let lines = stride(from: 0, to: digits.count, by: 64).map {
      String(decoding: digits[$0..<min($0 + 64, digits.count)], as: UTF8.self)
    }
    return (["-----BEGIN PUBLIC KEY-----"] + lines + ["-----END PUBLIC KEY-----"]).joined(separator: "\n")
      + "\n"
  }

  private var der: [UInt8] {
    var start: UnsafeMutablePointer<UInt8>?
    let count = i2d_PUBKEY(key, &start)
    defer { CRYPTO_free(start, #file, #line) }
    return Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }

  /// The signature of a message; one of ECDSA is in DER.
  public func signature(of message: [UInt8]) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    precondition(EVP_DigestSignInit(context, nil, isEd25519 ? nil : EVP_sha256(), nil, key) == 1)
    var count = 0
    precondition(EVP_DigestSign(context, nil, &count, message, message.count) == 1)
    var signature = [UInt8](repeating: 0, count: count)
    precondition(EVP_DigestSign(context, &signature, &count, message, message.count) == 1)
    return Array(signature.prefix(count))
  }
}
