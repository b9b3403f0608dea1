import JSON
import Testing

@testable import Webhooks

@Suite("Values hidden in what leaves hooktop")
struct RedactionTests {
  private func redaction(_ paths: String...) throws -> Redaction {
    Redaction(try paths.map { try JSONMask.Path($0) })
  }

  @Test("a value goes from the body, and from headers, target and ids where it is a word of its own")
  func everywhere() throws {
    let delivery = Samples.delivery(
      headers: [("X-Id", "evt_1"), ("X-Mail", "a@b.example, x"), ("X-Other", "evt_12"), ("X-N", "1")],
      body: #"{"id":"evt_1","mail":"a@b.example","n":1, "z":1.0}"#)
    let hidden = try redaction("$.id", "$.mail", "$.n").hiding(in: delivery)
    #expect(
      String(decoding: hidden.request.body, as: UTF8.self)
        == #"{"id":"[redacted]","mail":"[redacted]","n":"[redacted]", "z":1.0}"#)
    #expect(hidden.request.headers.map(\.value.text) == ["[redacted]", "[redacted], x", "evt_12", "1"])
    var request = delivery.request
    request.target = "/hook?id=evt_1&x=evt_12"
    request.headers.append(.init("X-Whole", "two words, 1"))
    request.body = Array(#"{"id":"evt_1","mail":"two words, 1"}"#.utf8)
    let other = try redaction("$.id", "$.mail").hiding(in: delivery.with(request: request)).request
    #expect(other.target == "/hook?id=[redacted]&x=evt_12")
    #expect(other.headers.first("X-Whole") == "[redacted]")
    #expect(hidden.envelope.eventID == "[redacted]" && hidden.envelope.event == "webhook.test")
    #expect(hidden.sequence == delivery.sequence && hidden.verdict == delivery.verdict)
    let endpoint = Endpoint("staging", path: "/*")
    let sent = Delivery(
      sequence: 1, receivedAt: Samples.now, request: delivery.request, envelope: delivery.envelope,
      verdict: delivery.verdict, isDuplicate: false, attempt: 1, answer: nil, endpoint: endpoint)
    #expect(try redaction("$.id").hiding(in: sent).endpoint == endpoint)
  }

  @Test("a body that is not JSON is hidden as a whole, an empty one stays")
  func notJSON() throws {
    let redaction = try redaction("$.a")
    #expect(String(decoding: redaction.hiding(in: Array("a=1".utf8)), as: UTF8.self) == "[redacted]")
    #expect(redaction.hiding(in: []) == [])
    #expect(Redaction().hiding(in: Array("a=1".utf8)) == Array("a=1".utf8))
  }

  @Test("responses of apps and first bytes of incidents are hidden, too")
  func records() throws {
    let redaction = try redaction("$.a")
    let exchange = Exchange(
      at: Samples.now, url: "http://a", response: .init(status: 200, body: Array(#"{"a":1}"#.utf8)),
      milliseconds: .init(total: 1))
    guard case .exchange(let hidden, 1) = redaction.hiding(in: .exchange(exchange, of: 1)) else {
      Issue.record("no exchange")
      return
    }
    #expect(hidden.response?.body == Array(#"{"a":"[redacted]"}"#.utf8))
    var incident = Samples.incident
    incident.received = Incident.Received(Array("a".utf8), of: 1)
    guard case .incident(let other) = redaction.hiding(in: .incident(incident)) else {
      Issue.record("no incident")
      return
    }
    #expect(other.received == nil && other.detail == incident.detail)
  }
}
