import Testing

@testable import Sender

/// Where an API may be, and what its keys and ids may be.
struct APIAccessTests {
  private static func error(_ url: String, key: String = "pk_live_1") -> APIAccessError? {
    do throws(APIAccessError) {
      _ = try APIAccess(url: url, key: Array(key.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a key goes over https, or stays on this machine",
    arguments: [
      "https://api.example.test", "https://api.example.test/base/", "http://127.0.0.1:4800",
      "http://127.9.9.9",
      "http://localhost:4800/x", "http://LOCALHOST", "http://[::1]:4800",
    ])
  func accepted(url: String) { #expect(Self.error(url) == nil) }

  @Test(
    "any other address is refused",
    arguments: [
      "http://api.example.test", "http://127.0.0.1.example.test", "http://localhost.example.test",
      "http://10.0.0.1",
      "http://[::2]", "http://127.0.0.1@example.test",
    ])
  func unencrypted(url: String) {
    #expect([.unencrypted(url), .notAURL(url)].contains(Self.error(url)))
  }

  @Test(
    "what is no address is named",
    arguments: ["", "127.0.0.1:4800", "ftp://x", "https://x/?a=b", "https://x#y"])
  func notAURL(text: String) { #expect(Self.error(text) == .notAURL(text)) }

  @Test(
    "a key that would not be one header is refused, unseen", arguments: ["", "a b", "a\r\nX: y", "é", "a\n"])
  func keys(key: String) {
    #expect(Self.error("https://x", key: key) == .notAKey)
    #expect(!APIAccessError.notAKey.description.contains("a b"))
  }

  @Test("the sandbox is known by its key and its address, both")
  func sandbox() throws {
    func isSandbox(_ url: String, _ key: String) throws -> Bool {
      try APIAccess(url: url, key: Array(key.utf8)).isSandbox
    }
    #expect(try isSandbox("http://127.0.0.1:4800", "pk_sandbox_x"))
    #expect(try !isSandbox("https://parlay.example.test", "pk_sandbox_YOUR_KEY"))
    #expect(try !isSandbox("http://127.0.0.1:4800", "pk_live_x"))
  }

  @Test("neither printing nor dumping shows the key")
  func hidden() throws {
    let access = try APIAccess(url: "https://x.test/", key: Array("pk_secret".utf8))
    var dumped = ""
    dump(access, to: &dumped)
    for text in ["\(access)", dumped, String(reflecting: access)] {
      #expect(text.contains("https://x.test") && !text.contains("pk_secret"))
    }
  }
}
