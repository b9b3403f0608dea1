import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// Received text is bytes: what stands in it costs no more than plain text of its length.
@Suite struct HostileTextTests {
  /// A sender's names and the header that it signs with, all of them made of `filler`.
  private struct Text {
    let filler: String

    func name(_ number: Int) -> String { "\(number)" + String(repeating: filler, count: 2000) }

    /// Deliveries of different events, the last one with a signature header of 64 KiB.
    func deliveries(_ count: Int) throws -> [Delivery] {
      let long = String(repeating: filler, count: (64 << 10) / filler.utf8.count)
      return try (1...count).map { number in
        let request = try Fixture.parlay(header: number == count ? long : nil)
        let envelope = Envelope(
          provider: .parlay, event: ByteString(name(number)),
          eventID: ByteString(name(number)), deliveryID: ByteString(name(number)))
        var verdict = Verdict(.noV1Matches)
        verdict.v1Count = 1
        verdict.secret = ByteString(name(number))
        return Delivery(
          sequence: UInt64(number), receivedAt: Fixture.start, request: request, envelope: envelope,
          verdict: verdict, isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 1))
      }
    }
  }

  private static let plain = Text(filler: "abcd")
  /// Two marks that canonical order exchanges, as many bytes as the plain filler.
  private static let marks = Text(filler: "\u{301}\u{316}")

  /// What keys and a frame cost where those deliveries have arrived, in nanoseconds.
  private func cost(_ text: Text, keys: String) throws -> Int {
    var batch = Journal.Batch()
    batch.deliveries = try text.deliveries(300)
    var app = try App()
    return Cost.ofThread {
      _ = app.model.update(.arrived(batch), at: Fixture.start)
      for key in Key.keys(in: keys) { _ = app.model.update(.key(key), at: Fixture.start) }
      #expect(app.frame.count == 36)
    }
  }

  @Test(
    "combining marks in names, ids, labels and headers cost what letters do",
    arguments: ["", "T", "Tj <Enter>", "t", "/no such<Enter>", "ftype:9*<Enter>", "4<Enter>", "S", "i"])
  func marks(keys: String) throws {
    let found = try Cost(
      factor: 4, slack: 20_000_000, plain: { try cost(Self.plain, keys: keys) },
      hostile: { try cost(Self.marks, keys: keys) })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("names that only canonical equivalence makes equal are two types")
  func equivalence() throws {
    var app = try App()
    try app.receive([try Fixture.parlay("caf\u{E9}"), try Fixture.parlay("cafe\u{301}", id: "evt_2")])
    app.type("T")
    #expect(app.frame.count { $0.contains("[ ] caf") } == 2)
    app.type(" <Enter>")
    #expect(app.model.list.rowCount == 1)
    app.type("T")
    #expect(app.frame.count { $0.contains("[x] caf") } == 1)
  }
}
