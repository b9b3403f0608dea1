internal import COpenSSL

/// A private key, as libcrypto holds it.
final class PrivateKey {
  let handle: OpaquePointer

  /// Takes over `handle`, and frees it in the end.
  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  deinit { EVP_PKEY_free(handle) }

  var der: [UInt8] { DER.encoded { i2d_PrivateKey(handle, $0) } }
}
