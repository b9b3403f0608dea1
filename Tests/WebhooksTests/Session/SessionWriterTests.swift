import JSON
import Testing
@testable import Webhooks

@Suite struct SessionWriterTests {
  @Test("a delivery is written as the design's example, byte for byte")
  func example() {
    let delivery = Delivery(
      sequence: 12, receivedAt: Timestamp("2026-11-21T18:02:11.482913Z")!,
      request: Request(
        headers: Headers([.init("Host", "127.0.0.1:4747")]), body: Array("{}\n".utf8), peer: "127.0.0.1:51234"
      ),
      envelope: Envelope(
        provider: .parlay, event: "analysis.completed", eventID: "evt_1", deliveryID: "del_1", livemode: .test
      ),
      verdict: Samples.verdict(.ok, age: 3.2, secret: "parlay"), isDuplicate: false, attempt: 1,
      answer: Answer(status: 200, milliseconds: 0.4))
    #expect(SessionSamples.line(delivery) == SessionSamples.example)
  }

  @Test("what does not exist is null")
  func nulls() {
    var delivery = Samples.delivery(
      provider: nil, event: nil, eventID: nil, deliveryID: nil, livemode: .notApplicable)
    delivery = Delivery(
      sequence: 1, receivedAt: delivery.receivedAt, request: Request(headers: Headers(), body: []),
      envelope: delivery.envelope, verdict: Verdict(.noHeader), isDuplicate: true, attempt: 2,
      answer: Answer(status: 401, milliseconds: 0))
    #expect(
      SessionSamples.line(delivery) == #"""
        {"kind":"delivery","sequence":1,"received_at":"2025-04-24T18:13:17.000000Z","provider":null,\#
        "event":null,"event_id":null,"delivery_id":null,"dedupe_key":null,"livemode":null,\#
        "verdict":{"status":"missing","reason":"no-header","age_seconds":null,"secret":null},\#
        "duplicate":true,"attempt":2,"request":{"method":"POST","target":"/","version":"1.1","headers":[],\#
        "body_base64":"","body_size":0,"peer":null},"answer":{"status":401,"milliseconds":0}}

        """#)
  }

  @Test("an incident is written as the design's example; one without an answer has null there")
  func incidents() {
    var incident = Samples.incident
    incident.receivedAt = Timestamp("2026-11-21T18:02:11.482913Z")!
    #expect(SessionSamples.line(incident) == SessionSamples.incident)
    incident.status = nil
    incident.peer = ""
    #expect(
      SessionSamples.line(incident).hasSuffix(#""detail":"two lengths","peer":null,"answer":null}"# + "\n"))
  }

  @Test("lines are gathered until the writer is cleared")
  func gathering() {
    var writer = SessionWriter()
    writer.write(Samples.incident)
    writer.write(Samples.delivery())
    let both = writer.bytes
    #expect(both.filter { $0 == 0x0A }.count == 2)
    writer.clear()
    #expect(writer.bytes.isEmpty)
    writer.write(Samples.incident)
    #expect(both.starts(with: writer.bytes))
  }

  @Test("no byte of a hostile delivery reaches the line as a control, and the line stays one line")
  func hostile() throws {
    let hostile = "\u{1B}[2J\r\n\u{9B}\u{2028}\u{202E}\u{7F}\"\\\u{0}\u{E0041}"
    let delivery = Samples.delivery(
      headers: [("X-A", hostile)], body: hostile, event: ByteString(hostile), eventID: ByteString(hostile),
      deliveryID: ByteString(hostile), verdict: Samples.verdict(.ok, secret: ByteString(hostile)))
    let line = SessionSamples.line(delivery)
    #expect(line.utf8.dropLast().allSatisfy { (0x20..<0x7F).contains($0) })
    #expect(line.utf8.last == 0x0A)
  }
}
