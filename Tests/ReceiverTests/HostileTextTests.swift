import JSON
import NIOCore
import NIOEmbedded
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// Text whose comparison as `String` takes a time that grows with its square must cost what any other text costs.
@Suite("The cost of a request", .serialized)
struct HostileTextTests {
  /// What the receiver looks at, and one field that it does not.
  static let names =
    [
      "Host", "Expect", "Upgrade", "Connection", "Proxy-Connection", "Content-Length", "Transfer-Encoding",
      "User-Agent", "Content-Type", "X-Other",
    ] + Providers.builtIn.all.flatMap { [$0.eventHeader, $0.deliveryHeader, $0.signatureHeader] }

  /// Marks that no order of theirs is canonical.
  private static let hostile = String(repeating: "\u{301}\u{316}", count: 15_000)
  private static let plain = String(repeating: "\u{E9}\u{E8}", count: 15_000)

  @Test("does not depend on what stands in a header field", arguments: names)
  func values(name: String) throws {
    try expectSameCost { text in
      let host = name == "Host" ? "" : "Host: a\r\n"
      return "POST / HTTP/1.1\r\n\(host)\(name): \(text)\r\nContent-Length: 2\r\n\r\n{}"
    }
  }

  @Test(
    "does not depend on what stands in a list of options",
    arguments: ["Connection", "Transfer-Encoding", "Expect"])
  func lists(name: String) throws {
    try expectSameCost { text in
      "POST / HTTP/1.1\r\nHost: a\r\n\(name): a, \(text), b\r\nContent-Length: 2\r\n\r\n{}"
    }
  }

  @Test(
    "does not depend on how many options, spaces or digits stand in a list",
    arguments: ["Connection", "Transfer-Encoding", "Expect", "Host", "Upgrade", "Content-Length", "X-Other"],
    [",", ", ", "a,", "close,", "clash,", "\t", "0", "100-continue,"])
  func manyOptions(name: String, option: String) throws {
    let count = 32_000 / option.utf8.count
    let hostile = String(repeating: option, count: count)
    let plain = String(repeating: "a", count: count * option.utf8.count)
    try expectSameCost(hostile, plain, slack: 100_000) { text in
      let host = name == "Host" ? "" : "Host: a\r\n"
      return "POST / HTTP/1.1\r\n\(host)\(name): a\(text)a\r\n\r\n"
    }
  }

  @Test("does not depend on what stands in a field's name, the target or the method")
  func elsewhere() throws {
    try expectSameCost { "POST / HTTP/1.1\r\nHost: a\r\n\($0): x\r\n\r\n" }
    try expectSameCost { "POST /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
    try expectSameCost { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
    try expectSameCost { "\($0) / HTTP/1.1\r\nHost: a\r\n\r\n" }
  }

  @Test(
    "does not depend on what stands in the body's fields",
    arguments: [
      ("X-Parlay-Event", "id"), ("X-Parlay-Event", "event"), ("x-parable-event", "delivery_id"),
      ("x-parable-event", "event"), ("X-Other", "id"),
    ])
  func bodies(header: String, field: String) throws {
    try expectSameCost { text in
      let body = "{\"\(field)\":\"\(text)\"}"
      return
        "POST / HTTP/1.1\r\nHost: a\r\n\(header): x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
  }

  @Test("does not depend on what a refused target holds, however it is shown")
  func summary() {
    func cost(_ text: String) -> Int {
      Cost.ofThread { _ = RequestHead(method: "GET", target: ByteString(text), headers: Headers()).summary }
    }
    let found = Cost(
      factor: 4, slack: 100_000, plain: { cost(Self.plain) }, hostile: { cost(Self.hostile) })
    #expect(found.isWithinBound, "\(found)")
  }

  /// - Parameter slack: in nanoseconds, what `hostile` may cost beyond some times of `plain`.
  private func expectSameCost(
    _ hostile: String = hostile, _ plain: String = plain, slack: Int = 1_000_000,
    _ request: (String) -> String
  ) throws {
    let found = try Cost(
      factor: 4, slack: slack, plain: { try Self.cost(of: Array(request(plain).utf8)) },
      hostile: { try Self.cost(of: Array(request(hostile).utf8)) })
    #expect(found.isWithinBound, "for as many bytes \(found)")
  }

  /// What a request takes that comes whole, in nanoseconds.
  private static func cost(of request: [UInt8]) throws -> Int {
    let channel = try Samples.channel(Samples.intake(Journal(), keyring: Samples.keyring()))
    let bytes = ByteBuffer(bytes: request)
    return try Cost.ofThread { try channel.writeInbound(bytes) }
  }
}
