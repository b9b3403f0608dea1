/// What the TLS library reports, in words for the user: its own hold names of C functions and paths of source files.
enum TLSReport {
  static func words(_ report: String) -> String {
    func names(_ faults: String...) -> Bool { faults.contains { report.contains($0) } }
    if names("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted here" }
    if names("failedToValidateHostname") { return "its certificate is for other names" }
    if names("eofDuringHandshake", "EOF during handshake", "WRONG_VERSION_NUMBER", "HTTP_REQUEST") {
      return "no TLS is spoken there"
    }
    let name = report.firstMatch(of: #/:([A-Z][A-Z0-9_]+) at/#).map { String($0.1) }
    return name?.lowercased().replacing("_", with: " ") ?? "the handshake failed"
  }
}
