import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Deliveries as HAR and as .http")
struct ArchiveTests {
  private func delivery(_ body: [UInt8], _ number: UInt64 = 1, target: ByteString = "/hook?a=%20") -> Delivery
  {
    let delivery = Samples.delivery(sequence: number)
    let request = Request(
      target: target,
      headers: [
        .init("Host", "example.test:8080"), .init("Content-Type", "application/json"), .init("X-A", "1"),
        .init("x-a", ""), .init(ByteString("X-Byte"), ByteString([0xE9])),
        .init("Content-Length", "\(body.count)"),
      ], body: body)
    return delivery.with(request: request)
  }

  private func archive(_ deliveries: [Delivery]) -> [UInt8] {
    var archive = HARArchive()
    let entries = deliveries.map { archive.entry($0, $0.answer, url: "http://127.0.0.1:4747") }
    return HARArchive.head + entries.flatMap(\.self) + HARArchive.foot
  }

  @Test(
    "an archive is JSON with an entry for each delivery, headers in order, and bytes where there is no text")
  func har() throws {
    let bytes = archive([delivery(Array(#"{"a":"é"}"#.utf8)), delivery([0, 0xFF], 2, target: "*")])
    let entries = try #require(JSONValue(bytes)?.object?["log"]?.object?["entries"]?.elements)
    #expect(entries.count == 2)
    let request = try #require(entries[0].object?["request"]?.object)
    #expect(request["url"]?.string == "http://example.test:8080/hook?a=%20")
    let headers = try #require(request["headers"]?.elements).compactMap(\.object)
    #expect(
      headers.map { $0["name"]?.string } == [
        "Host", "Content-Type", "X-A", "x-a", "X-Byte", "Content-Length",
      ])
    #expect(headers[4]["_base64"]?.bytes == [0xE9])
    #expect(request["postData"]?.object?["text"]?.string == #"{"a":"é"}"#)
    #expect(request["bodySize"]?.integer == 10)
    let other = try #require(entries[1].object?["request"]?.object)
    #expect(other["url"]?.string == "http://127.0.0.1:4747/")
    #expect(other["postData"]?.object?["text"]?.bytes == [0, 0xFF])
    #expect(other["postData"]?.object?["_encoding"]?.string == "base64")
  }

  @Test(
    "Python's reader of archives reads one back",
    .enabled(if: HARReaderProgram.isInstalled, "needs haralyzer"))
  func haralyzer() throws {
    let read = try Program.run(
      [
        "python3", "-c",
        """
        import json, sys
        from haralyzer import HarParser
        for entry in HarParser(json.load(sys.stdin)).har_data["entries"]:
            request = entry["request"]
            print(request["method"], request["url"], len(request["headers"]), request["postData"]["text"], entry["response"]["status"])
        """,
      ], input: archive([delivery(Array("{}".utf8)), delivery(Array("[]".utf8), 2)]))
    #expect(
      String(decoding: read, as: UTF8.self)
        == "POST http://example.test:8080/hook?a=%20 6 {} 200\nPOST http://example.test:8080/hook?a=%20 6 [] 200\n"
    )
  }

  @Test("a block of .http is a comment, the request, and the body where a client would not change it")
  func http() {
    let block = String(
      decoding: HTTPFile.block(delivery(Array("{\n}".utf8)), url: "http://a:1"), as: UTF8.self)
    #expect(
      block.hasPrefix(
        "### #1, received 2025-04-24T18:13:17.000000Z\nPOST http://a:1/hook?a=%20 HTTP/1.1\nHost: "))
    #expect(block.hasSuffix("\n\n{\n}\n\n") && !block.contains("Content-Length"))
    for body in ["{{x}}", "a\n### b", "< x", "a\n> b", " a", "a\n", "a\r\nb", "// a", "# a", "\u{0}"] {
      let block = String(
        decoding: HTTPFile.block(delivery(Array(body.utf8)), url: "http://a:1"), as: UTF8.self)
      #expect(block.hasSuffix("\n\n< ./1.body\n\n"), "\(body)")
      #expect(block.contains("--if seq:1 > 1.body\n"))
    }
    #expect(
      HTTPFile.block(delivery([0xFF]), url: "http://a:1").suffix(13)
        == ArraySlice("\n< ./1.body\n\n".utf8).suffix(13))
  }

  @Test(
    "a header or target that the clients of .http would take for something else stands in a comment, or encoded"
  )
  func httpTricks() throws {
    let tricks: [Headers.Field] = [
      .init("###", "next"), .init("#note", "x"), .init("&query", "x"), .init("X-Var", "{{$processEnv HOME}}"),
    ]
    let request = Request(
      target: "/x?q={{{$guid}}", headers: Headers([.init("Host", "a")] + tricks + [.init("X-A", "1")]),
      body: Array("{}".utf8))
    let block = HTTPFile.block(Samples.delivery(sequence: 1).with(request: request), url: "http://a")
    let lines = String(decoding: block, as: UTF8.self).split(separator: "\n")
    #expect(
      lines.filter { !$0.hasPrefix("#") } == [
        "POST http://a/x?q=%7B%7B{$guid}} HTTP/1.1", "Host: a", "X-A: 1", "{}",
      ])
    for field in tricks {
      #expect(
        lines.contains { $0.hasPrefix("# ") && $0.hasSuffix(": \(field.name.text): \(field.value.text)") })
    }
    let read = try #require(SavedForm(of: block)).requests(in: block) { _ in nil }
    #expect(read.map { $0.request.headers.map(\.name.text) } == [["Host", "X-A"]])
  }
}

/// An independent reader of archives.
enum HARReaderProgram {
  static let isInstalled =
    (try? Program.run(["python3", "-c", "import haralyzer; print(1)"], withErrors: false))
    == Array("1\n".utf8)
}
