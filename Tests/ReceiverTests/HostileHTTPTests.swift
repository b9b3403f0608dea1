import Glibc
import JSON
import Testing
import Webhooks

@testable import Receiver

@Suite("Hostile requests over a real socket")
struct HostileHTTPTests {
  @Test(
    "leave just the answers and the deliveries that are due, in one piece", arguments: HostileHTTPTable.all)
  func whole(example: HostileHTTPCase) throws {
    try example.check(inPiecesOf: example.bytes.count)
  }

  @Test("leave the same in small pieces", arguments: HostileHTTPTable.all)
  func pieces(example: HostileHTTPCase) throws {
    try example.check(inPiecesOf: example.bytes.count < 4096 ? 1 : 4099)
  }

  @Test("every row has a name of its own")
  func names() {
    let names = HostileHTTPTable.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("a header field that is not UTF-8 is kept as it was sent, beside what is whole")
  func repaired() throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send(
      Array("POST / HTTP/1.1\r\nHost: a\r\nX: a".utf8) + [0xFF, 0xC3, 0xA9] + Array("\r\n\r\n".utf8))
    #expect(statuses(client.answers()) == [200])
    let value = bench.ring.deliveries.first?.request.headers.first("X")
    #expect(value.map { Array($0) } == Array("a".utf8) + [0xFF, 0xC3, 0xA9])
  }

  @Test(
    "a signature that comes as a trailer does not count, whatever else is said of it",
    arguments: ["", "Trailer: X-Parlay-Signature\r\n"])
  func trailer(fields: String) throws {
    let bench = try Bench(keyring: Samples.keyring())
    let client = try bench.client()
    client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nX-Parlay-Event: webhook.test\r\n\(fields)Transfer-Encoding: chunked\r\n\r\n"
        + "2\r\nhi\r\n0\r\nX-Parlay-Signature: \(try Samples.signature(Array("hi".utf8)))\r\n\r\n")
    #expect(statuses(client.answers()) == [401])
    #expect(bench.ring.deliveries.map(\.verdict.status) == [.missing])
  }

  @Test("a gzip body is verified and kept as it came over the wire")
  func gzip() throws {
    // `printf '{"a":1}' | gzip -n`
    let body: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xAB, 0x56, 0x4A, 0x54, 0xB2, 0x32, 0xAC,
      0x05,
      0x00, 0xAF, 0xAC, 0x1B, 0x56, 0x07, 0x00, 0x00, 0x00,
    ]
    let bench = try Bench(keyring: Samples.keyring())
    let client = try bench.client()
    let signature = "X-Parlay-Signature: \(try Samples.signature(body))"
    client.send(Samples.post(body, fields: ["Content-Encoding: gzip", signature]))
    #expect(statuses(client.answers()) == [200])
    #expect(bench.ring.deliveries.map(\.request.body) == [body])
    #expect(bench.ring.deliveries.map(\.verdict.status) == [.valid])
  }

  @Test(
    "a reset in the middle leaves an incident at most, never a delivery",
    arguments: HostileHTTPTable.brokenOff)
  func reset(example: HostileHTTPCase) throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send(example.bytes)
    _ = client.answers(example.statuses.count)
    client.reset()
    // What a reset throws away before it is read leaves nothing; the next connection shows that all is over.
    let next = try bench.client()
    next.send(Samples.post(target: "/next"))
    #expect(statuses(next.answers()) == [200])
    bench.wait { $0.deliveries.last?.request.target == "/next" }
    #expect(bench.ring.deliveries.map(\.request.target.text) == example.targets + ["/next"])
    #expect(bench.ring.reasons == [] || bench.ring.reasons == [.aborted])
  }
}
