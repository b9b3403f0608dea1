import NIOSSL
import Webhooks

/// What a failed handshake tells about its sender, for the user.
struct HandshakeFailure: Equatable {
  let reason: Incident.Reason
  let sentence: String

  init(_ error: BoringSSLError) {
    switch error {
    case .sslError([.eofDuringHandshake]), .syscallError, .zeroReturn:
      reason = .aborted
      sentence =
        "the sender closed the connection inside the TLS handshake: does it trust the certificate?"
    default:
      reason = .notHTTP
      sentence = Self.sentence("\(error)")
    }
  }

  /// - Parameter report: what the library says, with its names for what went wrong in capitals.
  static func sentence(_ report: String) -> String {
    func names(_ faults: [String]) -> Bool { faults.contains { report.contains($0) } }
    if names(distrust) {
      return "the sender does not trust the certificate: make it known there, or use one that it knows"
    }
    if names(alertInTheClear) {
      return
        "the sender broke the TLS handshake off, as one does that does not trust the certificate: make it known there"
    }
    if names(noVersion) {
      return "the TLS handshake failed: the sender offers neither TLS 1.2 nor TLS 1.3"
    }
    if names(nothingInCommon) {
      return "the TLS handshake failed: the sender offers no cipher, curve or signature that is taken here"
    }
    return "the TLS handshake failed: \(name(in: report))"
  }

  /// What ended a connection once its handshake was done.
  static func sentence(afterHandshake error: BoringSSLError) -> String {
    let report = "\(error)"
    if report.contains("ALERT_") { return "the sender broke the TLS connection off: \(name(in: report))" }
    if report.contains("BAD_RECORD_MAC") {
      return "a TLS record can't be decrypted: it was changed or lost in part on the way"
    }
    return "the TLS connection broke: \(name(in: report))"
  }

  private static let distrust = [
    "ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_ACCESS_DENIED",
  ]
  /// What is too short to be encrypted is a word of the sender's before it has keys, as OpenSSL sends one.
  private static let alertInTheClear = ["BAD_PACKET_LENGTH"]
  private static let noVersion = ["UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION", "WRONG_VERSION_NUMBER"]
  private static let nothingInCommon = [
    "NO_SHARED_CIPHER", "NO_SHARED_GROUP", "WRONG_CURVE", "NO_COMMON_SIGNATURE_ALGORITHMS",
  ]

  /// `bad decrypt` of `error:1e000065:Cipher functions:OPENSSL_internal:BAD_DECRYPT at …`.
  private static func name(in report: String) -> String {
    let name = report.firstMatch(of: #/:([A-Z][A-Z0-9_]+) at/#).map { String($0.1) } ?? "no reason is known"
    return name.lowercased().replacing("_", with: " ")
  }
}
