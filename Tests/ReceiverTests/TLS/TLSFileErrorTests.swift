import Testing
import Webhooks

@testable import Receiver

@Suite("Why a receiver can't speak TLS")
struct TLSFileErrorTests {
  private static let moment = Timestamp("2026-11-21T18:02:11.482913Z")!

  @Test(
    "each reason is one line that says what to do",
    arguments: [
      (
        TLSFileError.unreadable(reason: "c.pem can't be opened: No such file or directory"),
        "c.pem can't be opened: No such file or directory: give --tls-cert and --tls-key readable files"
      ),
      (
        .empty(path: "c.pem"),
        "c.pem is empty: give --tls-cert the certificate, and --tls-key its key, in PEM form"
      ),
      (
        .noCertificate(path: "c.pem"),
        "c.pem holds no certificate in PEM form: give --tls-cert the server's certificate, and --tls-key its key"
      ),
      (.damagedCertificate(path: "c.pem"), "a certificate in c.pem is damaged: copy the file again"),
      (
        .noKey(path: "k.pem"),
        "k.pem holds no private key in PEM form: give --tls-key the key of the certificate"
      ),
      (
        .encryptedKey(path: "k.pem"),
        "the key in k.pem is encrypted: decrypt it with openssl pkey, and give --tls-key the result"
      ),
      (
        .mismatch(certificate: "c.pem", key: "k.pem"),
        "the key in k.pem does not match the first certificate in c.pem: give --tls-key the matching key, and put the server's certificate first"
      ),
      (
        .expired(path: "c.pem", on: moment),
        "the certificate in c.pem expired on 2026-11-21 18:02:11 UTC: renew it, or give --tls-self-signed instead"
      ),
      (
        .notYetValid(path: "c.pem", until: moment),
        "the certificate in c.pem is not valid before 2026-11-21 18:02:11 UTC: check this machine's clock, or give another one"
      ),
      (
        .unusable(path: "c.pem", reason: "x"),
        "the certificate in c.pem can't be used (x): make one with an EC P-256 or RSA 2048 key, or give --tls-self-signed instead"
      ),
      (
        .cannotMake(reason: "x"),
        "no certificate could be made (x): give --tls-cert and --tls-key instead"
      ),
    ])
  func sentences(error: TLSFileError, sentence: String) {
    #expect(error.description == sentence)
  }
}
