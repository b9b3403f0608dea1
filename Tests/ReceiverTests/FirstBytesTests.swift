import Testing

@testable import Receiver

@Suite("The first bytes of a connection")
struct FirstBytesTests {
  enum Kind: Sendable { case undecided, http, foreign }

  private func kind(_ finding: FirstBytes.Finding) -> Kind {
    switch finding {
    case .undecided: .undecided
    case .http: .http
    case .foreign: .foreign
    }
  }

  static let examples: [([UInt8], Kind)] = [
    (Array("POST / HTTP/1.1".utf8), .http), (Array("\r\n\r\nPOST /".utf8), .http),
    (Array("M-SEARCH *".utf8), .http), (Array("post /".utf8), .http), (Array("FOO x".utf8), .http),
    (Array("POST".utf8), .undecided), ([], .undecided), (Array("\r\n".utf8), .undecided),
    (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), .foreign),
    (Array("SSH-2.0-OpenSSH_9.6 x".utf8), .foreign),
    (Array("hello\r\n".utf8), .foreign), (Array(" POST /".utf8), .foreign),
    (Array("{\"a\":1}".utf8), .foreign),
    ([0x16, 0x03, 0x01, 0x02, 0x00], .foreign), ([0x00], .foreign), ([0xFF, 0xFE], .foreign),
    (Array("GE\u{0}T / HTTP/1.1".utf8), .foreign), (Array(repeating: 0x41, count: 40), .foreign),
    (Array(repeating: 0x0A, count: 100), .foreign), (Array("PO\nST /".utf8), .foreign),
    (Array("\rPOST /".utf8), .foreign), (Array("\r\r\nPOST /".utf8), .foreign),
    (Array("\nPOST /".utf8), .http),
  ]

  @Test("tell HTTP from anything else", arguments: examples)
  func findings(bytes: [UInt8], due: Kind) {
    var first = FirstBytes()
    #expect(kind(first.read(bytes)) == due)
  }

  @Test("tell the same when they come one by one", arguments: examples)
  func oneByOne(bytes: [UInt8], due: Kind) {
    var first = FirstBytes()
    var found = Kind.undecided
    for byte in bytes where found == .undecided { found = kind(first.read([byte])) }
    #expect(found == due)
  }

  @Test("a TLS hello is named as such, with what to do")
  func tls() {
    var first = FirstBytes()
    let sentence = "TLS handshake on the plain HTTP port: use http:// in the sender's URL"
    #expect(first.read([0x16, 0x03, 0x01]) == .foreign(sentence))
  }
}
