import Testing

@testable import Receiver

@Suite("The names of a receiver's own certificate")
struct CertificateNamesTests {
  private static let always = "DNS:localhost,IP:127.0.0.1,IP:::1"

  @Test(
    "are the host's, loopback's and the machine's, each once",
    arguments: [
      ("127.0.0.1", "box", "IP:127.0.0.1,DNS:localhost,IP:::1,DNS:box"),
      ("localhost", "localhost", "DNS:localhost,IP:127.0.0.1,IP:::1"),
      ("192.0.2.7", "box", "IP:192.0.2.7,\(always),DNS:box"),
      ("2001:db8::7", "box", "IP:2001:db8::7,\(always),DNS:box"),
      ("hooks.box.invalid", "box.invalid", "DNS:hooks.box.invalid,\(always),DNS:box.invalid"),
      ("fe80::1%lo", "box", "IP:fe80::1,\(always),DNS:box"),
    ])
  func names(host: String, machine: String, text: String) {
    #expect(CertificateNames(host: host, machine: machine).text == text)
  }

  @Test("hold no address that stands for all", arguments: ["0.0.0.0", "::"])
  func all(host: String) {
    #expect(CertificateNames(host: host, machine: "box").text == "\(Self.always),DNS:box")
  }

  @Test(
    "take no entry from what is no name",
    arguments: ["", "a,DNS:example.com", "a\nb", "a b", "a:b", "ü", String(repeating: "a", count: 254)])
  func noName(text: String) {
    #expect(CertificateNames(host: text, machine: text).text == Self.always)
  }
}
