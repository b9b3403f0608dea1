internal import COpenSSL
import Webhooks

/// A certificate that vouches for itself, and its key, both made in memory and kept nowhere else.
struct SelfSignedCertificate {
  /// Seconds that the certificate is valid before it was made: the clock of a sender may be behind.
  static let margin = 3600.0
  /// Seconds that it is valid afterwards: thirty days.
  static let lifetime = 30 * 86400.0

  let certificate: Certificate
  let key: PrivateKey

  /// Makes an EC key on P-256, and a certificate for `names` that is valid from an hour before `now` on.
  /// - Throws: `TLSFileError.cannotMake`.
  init(for names: CertificateNames, at now: Timestamp) throws(TLSFileError) {
    ERR_clear_error()
    guard let key = Self.makeKey(), let certificate = Self.makeCertificate(for: names, key, at: now) else {
      throw .cannotMake(reason: Self.lastReason)
    }
    self.key = key
    self.certificate = certificate
  }

  private static func makeKey() -> PrivateKey? {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
      EVP_PKEY_generate(context, &key) == 1
    else { return nil }
    return key.map(PrivateKey.init)
  }

  private static func makeCertificate(
    for names: CertificateNames, _ key: PrivateKey, at now: Timestamp
  ) -> Certificate? {
    guard let handle = X509_new() else { return nil }
    let certificate = Certificate(owning: handle)
    let start = Int(now.seconds - margin)
    let end = Int(now.seconds + lifetime)
    // What has no version but the first may have no extensions; 2 stands for the third.
    guard X509_set_version(handle, 2) == 1,
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(handle), .random(in: 1...UInt64.max)) == 1,
      ASN1_TIME_set(X509_getm_notBefore(handle), start) != nil,
      ASN1_TIME_set(X509_getm_notAfter(handle), end) != nil,
      setNames(handle), X509_set_pubkey(handle, key.handle) == 1,
      add(NID_basic_constraints, "critical,CA:FALSE", to: handle),
      add(NID_subject_key_identifier, "hash", to: handle),
      add(NID_ext_key_usage, "serverAuth", to: handle),
      add(NID_subject_alt_name, names.text, to: handle),
      X509_sign(handle, key.handle, EVP_sha256()) > 0
    else { return nil }
    return certificate
  }

  /// Subject and issuer are the same.
  private static func setNames(_ certificate: OpaquePointer) -> Bool {
    let name = X509_get_subject_name(certificate)
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_FLAG | 1, "hooktop", -1, -1, 0) == 1
      && X509_set_issuer_name(certificate, name) == 1
  }

  private static func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer) -> Bool {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, certificate, certificate, nil, nil, 0)
    guard let entry = X509V3_EXT_conf_nid(nil, &context, kind, value) else { return false }
    defer { X509_EXTENSION_free(entry) }
    return X509_add_ext(certificate, entry, -1) == 1
  }

  private static var lastReason: String {
    ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) } ?? "libcrypto gives no reason"
  }
}
