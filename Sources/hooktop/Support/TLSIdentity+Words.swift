internal import Receiver

extension TLSIdentity {
  /// What the user must be told to make the certificate known; nil for one that they have brought.
  var announcement: String? {
    isMadeForThisRun ? "self-signed certificate, SHA-256 fingerprint \(fingerprint)" : nil
  }

  /// The greeting on the screen, which hides what was said before it, with what is to be said of the certificate.
  func greeting(after other: String?) -> String? {
    let own = isMadeForThisRun ? "Certificate SHA-256 \(fingerprint)" : warning.map { "warning: \($0)" }
    guard let other, isMadeForThisRun else { return other ?? own }
    return "\(other); ? shows the certificate"
  }
}
