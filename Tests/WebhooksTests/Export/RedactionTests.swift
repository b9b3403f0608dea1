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
    var records = RecordRedaction(redaction)
    _ = records.hiding(in: Samples.delivery(sequence: 1, body: #"{"a":"alice@example.com"}"#))
    // Its values can't be told.
    _ = records.hiding(in: Samples.delivery(sequence: 2, body: "a=alice@example.com"))
    let exchange = Exchange(
      at: Samples.now, url: "http://app:1/hook?mail=alice%40example.com",
      response: .init(
        status: 200, headers: [.init("X-Echo", "<alice@example.com>"), .init("X-B", "b")],
        body: Array(#"{"a":1,"to":"alice@example.com"}"#.utf8)),
      milliseconds: .init(total: 1))
    for sequence: UInt64 in [1, 2, 3] {
      guard case .exchange(let hidden, sequence) = records.hiding(in: .exchange(exchange, of: sequence))
      else {
        Issue.record("no exchange")
        return
      }
      #expect(hidden.url == "http://app:1/[redacted]" && hidden.status == 200)
      // Of an exchange about a delivery that is not known, nothing that was received is left.
      let isKnown = sequence == 1
      #expect(hidden.response?.headers.map(\.value.text) == ["[redacted]", isKnown ? "b" : "[redacted]"])
      let body = isKnown ? #"{"a":"[redacted]","to":"[redacted]"}"# : "[redacted]"
      #expect(hidden.response.map { String(decoding: $0.body, as: UTF8.self) } == body)
    }
    let outcomes = redaction.hiding(
      in: [.exchanged(exchange), .marked(true)], of: Samples.delivery(body: #"{"a":"alice@example.com"}"#))
    #expect(outcomes.exchanges.map(\.url) == ["http://app:1/[redacted]"] && outcomes.last == .marked(true))
    var incident = Samples.incident
    incident.received = Incident.Received(Array("a".utf8), of: 1)
    guard case .incident(let other) = records.hiding(in: .incident(incident)) else {
      Issue.record("no incident")
      return
    }
    #expect(other.received == nil && other.detail == incident.detail)
  }

  @Test("without a path a record stays as it is, and the values of the oldest deliveries are forgotten")
  func memory() throws {
    let exchange = Exchange(
      at: Samples.now, url: "http://app:1/hook", response: .init(status: 200), milliseconds: .init(total: 1))
    #expect(RecordRedaction(Redaction()).hiding(in: exchange, of: 1) == exchange)
    var records = RecordRedaction(try redaction("$.a"))
    for sequence in 1...4097 {
      _ = records.hiding(in: Samples.delivery(sequence: UInt64(sequence), body: #"{"b":"x"}"#))
    }
    #expect(
      records.hiding(in: exchange, of: 4097) == exchange && records.hiding(in: exchange, of: 2) == exchange)
    #expect(records.hiding(in: exchange, of: 1).url == "http://app:1/[redacted]")
    // Neither are many or long ones remembered.
    let long = #"{"a":"\#(String(repeating: "x", count: 5000))"}"#
    for body in [#"{"a":\#(Array(10...80))}"#, long] {
      _ = records.hiding(in: Samples.delivery(sequence: 1, body: body))
      #expect(records.hiding(in: exchange, of: 1).url == "http://app:1/[redacted]")
    }
  }

  @Test(
    "a word is hidden where it is percent-encoded, too",
    arguments: [
      ("/a?mail=alice%40example.com", "/a?mail=[redacted]"),
      ("/a?x=mail%3Dalice%40example.com%26y", "/a?x=mail%3D[redacted]%26y"),
      ("/%61lice%40example.com/b%", "/[redacted]/b%"), ("/malice%40example.com", "/malice%40example.com"),
      ("/a%zz?alice@example.com", "/a%zz?[redacted]"), ("/?v=x%41y", "/?v=[redacted]"),
    ])
  func encoded(target: String, hidden: String) throws {
    let delivery = Samples.delivery(body: #"{"a":"alice@example.com","b":"x%41y"}"#)
    var request = delivery.request
    request.target = ByteString(target)
    let seen = try redaction("$.a", "$.b").hiding(in: delivery.with(request: request))
    #expect(seen.request.target.text == hidden)
  }
}
