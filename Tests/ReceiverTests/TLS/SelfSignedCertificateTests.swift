import Testing
import Webhooks

@testable import Receiver

@Suite("A receiver's own certificate")
struct SelfSignedCertificateTests {
  /// 2026-11-21T18:02:11Z.
  private static let now = Timestamp("2026-11-21T18:02:11Z")!

  private func made(host: String = "hooks.box.invalid") throws -> SelfSignedCertificate {
    try SelfSignedCertificate(for: CertificateNames(host: host, machine: "box"), at: Self.now)
  }

  @Test(
    "is read by openssl as it was meant: names, dates, curve and use",
    .enabled(if: OpenSSL.isInstalled, "needs openssl"))
  func read() throws {
    let made = try made()
    let text = try OpenSSL.run(
      ["x509", "-inform", "der", "-noout", "-text", "-nameopt", "RFC2253"], input: made.certificate.der)
    for line in [
      "Version: 3 (0x2)", "Signature Algorithm: ecdsa-with-SHA256", "Issuer: CN=hooktop",
      "Subject: CN=hooktop",
      "Not Before: Nov 21 17:02:11 2026 GMT", "Not After : Dec 21 18:02:11 2026 GMT", "NIST CURVE: P-256",
      "DNS:hooks.box.invalid, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:box",
      "CA:FALSE", "TLS Web Server Authentication",
    ] {
      #expect(text.contains(line), "\(line) is missing in:\n\(text)")
    }
  }

  @Test("has the fingerprint that openssl finds", .enabled(if: OpenSSL.isInstalled, "needs openssl"))
  func fingerprint() throws {
    let certificate = try made().certificate
    let line = try OpenSSL.run(
      ["x509", "-inform", "der", "-noout", "-fingerprint", "-sha256"], input: certificate.der)
    #expect(line == "sha256 Fingerprint=\(certificate.fingerprint)\n")
    #expect(certificate.fingerprint.utf8.count == 95)
  }

  @Test("belongs to its key and to no other, and vouches for itself")
  func key() throws {
    let (one, other) = (try made(), try made())
    #expect(one.certificate.belongs(to: one.key))
    #expect(!one.certificate.belongs(to: other.key))
    #expect(one.certificate.isSelfSigned)
  }

  @Test("has a number and a key of its own each time")
  func random() throws {
    let ders = try (0..<3).map { _ in try made().certificate.der }
    #expect(Set(ders).count == 3)
  }

  @Test("is for its names, and for no others")
  func names() throws {
    let certificate = try made().certificate
    for name in ["hooks.box.invalid", "localhost", "127.0.0.1", "::1", "box"] {
      #expect(certificate.names(name), "\(name)")
    }
    for name in ["box.invalid", "example.com", "127.0.0.2", "hooktop", ""] {
      #expect(!certificate.names(name), "\(name)")
    }
  }

  @Test("is read back from DER, and noise is not")
  func der() throws {
    let certificate = try made().certificate
    #expect(Certificate(der: certificate.der)?.der == certificate.der)
    #expect(Certificate(der: []) == nil)
    #expect(Certificate(der: [0x30, 0x82]) == nil)
  }
}
