@testable import JSON
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// Bodies that are no good JSON, or more of it than anybody sends: each is a delivery all the same.
@Suite("Hostile JSON over a real socket")
struct HostileJSONTests {
  @Test(
    "every body of the corpora is a delivery, byte for byte, and pretty or raw with the reason",
    .enabled(if: JSONCorpora.isPresent, Comment(rawValue: JSONCorpora.absence)))
  func corpora() throws {
    var bodies: [[UInt8]] = []
    for folder in JSONCorpora.folders {
      for name in JSONCorpora.names(in: folder) { bodies.append(try JSONCorpora.bytes(folder, name)) }
    }
    #expect(bodies.count > 350)
    try expectDeliveries(of: bodies)
  }

  static let bodies: [[UInt8]] =
    [
      "", " \n", "\u{FEFF}{}", "{}{}", "[1,]", "{'a':1}", "[NaN]", "nul", "\"", "[\"\\ud800\"]", "\"a\tb\"",
      "[1e9999]",
      #"{"id":1,"id":[],"event":{},"livemode":"no","data":null}"#, #"{"id":"\u0000","event":"\ud83d"}"#,
      "12345678901234567890123456789012345678901234567890", "[\"\u{202E}\u{1B}[2J\u{9B}\"]",
    ].map { Array($0.utf8) } + [
      [0xFF], [0x22, 0xFF, 0xC0, 0x80, 0x22], [0], [0xFE, 0xFF, 0, 0x7B, 0, 0x7D],
      Array(repeating: UInt8(ascii: "["), count: 100_000),
      Array(String(repeating: #"{"a":"#, count: 100_000).utf8),
      Array((String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).utf8),
      Array(
        (String(repeating: #"{"id":"#, count: 100_000) + "1" + String(repeating: "}", count: 100_000)).utf8),
      Array(("{" + String(repeating: #""id":"evt_1","#, count: 50_000) + "\"a\":1}").utf8),
    ]

  @Test("the worst of them are deliveries too where there are no corpora")
  func kernel() throws {
    try expectDeliveries(of: Self.bodies)
  }

  private func expectDeliveries(of bodies: [[UInt8]]) throws {
    let bench = try Bench()
    let client = try bench.client()
    for (number, body) in bodies.enumerated() {
      let provider = number % 2 == 0 ? "X-Parlay-Event: a" : "X-Parable-Event: b"
      client.send(Samples.post(body, fields: [provider]))
      try #require(statuses(client.answers()) == [200], "body \(number)")
    }
    let deliveries = bench.ring.deliveries
    #expect(deliveries.count == bodies.count)
    #expect(bench.ring.reasons.isEmpty)
    for (delivery, body) in zip(deliveries, bodies) {
      #expect(delivery.request.body == body, "delivery \(delivery.sequence)")
      let document = PayloadDocument(delivery.request.body, mode: .pretty)
      #expect(document.mode == (document.fault == nil ? .pretty : .raw))
      #expect(document.fault?.sentence.isEmpty != true)
    }
  }
}
