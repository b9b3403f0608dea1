import Testing
import Webhooks

@testable import Receiver

@Suite("What a head says about its message")
struct HeadFactsTests {
  private func facts(_ fields: (String, String)...) -> HeadFacts {
    HeadFacts(Headers(fields.map { Headers.Field($0.0, $0.1) }))
  }

  @Test("names count whatever their case", arguments: ["Host", "HOST", "host"])
  func nameCase(name: String) {
    #expect(facts((name, "a")).hosts == 1)
  }

  @Test(
    "a host is a name or an address, with or without a port",
    arguments: [
      ("127.0.0.1:4747", true), ("[::1]:80", true), ("x_y.example", true), ("", true), (" a\t", true),
      ("xn--caf-dma.example", true), ("a b", false), ("a/b", false), ("a@b", false), ("caf\u{E9}", false),
      ("a\u{7F}", false), ("a?b", false), ("<a>", false),
    ])
  func hostValues(value: String, isValid: Bool) {
    #expect(facts(("Host", value)).areHostsValid == isValid)
  }

  @Test("names of the same length are not taken for one another")
  func sameLength() {
    #expect(facts(("Date", "x"), ("Accept", "x"), ("Trailer", "close"), ("User-Agent", "close")) == facts())
  }

  @Test(
    "only a plain number is a length",
    arguments: [
      ("0", 0), ("412", 412), ("+5", nil), ("-1", nil), ("0x10", nil), ("5, 5", nil),
      ("99999999999999999999", nil), ("", nil), ("٣", nil), ("5  ", 5), ("5\t", nil),
    ])
  func lengths(value: String, length: Int?) {
    let facts = facts(("Content-Length", value))
    #expect(facts.length == length)
    #expect(facts.lengths == 1)
  }

  @Test(
    "chunked is the one coding that counts, said once",
    arguments: [
      ("chunked", true), ("Chunked", true), (" chunked ", true), ("chunked\t", false), (",chunked", false),
      ("gzip, chunked", false), ("chunked, gzip", false), ("chunked, chunked", false), ("identity", false),
      ("", false),
    ])
  func codings(value: String, isChunked: Bool) {
    #expect(facts(("Transfer-Encoding", value)).isChunked == isChunked)
  }

  @Test("a second coding line undoes the first")
  func twoCodingLines() {
    #expect(!facts(("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")).isChunked)
  }

  @Test(
    "the expectation is 100-continue, another, or none",
    arguments: [
      (["100-continue"], HeadFacts.Expectation.proceed), (["100-Continue"], .proceed), (["200-ok"], .other),
      (["100-continue", "tea"], .other), (["tea", "100-continue"], .other), ([], .none),
    ])
  func expectations(values: [String], expectation: HeadFacts.Expectation) {
    let headers = Headers(values.map { Headers.Field("Expect", $0) })
    #expect(HeadFacts(headers).expectation == expectation)
  }

  @Test("connection options are found in a list, between spaces")
  func connectionOptions() {
    let facts = facts(("Connection", "foo , CLOSE"), ("connection", "Keep-Alive,bar"))
    #expect(facts.asksClose)
    #expect(facts.asksKeepAlive)
    for value in ["close", " , close", "close,", ",\tclose\t,", "a,close,b", "keep-alive,close"] {
      #expect(self.facts(("Connection", value)).asksClose, "\(value)")
    }
    for value in ["", ",", "c lose", "clos", "close close", "closed,aclose", "clo,se"] {
      #expect(!self.facts(("Connection", value)).asksClose, "\(value)")
    }
    #expect(!HeadFacts(Headers([.init("Connection", "closed")])).asksClose)
    #expect(facts.asksKeepAlive && !self.facts(("Connection", "keep-alive\t")).asksKeepAlive)
    #expect(!self.facts(("Connection", "x,\tkeep-alive")).asksKeepAlive)
  }

  @Test("a body is announced by a length above zero or by a coding")
  func announcement() {
    #expect(facts(("Content-Length", "1")).announcesBody)
    #expect(facts(("Transfer-Encoding", "chunked")).announcesBody)
    #expect(!facts(("Content-Length", "0")).announcesBody)
    #expect(!facts().announcesBody)
  }
}
