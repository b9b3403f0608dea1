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

    /// Arrivals of different events, the last ones failed and the very last with a signature header of 64 KiB.
    func arrivals(_ count: Int, failed: Int) throws -> [Arrival] {
      let long = String(repeating: filler, count: (64 << 10) / filler.utf8.count)
      return try (1...count).map { number in
        var request = try Fixture.parlay(header: number == count ? long : nil)
        request.target = ByteString("/" + name(number))
        request.headers.append(.init("Content-Type", name(number)))
        if number == count { request.headers.append(.init(name(number), long)) }
        let envelope = Envelope(
          provider: .parlay, event: ByteString(name(number)),
          eventID: ByteString(name(number)), deliveryID: ByteString(name(number)))
        var verdict = Verdict(number > count - failed ? .noV1Matches : .ok)
        verdict.signatureCount = 1
        verdict.secret = ByteString(name(number))
        return Arrival(
          receivedAt: Fixture.start, request: request, envelope: envelope, verdict: verdict,
          answer: Answer(status: 401, milliseconds: 1))
      }
    }

    /// What an app answered, with names and values as long as a head may be.
    var exchange: Exchange {
      let long = String(repeating: filler, count: (30 << 10) / filler.utf8.count)
      let headers: Headers = [.init("Content-Type", name(1)), .init(name(2), long), .init("X", long)]
      return Exchange(
        at: Fixture.start, purpose: .forward, url: "http://127.0.0.1:3000/" + name(3),
        response: .init(status: 401, headers: headers, body: Array(long.utf8)), failure: nil,
        milliseconds: .init(total: 1))
    }

    var incident: Incident {
      Incident(
        receivedAt: Fixture.start, reason: .badRequest, detail: name(4), peer: name(5), status: 400,
        received: .init(Array(name(6).utf8), of: name(6).utf8.count))
    }
  }

  private static let plain = Text(filler: "abcd")
  /// Two marks that canonical order exchanges, as many bytes as the plain filler.
  private static let marks = Text(filler: "\u{301}\u{316}")

  /// What keys, what they have done in the background and a frame cost where those have arrived, in nanoseconds.
  private func cost(_ text: Text, keys: String) throws -> Int {
    let arrivals = try text.arrivals(50, failed: 2)
    let (exchange, incident) = (text.exchange, text.incident)
    var app = try App(columns: 200, forward: "127.0.0.1:3000")
    return try Cost.ofThread {
      try app.receive(arrivals)
      app.happen(.exchanged(exchange), to: 50)
      app.receive(incident)
      app.type(keys)
      #expect(app.frame.count == 36)
    }
  }

  @Test("what the keys have done in the background is done where its cost is measured")
  func isWorkedOut() throws {
    var app = try App()
    try app.receive(try Self.marks.arrivals(30, failed: 5))
    #expect((26...30).allSatisfy { app.model.diagnoses.finished($0) != nil })
    app.type("i")
    #expect(app.screen.contains("tried now     ✗"))
  }

  @Test(
    "combining marks in names, ids, labels, headers, targets, responses and incidents cost what letters do",
    arguments: [
      "", "T", "T<Down> <Enter>", "Tab<Enter>", "t", "/no such<Enter>", "ftype:9*<Enter>", "4<Enter>", "S",
      "i", "\\5<Enter>", "\\5<Enter>b", "I<Enter>", "a", "fpath:/9*<Enter>",
    ])
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
