import NIOSSL
import Testing
import Webhooks

@testable import Receiver

@Suite("What a failed handshake tells")
struct HandshakeFailureTests {
  private static let distrust =
    "the sender does not trust the certificate: add it to the sender's trusted ones, or use one that it trusts"
  private static let brokenOff =
    "the sender aborted the TLS handshake, probably because it does not trust the certificate: add it to the sender's trusted ones"
  private static let noVersion = "the TLS handshake failed: the sender offers neither TLS 1.2 nor TLS 1.3"
  private static let nothingInCommon =
    "the TLS handshake failed: the sender offers no cipher, curve or signature that hooktop supports"

  @Test(
    "is a sentence for the user",
    arguments: [
      (["TLSV1_ALERT_UNKNOWN_CA"], distrust), (["SSLV3_ALERT_BAD_CERTIFICATE"], distrust),
      (["SSLV3_ALERT_CERTIFICATE_UNKNOWN"], distrust),
      (["BAD_PACKET_LENGTH", "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"], brokenOff),
      (["UNSUPPORTED_PROTOCOL"], noVersion), (["NO_SHARED_CIPHER"], nothingInCommon),
      (["WRONG_CURVE"], nothingInCommon),
      (["EXCESSIVE_MESSAGE_SIZE"], "the TLS handshake failed: excessive message size"),
      ([], "the TLS handshake failed: unknown reason"),
    ])
  func sentences(names: [String], sentence: String) {
    let errors = names.map {
      "Error: 268435606 error:10000096:SSL routines:OPENSSL_internal:\($0) at /a/s3.cc:434"
    }
    #expect(HandshakeFailure.sentence("sslError([\(errors.joined(separator: ", "))])") == sentence)
  }

  @Test("an end in the middle is one that the sender made")
  func end() {
    let failure = HandshakeFailure(.sslError([.eofDuringHandshake]))
    #expect(failure.reason == .aborted)
    #expect(
      failure.sentence
        == "the sender closed the connection during the TLS handshake: does it trust the certificate?")
  }

  @Test("any other fault is not HTTP")
  func other() {
    #expect(HandshakeFailure(.sslError([])).reason == .notHTTP)
  }
}
