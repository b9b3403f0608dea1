import TestSupport
import Testing

@testable import Webhooks

/// What is kept of the bytes of an incident, and what is hidden in them.
@Suite struct ReceivedTests {
  private func kept(_ text: String) -> String {
    String(decoding: Incident.Received(Array(text.utf8), of: 0).bytes, as: UTF8.self)
  }

  private func keyring(_ secrets: String...) throws -> Keyring {
    Keyring(try secrets.map { try SigningSecret($0, label: "parlay", provider: .parlay) })
  }

  @Test("no more than 4 KiB are kept, and how many came is known")
  func limit() {
    let received = Incident.Received([UInt8](repeating: 0x61, count: 10_000), of: 12_000)
    #expect(received.bytes.count == 4096 && received.count == 12_000)
    #expect(Incident.Received([1, 2, 3], of: 0).count == 3)
  }

  @Test(
    "the values of credentials are stars, as many as they had letters",
    arguments: [
      ("Authorization: Bearer abc\r\n", "Authorization: ****** ***\r\n"),
      ("COOKIE:a=b;\tc\r\n", "COOKIE:****\t*\r\n"), ("x-api-key :k", "x-api-key :*"),
      ("Proxy-Authorization: Basic", "Proxy-Authorization: *****"),
      ("Cookie: a\r\n b\r\n\tc\r\nHost: a\r\n", "Cookie: *\r\n *\r\n\t*\r\nHost: a\r\n"),
      ("Cookie: a\nHost: b\n", "Cookie: *\nHost: b\n"), ("Cookie\r\n: a", "Cookie\r\n: a"),
      ("X-Cookie: a\r\nCookies: b", "X-Cookie: a\r\nCookies: b"),
    ])
  func credentials(field: String, due: String) {
    #expect(kept("GET / HTTP/1.1\r\n\(field)") == "GET / HTTP/1.1\r\n\(due)")
  }

  @Test("what stands behind the head, or before any, is as it came")
  func body() {
    for text in ["", "\r\n", "POST / HTTP/1.1\r\n\r\nCookie: a", "\u{16}\u{3}\u{1}", "a\n\nCookie: b"] {
      #expect(kept(text) == text)
    }
  }

  @Test("a signing secret is hidden wherever it stands, and its beginning at the end")
  func secrets() throws {
    let ring = try keyring("whsec_0123456789", "other-secret")
    func hidden(_ text: String) -> String {
      String(
        decoding: Incident.Received(Array(text.utf8), of: 0).hiding(ring).bytes, as: UTF8.self)
    }
    #expect(hidden("X-Secret: whsec_0123456789!") == "X-Secret: ****************!")
    #expect(hidden("a\r\n\r\nother-secret other-secret") == "a\r\n\r\n************ ************")
    #expect(hidden("a whsec_0123") == "a **********")
    #expect(hidden("a othe") == "a ****")
    #expect(hidden("a oth whsec") == "a oth *****")
    #expect(hidden("nothing of it") == "nothing of it")
    let cut = String(repeating: "a", count: 4090) + "whsec_0123456789"
    #expect(hidden(cut).hasSuffix("a******"))
  }

  @Test(
    "a head ends behind its blank line",
    arguments: [
      ("a\r\n\r\nb", 5), ("\r\n\na\r\n\r\n", 8), ("a\n\nb", 3), ("a\n\r\n", 4), ("a\r\n\r", nil),
      ("a\r\nb", nil),
      ("", nil), ("\r\n\r\n", nil), ("a\r\rb", nil),
    ])
  func heads(text: String, end: Int?) {
    #expect(Array(text.utf8).endOfHead == end)
  }
}
