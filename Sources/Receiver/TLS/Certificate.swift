internal import COpenSSL
import Glibc
import Webhooks

/// An X.509 certificate, as libcrypto holds it.
final class Certificate {
  let handle: OpaquePointer

  /// Takes over `handle`, and frees it in the end.
  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  /// Reads a certificate in DER; nil where that is none.
  init?(der: [UInt8]) {
    let handle = der.withUnsafeBufferPointer { buffer in
      var start = buffer.baseAddress
      return d2i_X509(nil, &start, buffer.count)
    }
    guard let handle else { return nil }
    self.handle = handle
  }

  deinit { X509_free(handle) }

  var der: [UInt8] { DER.encoded { i2d_X509(handle, $0) } }

  /// The SHA-256 of the certificate as openssl prints it: `AB:CD:…`.
  var fingerprint: String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    X509_digest(handle, EVP_sha256(), &digest, &count)
    return digest.prefix(Int(count)).map(\.uppercaseHex).joined(separator: ":")
  }

  /// When it begins to be valid, and when it ends; nil where that is no date.
  var validity: (from: Timestamp, until: Timestamp)? {
    guard let from = Self.moment(X509_get0_notBefore(handle)),
      let until = Self.moment(X509_get0_notAfter(handle))
    else { return nil }
    return (from, until)
  }

  /// Whether it was made for this key.
  func belongs(to key: PrivateKey) -> Bool {
    X509_check_private_key(handle, key.handle) == 1
  }

  /// Whether it can be trusted by itself: no other certificate vouches for it.
  var isSelfSigned: Bool { X509_self_signed(handle, 1) == 1 }

  /// Whether it was made for a server of this name or address.
  func names(_ host: String) -> Bool {
    let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
    return X509_check_ip_asc(handle, host, flags) == 1
      || X509_check_host(handle, host, host.utf8.count, flags, nil) == 1
  }

  private static func moment(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
    var fields = tm()
    guard ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
    return Timestamp(seconds: Double(timegm(&fields)))
  }
}

extension UInt8 {
  fileprivate var uppercaseHex: String {
    let digits = String(self, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "0\(digits)" : digits
  }
}
