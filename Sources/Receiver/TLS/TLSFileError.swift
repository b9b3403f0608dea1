public import Webhooks

/// Why a receiver can't speak TLS; its description says what to do.
public enum TLSFileError: Error, Equatable, CustomStringConvertible {
  /// `reason` names the file.
  case unreadable(reason: String)
  case empty(path: String)
  case noCertificate(path: String)
  case damagedCertificate(path: String)
  case noKey(path: String)
  case encryptedKey(path: String)
  case mismatch(certificate: String, key: String)
  case expired(path: String, on: Timestamp)
  case notYetValid(path: String, until: Timestamp)
  case unusable(path: String, reason: String)
  case cannotMake(reason: String)

  public var description: String {
    switch self {
    case .unreadable(let reason):
      "\(reason): give --tls-cert and --tls-key files that can be read"
    case .empty(let path):
      "\(path) is empty: give --tls-cert the certificate, and --tls-key its key, in PEM form"
    case .noCertificate(let path):
      "\(path) holds no certificate in PEM form: give --tls-cert the server's certificate, and --tls-key its key"
    case .damagedCertificate(let path):
      "a certificate in \(path) is damaged: copy the file again"
    case .noKey(let path):
      "\(path) holds no private key in PEM form: give --tls-key the key of the certificate"
    case .encryptedKey(let path):
      "the key in \(path) is encrypted: decrypt it with openssl pkey, and give --tls-key what comes out"
    case .mismatch(let certificate, let key):
      "the key in \(key) does not belong to the first certificate in \(certificate): give --tls-key its own key, and put the server's certificate first"
    case .expired(let path, let moment):
      "the certificate in \(path) expired on \(moment.toTheSecond): renew it, or give --tls-self-signed instead"
    case .notYetValid(let path, let moment):
      "the certificate in \(path) is not valid before \(moment.toTheSecond): check this machine's clock, or give another one"
    case .unusable(let path, let reason):
      "the certificate in \(path) can't be used (\(reason)): make one with an EC P-256 or RSA 2048 key, or give --tls-self-signed instead"
    case .cannotMake(let reason):
      "no certificate could be made (\(reason)): give --tls-cert and --tls-key instead"
    }
  }
}

extension Timestamp {
  /// `2026-11-21 18:02:11 UTC`.
  fileprivate var toTheSecond: String { "\(iso8601.prefix(19).replacing("T", with: " ")) UTC" }
}
