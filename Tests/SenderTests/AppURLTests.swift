import Foundation
import JSON
import NIOCore
import TestSupport
import Testing
import Webhooks

@testable import Sender

@Suite("Where an app takes its deliveries")
struct AppURLTests {
  @Test(
    "a URL without a path gets each delivery's own target; one with a path is used, and the query is added",
    arguments: [
      ("http://127.0.0.1:3000", "/hooks/a?x=1", "/hooks/a?x=1"), ("http://a", "/", "/"),
      ("https://a.example:8443", "/a%2Fb|c?x=%zz", "/a%2Fb|c?x=%zz"), ("http://[::1]:3000", "//a", "//a"),
      ("http://a/hook", "/", "/hook"), ("http://a/hook", "/x/y?q=1&r", "/hook?q=1&r"),
      ("http://a/hook?k=v", "/x?q=1", "/hook?k=v&q=1"), ("http://a/hook?k=v", "/x?", "/hook?k=v"),
      ("http://a?k=v", "/x", "/?k=v"), ("http://a/", "/x", "/"), ("http://a/h#part", "/x", "/h"),
      ("http://a", "http://b:1/c?d", "/c?d"), ("http://a", "http://b", "/"),
      ("http://a", "http://b?c", "/?c"),
      ("http://a", "*", "/"), ("http://a", "c:1", "/"),
    ])
  func target(url: String, own: String, due: String) throws {
    #expect(try #require(AppURL(url)).target(for: ByteString(own)).text == due)
  }

  @Test(
    "knows whether it leads to who listens on an address of this machine",
    arguments: [
      ("http://127.0.0.1:4747", "127.0.0.1", true), ("http://LOCALHOST:4747/x", "127.0.0.1", true),
      ("https://[::1]:4747?a", "::1", true), ("http://127.0.0.1:47471", "127.0.0.1", false),
      ("http://127.0.0.1", "127.0.0.1", false), ("http://192.0.2.1:4747", "0.0.0.0", false),
      ("http://[::1]", "::1", false), ("http://127.1:4747", "127.0.0.1", true),
      ("http://[::ffff:127.0.0.1]:4747", "127.0.0.1", true),
      ("http://no-such-host.invalid:4747", "::", false),
      // All addresses are among those that are listened on, or none but the one.
      ("http://127.0.0.1:4747", "0.0.0.0", true), ("http://127.0.0.9:4747", "0.0.0.0", true),
      ("http://[::1]:4747", "::", true), ("http://127.0.0.1:4747", "::", true),
      ("http://127.0.0.1:4747", "127.0.0.2", false), ("http://127.0.0.2:4747", "127.0.0.2", true),
      ("http://127.0.0.1:4747", "192.0.2.1", false), ("http://[::1]:4747", "127.0.0.1", false),
      // Who connects to all addresses gets to the loopback.
      ("http://0.0.0.0:4747", "127.0.0.1", true), ("http://0.0.0.0:4747", "127.0.0.2", false),
      ("http://[::]:4747", "::1", true), ("http://0.0.0.0:4747", "0.0.0.0", true),
    ])
  func leads(url: String, host: String, due: Bool) throws {
    #expect(try #require(AppURL(url)).leads(to: host, port: 4747) == due)
    #expect(try #require(AppURL("http://localhost")).leads(to: "127.0.0.1", port: 80))
    #expect(try #require(AppURL("https://127.0.0.1/")).leads(to: "127.0.0.1", port: 443))
  }

  @Test("this machine's own addresses lead to who listens on all of them", arguments: HostAddresses.own)
  func ownAddress(address: String) throws {
    let host = address.contains(":") ? "[\(address)]" : address
    guard let url = AppURL("http://\(host):4747") else { return }
    #expect(url.leads(to: address.contains(":") ? "::" : "0.0.0.0", port: 4747))
    #expect(url.leads(to: address, port: 4747) && !url.leads(to: "127.0.0.77", port: 4747))
  }

  @Test(
    "what is no http or https URL is none",
    arguments: [
      "", "127.0.0.1:3000", "ftp://a", "http:/a", "http://", "http:///a", "http://:80", "http://a:99999/",
      "http://a b/", "http://a/\r\nX: y", "http://é/", "http://user:pw@a/", "http://?x", "http://#a",
    ])
  func noURL(text: String) {
    #expect(AppURL(text) == nil)
  }
}

@Suite("A delivery on its way to an app")
struct AppRequestTests {
  /// The lines of the head.
  private func lines(_ request: Request, to url: String = "http://127.0.0.1:3000") throws -> [String] {
    let bytes = AppRequest(request, to: try #require(AppURL(url))).bytes
    return String(buffer: bytes).components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
  }

  @Test("keeps order, case and repetitions, and drops what belongs to one connection")
  func headers() throws {
    let sent: Headers = [
      .init("host", "hooktop"), .init("X-B", "1"), .init("x-a", "2"), .init("X-B", ""),
      .init("Expect", "100-continue"),
      .init("Connection", "close, X-Drop , ,"), .init("CONNECTION", "x-also"), .init("x-drop", "a"),
      .init("X-Also", "b"), .init("Keep-Alive", "5"), .init("TE", "trailers"), .init("Trailer", "X"),
      .init("Transfer-Encoding", "chunked"), .init("Upgrade", "h2c"), .init("Proxy-Anything", "c"),
      .init("Content-Length", "9"), .init("Proxy", "kept"), .init("X-Parlay-Signature", "t=1,v1=a"),
    ]
    #expect(
      try lines(Request(headers: sent, body: [1])) == [
        "POST / HTTP/1.1", "Host: 127.0.0.1:3000", "X-B: 1", "x-a: 2", "X-B: ", "Proxy: kept",
        "X-Parlay-Signature: t=1,v1=a", "Content-Length: 1",
      ])
    #expect(
      try lines(Request(headers: [], body: []), to: "https://[::1]:8/x") == [
        "POST /x HTTP/1.1", "Host: [::1]:8", "Content-Length: 0",
      ])
  }

  @Test("a method that has no body says nothing of its length", arguments: ["GET", "HEAD", "DELETE"])
  func noBody(method: String) throws {
    let none = Request(method: method, headers: [], body: [])
    #expect(try lines(none) == ["\(method) / HTTP/1.1", "Host: 127.0.0.1:3000"])
    let some = Request(method: method, headers: [], body: [1, 2])
    #expect(try lines(some).last == "Content-Length: 2")
  }

  @Test("a Connection field that names thousands of fields costs what one costs that names none")
  func costOfNames() throws {
    let app = try #require(AppURL("http://a"))
    func request(_ connection: String) -> AppRequest {
      let fields = (0..<4000).map { Headers.Field("x-\($0)", "1") }
      return AppRequest(
        Request(headers: Headers([.init("Connection", connection)] + fields), body: []), to: app)
    }
    let names = (4000..<8000).map { "X-\($0)" }.joined(separator: ",")
    let plain = String(repeating: "x", count: names.utf8.count)
    let found = Cost(
      factor: 5, slack: 20_000_000,
      plain: { Cost.ofThread { #expect(request(plain).fields.count == 4000) } },
      hostile: { Cost.ofThread { #expect(request(names).fields.count == 4000) } })
    #expect(found.isWithinBound, "\(found)")
  }
}
