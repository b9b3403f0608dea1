import Glibc
import JSON
import Testing
import Webhooks

@testable import Receiver

@Suite("Requests over a real socket")
struct ReceiverRequestTests {
  @Test("fifty requests sent at once are answered in order")
  func pipelined() throws {
    let bench = try Bench(keyring: Samples.keyring())
    let client = try bench.client()
    var bytes: [UInt8] = []
    for number in 0..<50 {
      let body = Array("\(number)".utf8)
      bytes += number % 3 == 0 ? Samples.post(body) : try Samples.signed(body)
    }
    client.send(bytes)
    #expect(statuses(client.answers(50)) == (0..<50).map { $0 % 3 == 0 ? 401 : 200 })
    #expect(
      bench.ring.deliveries.map { String(decoding: $0.request.body, as: UTF8.self) }
        == (0..<50).map(String.init))
  }

  @Test("one byte per chunk is put together")
  func chunks() throws {
    let bench = try Bench(keyring: Samples.keyring())
    let client = try bench.client()
    let signature = try Samples.signature()
    client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nX-Parlay-Signature: \(signature)\r\nTransfer-Encoding: chunked\r\n\r\n")
    for byte in Samples.body { client.send(Array("1\r\n".utf8) + [byte, 13, 10]) }
    client.send("0\r\nX-Parlay-Signature: x\r\n\r\n")
    #expect(statuses(client.answers()) == [200])
    #expect(bench.ring.deliveries.map(\.verdict.status) == [.valid])
  }

  @Test("HTTP/1.0, with and without keep-alive, and an absolute target are taken")
  func oldAndAbsolute() throws {
    let bench = try Bench()
    let kept = try bench.client()
    kept.send("POST /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(kept.answers() == "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
    kept.send("POST /b HTTP/1.0\r\n\r\n")
    #expect(statuses(kept.rest()) == [200])
    let absolute = try bench.client()
    absolute.send(Samples.post(target: "http://example.com:1/c?d"))
    #expect(statuses(absolute.answers()) == [200])
    #expect(bench.ring.deliveries.map(\.request.target) == ["/a", "/b", "http://example.com:1/c?d"])
  }

  @Test("a sender that finishes sending still gets its answer")
  func halfClosed() throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send(Samples.post([1]))
    client.finishSending()
    #expect(statuses(client.rest()) == [200])
    #expect(bench.ring.reasons.isEmpty)
  }

  @Test("a body too large by its length is answered 413 though all of it is sent")
  func tooLarge() throws {
    let bench = try Bench(maxBody: 1000)
    let client = try bench.client()
    client.send(Samples.post([UInt8](repeating: 1, count: 3 << 20)))
    client.finishSending()
    #expect(statuses(client.rest()) == [413])
    #expect(bench.ring.reasons == [.tooLarge])
  }

  @Test("a body too large without a length is answered 413 while it streams")
  func tooLargeStream() throws {
    let bench = try Bench(maxBody: 1000)
    let client = try bench.client()
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = Array("400\r\n".utf8) + [UInt8](repeating: 1, count: 1024) + [13, 10]
    for _ in 0..<1000 { client.send(chunk) }
    client.finishSending()
    #expect(statuses(client.rest()) == [413])
    #expect(bench.ring.deliveries.isEmpty)
  }

  @Test("what a closing connection still sends is bounded in bytes")
  func drainBytes() throws {
    var limits = HTTPServer.Limits()
    limits.drainBytes = 1 << 20
    let bench = try Bench(limits: limits)
    let client = try bench.client()
    client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    #expect(client.answers() == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    let sent = client.send([UInt8](repeating: 0x41, count: 64 << 20))
    #expect(sent < 32 << 20)
  }

  @Test("what a closing connection still sends is bounded in time")
  func drainTime() throws {
    var limits = HTTPServer.Limits()
    limits.drainDeadline = .milliseconds(50)
    let bench = try Bench(limits: limits)
    let client = try bench.client()
    client.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(statuses(client.rest()) == [405])
    while client.send([0x41]) == 1 {}
    #expect(bench.ring.reasons == [.upgradeRefused])
  }

  @Test(
    "a hundred megabytes after an upgrade leave the memory as it was",
    arguments: [
      "Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings",
    ])
  func upgradeMemory(fields: String) throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
    let before = Self.residentBytes
    let piece = [UInt8](repeating: 0x41, count: 1 << 20)
    for _ in 0..<100 { client.send(piece) }
    client.finishSending()
    #expect(statuses(client.rest()) == [200])
    // Other tests of this process take and give back memory meanwhile.
    #expect(Self.residentBytes - before < 70 << 20)
  }

  /// What this process has in memory, in bytes.
  private static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var (total, resident) = (0, 0)
    withUnsafeMutablePointer(to: &total) { total in
      withUnsafeMutablePointer(to: &resident) { resident in
        _ = withVaList([total, resident]) { vfscanf(file, "%ld %ld", $0) }
      }
    }
    return resident * 4096
  }

  @Test(
    "a sender that breaks off inside a body leaves an incident and no delivery", arguments: [true, false])
  func aborted(byReset: Bool) throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
    #expect(client.answers() == "HTTP/1.1 100 Continue\r\n\r\n")
    client.send("abc")
    byReset ? client.reset() : client.close()
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.aborted])
    #expect(bench.ring.deliveries.isEmpty)
  }

  @Test("a TLS hello is closed without an answer; a connection without a byte leaves nothing")
  func foreign() throws {
    let bench = try Bench()
    try bench.client().close()
    let client = try bench.client()
    client.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
    #expect(client.rest() == "")
    #expect(bench.ring.reasons == [.notHTTP])
  }
}
