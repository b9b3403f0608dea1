import Testing
import Webhooks

@testable import Receiver

@Suite("What a receiver is known by")
struct TLSIdentityTests {
  private static let now = Timestamp("2026-11-21T18:02:11Z")!
  private static let day = 86400.0

  /// A certificate and its key as PEM files hold them.
  private struct Files {
    let made: SelfSignedCertificate
    let certificate: String
    let key: String

    init(at moment: Timestamp = TLSIdentityTests.now) throws {
      made = try SelfSignedCertificate(for: CertificateNames(host: "127.0.0.1"), at: moment)
      certificate = OpenSSL.pem("CERTIFICATE", made.certificate.der)
      key = OpenSSL.pem("EC PRIVATE KEY", made.key.der)
    }
  }

  private func identity(
    _ certificate: String, _ key: String, at moment: Timestamp = now
  ) throws(TLSFileError) -> TLSIdentity {
    try TLSIdentity(certificates: PEMFile("c.pem", certificate), key: PEMFile("k.pem", key), at: moment)
  }

  private func refusal(_ certificate: String, _ key: String, at moment: Timestamp = now) -> TLSFileError? {
    do throws(TLSFileError) {
      _ = try identity(certificate, key, at: moment)
      return nil
    } catch {
      return error
    }
  }

  @Test("a certificate and its key are taken, also from one file and with text around them")
  func taken() throws {
    let files = try Files()
    let identity = try identity(files.certificate, files.key)
    #expect(identity.certificate == files.made.certificate.der)
    #expect(identity.fingerprint == files.made.certificate.fingerprint)
    #expect(!identity.isMadeForThisRun)
    #expect(identity.warning == nil)
    let both = "subject=hooktop\n\(files.key)\nand\n\(files.certificate)"
    #expect(refusal(both, both) == nil)
  }

  @Test("those that vouch for it may stand behind it")
  func chain() throws {
    let (files, other) = (try Files(), try Files())
    #expect(refusal(files.certificate + other.certificate, files.key) == nil)
    #expect(
      refusal(other.certificate + files.certificate, files.key)
        == .mismatch(certificate: "c.pem", key: "k.pem"))
  }

  @Test("what is no certificate, and what is no key, is refused by its file's name")
  func noise() throws {
    let files = try Files()
    #expect(refusal("", files.key) == .empty(path: "c.pem"))
    #expect(refusal(files.certificate, "") == .empty(path: "k.pem"))
    #expect(refusal("noise\n", files.key) == .noCertificate(path: "c.pem"))
    #expect(refusal(files.key, files.key) == .noCertificate(path: "c.pem"))
    #expect(refusal(files.certificate, "noise\n") == .noKey(path: "k.pem"))
    #expect(refusal(files.certificate, files.certificate) == .noKey(path: "k.pem"))
    let damaged = files.certificate.replacing("A", with: "?", maxReplacements: 1)
    #expect(refusal(damaged, files.key) == .damagedCertificate(path: "c.pem"))
    let cut = String(files.certificate.dropLast(60))
    #expect(refusal(files.certificate + cut, files.key) == .damagedCertificate(path: "c.pem"))
    #expect(refusal(files.certificate, String(files.key.dropLast(60))) == .noKey(path: "k.pem"))
  }

  @Test("another certificate's key is refused")
  func mismatch() throws {
    let (files, other) = (try Files(), try Files())
    #expect(refusal(files.certificate, other.key) == .mismatch(certificate: "c.pem", key: "k.pem"))
  }

  @Test(
    "an encrypted key is refused, and no password is asked for",
    .enabled(if: OpenSSL.isInstalled, "needs openssl"), arguments: ["pkey", "ec"])
  func encrypted(form: String) throws {
    let files = try Files()
    let key = try OpenSSL.run(
      [form, "-aes256", "-inform", "der", "-passout", "pass:secret"], input: files.made.key.der)
    #expect(key.contains("ENCRYPTED"))
    #expect(refusal(files.certificate, key) == .encryptedKey(path: "k.pem"))
  }

  @Test("a certificate counts from the second it begins to the second before it ends")
  func validity() throws {
    let files = try Files()
    let from = Timestamp(seconds: Self.now.seconds - SelfSignedCertificate.margin)
    let until = Timestamp(seconds: Self.now.seconds + SelfSignedCertificate.lifetime)
    func refusal(at moment: Timestamp) -> TLSFileError? {
      self.refusal(files.certificate, files.key, at: moment)
    }
    #expect(refusal(at: Timestamp(seconds: from.seconds - 1)) == .notYetValid(path: "c.pem", until: from))
    #expect(refusal(at: from) == nil)
    #expect(refusal(at: Timestamp(seconds: until.seconds - 1)) == nil)
    #expect(refusal(at: until) == .expired(path: "c.pem", on: until))
  }

  @Test(
    "one that expires within a week says so",
    arguments: [
      (7.5, nil), (6.5, "the certificate in c.pem expires in 6 days: renew it"),
      (1.5, "the certificate in c.pem expires in a day: renew it"),
      (0.5, "the certificate in c.pem expires in less than a day: renew it"),
    ])
  func warning(days: Double, sentence: String?) throws {
    let files = try Files()
    let moment = Timestamp(seconds: Self.now.seconds + SelfSignedCertificate.lifetime - days * Self.day)
    #expect(try identity(files.certificate, files.key, at: moment).warning == sentence)
  }

  @Test(
    "the keys of other tools are taken", .enabled(if: OpenSSL.isInstalled, "needs openssl"),
    arguments: [
      ["-newkey", "rsa:2048"], ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
      ["-newkey", "ed25519"],
    ])
  func otherKeys(options: [String]) throws {
    // Both are printed, one after the other.
    let text = try OpenSSL.run(
      ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=a", "-keyout", "-", "-out", "-"] + options)
    let file = PEMFile("both.pem", text)
    #expect(throws: Never.self) { try TLSIdentity(certificates: file, key: file) }
  }

  @Test("one for this run is trusted by whom it is given to, at its names only")
  func ownTrust() throws {
    let identity = try TLSIdentity.selfSigned(host: "127.0.0.1")
    #expect(identity.isMadeForThisRun)
    #expect(identity.canBeTrusted(at: "127.0.0.1") && identity.canBeTrusted(at: "localhost"))
    #expect(!identity.canBeTrusted(at: "192.0.2.1"))
  }

  @Test("its key is in no text form of it")
  func keyHidden() throws {
    let files = try Files()
    let identity = try identity(files.certificate, files.key)
    var text = "\(identity) \(String(reflecting: identity))"
    dump(identity, to: &text)
    #expect(!text.contains("PRIVATE KEY"))
    #expect(!text.contains("\(files.made.key.der.suffix(40))"))
  }
}
