import Testing

@testable import Sender

@Suite struct TLSReportTests {
  @Test(
    "what the TLS library reports is said in words",
    arguments: [
      (
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 "
          + "error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /a/b/handshake.cc:320]))",
        "its certificate is not trusted here"
      ),
      ("NIOSSLExtraError.failedToValidateHostname: Couldn't find a in", "its certificate is for other names"),
      ("handshakeFailed(NIOSSL.BoringSSLError.eofDuringHandshake)", "no TLS is spoken there"),
      (
        "error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at /a/tls_record.cc:1",
        "no TLS is spoken there"
      ),
      ("error:1000010f:SSL routines:OPENSSL_internal:NO_SHARED_CIPHER at /a/b.cc:1", "no shared cipher"),
      ("something else", "the handshake failed"),
    ])
  func words(report: String, words: String) {
    #expect(TLSReport.words(report) == words)
  }
}
