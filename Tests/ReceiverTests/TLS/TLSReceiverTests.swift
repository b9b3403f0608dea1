import NIOSSL
import Testing
import Webhooks

@testable import Receiver

@Suite("The receiver over TLS", .timeLimit(.minutes(1)))
struct TLSReceiverTests {
  private let identity: TLSIdentity

  init() throws {
    identity = try TLSIdentity.selfSigned(host: "127.0.0.1")
  }

  private func bench(limits: HTTPServer.Limits = .init(), maxBody: Int = 1 << 20) throws -> Bench {
    try Bench(limits: limits, maxBody: maxBody, tls: identity)
  }

  private func client(_ bench: Bench) throws -> TLSClient {
    try TLSClient(bench.receiver.port, trusting: identity.certificate, offering: ["h2", "http/1.1"])
  }

  @Test("says that it speaks https")
  func address() throws {
    let bench = try bench()
    #expect(bench.receiver.address == "https://127.0.0.1:\(bench.receiver.port)")
    #expect(bench.receiver.scheme == "https")
  }

  @Test("takes deliveries of a sender that trusts its certificate alone, one after the other")
  func deliveries() throws {
    let bench = try bench()
    let client = try client(bench)
    #expect(client.agreed == "http/1.1")
    for number in 1...3 {
      try client.send(Samples.post([UInt8(number)]))
      #expect(statuses(try client.answers()) == [200])
    }
    #expect(bench.ring.deliveries.map(\.request.body) == [[1], [2], [3]])
    #expect(bench.ring.deliveries.allSatisfy { $0.request.peer.hasPrefix("127.0.0.1:") })
    #expect(bench.ring.reasons.isEmpty)
  }

  @Test("takes 50 requests in one record, and a body over many records")
  func records() throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send(Array(repeating: Samples.post([1]), count: 50).flatMap { $0 })
    #expect(statuses(try client.answers(50)) == Array(repeating: 200, count: 50))
    let body = [UInt8](repeating: 7, count: 500_000)
    try client.send(Samples.post(body))
    #expect(statuses(try client.answers()) == [200])
    #expect(bench.ring.deliveries.last?.request.body == body)
  }

  @Test("takes a request in records of one byte")
  func oneByte() throws {
    let bench = try bench()
    let client = try client(bench)
    for byte in Samples.post([1, 2, 3]) { try client.send([byte]) }
    #expect(statuses(try client.answers()) == [200])
    #expect(bench.ring.deliveries.map(\.request.body) == [[1, 2, 3]])
  }

  @Test("takes a handshake that comes byte by byte")
  func handshakeByteByByte() throws {
    let bench = try bench()
    let relay = try ByteRelay(to: bench.receiver.port)
    defer { relay.stop() }
    let client = try TLSClient(relay.port, trusting: identity.certificate)
    try client.send(Samples.post([1]))
    #expect(statuses(try client.answers()) == [200])
  }

  @Test("answers a refused request and ends the connection in good order")
  func refusal() throws {
    let bench = try bench(maxBody: 10)
    let client = try client(bench)
    try client.send(Samples.post([UInt8](repeating: 1, count: 11)))
    #expect(statuses(try client.answers(2)) == [413])
    #expect(bench.ring.reasons == [.tooLarge])
  }

  @Test("speaks TLS 1.2 and 1.3", arguments: [TLSVersion.tlsv12, .tlsv13])
  func versions(version: TLSVersion) throws {
    let bench = try bench()
    let client = try TLSClient(bench.receiver.port, version: version)
    try client.send(Samples.post())
    #expect(statuses(try client.answers()) == [200])
  }

  @Test("refuses TLS 1.1, and says so")
  func oldVersion() throws {
    let bench = try bench()
    #expect(throws: (any Error).self) {
      try TLSClient(bench.receiver.port, version: .tlsv11)
    }
    bench.wait { !$0.reasons.isEmpty }
    #expect(
      bench.ring.everything.incidents.map(\.detail) == [
        "the TLS handshake failed: the sender offers neither TLS 1.2 nor TLS 1.3"
      ])
  }

  @Test(
    "a sender that does not trust the certificate is one incident", arguments: [TLSVersion.tlsv12, .tlsv13])
  func distrust(version: TLSVersion) throws {
    let bench = try bench()
    let other = try TLSIdentity.selfSigned(host: "127.0.0.1")
    #expect(throws: (any Error).self) {
      try TLSClient(bench.receiver.port, trusting: other.certificate, version: version)
    }
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.notHTTP])
    #expect(bench.ring.everything.incidents[0].detail.contains("does not trust the certificate"))
  }

  @Test("a handshake that is never finished is ended in its time, and holds nobody up")
  func unfinished() throws {
    var limits = HTTPServer.Limits()
    limits.handshakeDeadline = .seconds(2)
    let bench = try bench(limits: limits)
    let slow = try (0..<10).map { _ in try TLSClient.begun(bench.receiver.port) }
    let good = try client(bench)
    try good.send(Samples.post())
    #expect(statuses(try good.answers()) == [200])
    for client in slow { _ = client.socket.rest() }
    bench.wait { $0.reasons.count == 10 }
    #expect(bench.ring.reasons == Array(repeating: .timeout, count: 10))
  }

  @Test("the header's time begins after the handshake")
  func headerTime() throws {
    var limits = HTTPServer.Limits()
    limits.headerDeadline = .milliseconds(300)
    let bench = try bench(limits: limits)
    let client = try client(bench)
    try client.send(Array("POST / HTTP/1.1\r\nHo".utf8))
    #expect(statuses(try client.answers()) == [408])
    #expect(bench.ring.reasons == [.timeout])
  }

  @Test("an end after the answer is no incident, with or without a word", arguments: [true, false])
  func quietEnd(isAnnounced: Bool) throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send(Samples.post())
    #expect(statuses(try client.answers()) == [200])
    if isAnnounced { try client.sayGoodbye() }
    client.socket.finishSending()
    _ = client.socket.rest()
    #expect(bench.ring.reasons.isEmpty)
  }

  @Test("an end inside a body is one that the sender made", arguments: ["goodbye", "end", "reset"])
  func brokenBody(end: String) throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc".utf8))
    switch end {
    case "goodbye": try client.sayGoodbye()
    case "end": client.socket.finishSending()
    default:
      // Once it has read the last byte; a reset throws away what is still on its way.
      try client.send(Array("d".utf8))
      client.socket.reset()
    }
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.aborted])
    #expect(bench.ring.deliveries.isEmpty)
  }

  @Test(
    "a record that can't be decrypted is an incident, and what came whole before it is a delivery",
    arguments: [TLSVersion.tlsv12, .tlsv13], [0, 1, 2])
  func brokenRecord(version: TLSVersion, before: Int) throws {
    let bench = try bench()
    let client = try TLSClient(bench.receiver.port, version: version)
    var bytes = try (0..<before).flatMap { try client.sealed(Samples.post([UInt8($0)])) }
    var broken = try client.sealed(Samples.post())
    broken[broken.count - 1] ^= 1
    bytes += broken
    client.socket.send(bytes)
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.aborted])
    #expect(
      bench.ring.everything.incidents.map(\.detail) == [
        "a TLS record can't be decrypted: it was changed or partly lost in transit"
      ])
    #expect(bench.ring.deliveries.map(\.request.body) == (0..<before).map { [UInt8($0)] })
  }

  @Test("a record that is none of TLS's is an incident between two requests, too")
  func strangeRecord() throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send(Samples.post())
    #expect(statuses(try client.answers()) == [200])
    client.socket.send([0x17, 3, 3, 0, 0])
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.aborted])
  }

  @Test("an end inside the handshake is one that the sender made")
  func brokenHandshake() throws {
    let bench = try bench()
    let client = try TLSClient.begun(bench.receiver.port)
    client.socket.finishSending()
    _ = client.socket.rest()
    bench.wait { !$0.reasons.isEmpty }
    #expect(bench.ring.reasons == [.aborted])
  }

  @Test("a second handshake inside the connection is not HTTP")
  func handshakeInside() throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send([0x16, 3, 1])
    #expect(try client.answers() == "")
    #expect(bench.ring.reasons == [.notHTTP])
  }

  @Test("stops at once, though a connection is open and says nothing")
  func stop() throws {
    let bench = try bench()
    let client = try client(bench)
    try client.send(Samples.post())
    #expect(statuses(try client.answers()) == [200])
    #expect(bench.receiver.stop())
    #expect(throws: RawClient.Refused.self) { try RawClient(bench.receiver.port) }
  }
}
