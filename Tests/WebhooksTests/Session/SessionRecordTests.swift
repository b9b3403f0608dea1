import TestSupport
import Testing

@testable import JSON
@testable import Webhooks

@Suite struct SessionRecordTests {
  @Test("the texts of a delivery share one storage that is no larger than they are: its line is not kept")
  func storage() throws {
    let delivery = try #require(try SessionSamples.delivery(SessionSamples.example))
    let envelope = delivery.envelope
    let texts =
      [envelope.event, envelope.eventID, envelope.deliveryID, delivery.verdict.secret]
      .compactMap(\.self) + [delivery.request.target]
    #expect(texts.map(\.text) == ["analysis.completed", "evt_1", "del_1", "parlay", "/"])
    let size = texts.reduce(0) { $0 + $1.count }
    #expect(texts.allSatisfy { $0.storage.count == size })
  }

  @Test("the design's example is read, field by field")
  func example() throws {
    let delivery = try #require(try SessionSamples.delivery(SessionSamples.example))
    #expect(delivery.sequence == 12)
    #expect(delivery.receivedAt == Timestamp("2026-11-21T18:02:11.482913Z"))
    #expect(
      delivery.envelope
        == Envelope(
          provider: .parlay, event: "analysis.completed", eventID: "evt_1", deliveryID: "del_1",
          livemode: .test))
    #expect(
      delivery.request
        == Request(
          headers: Headers([.init("Host", "127.0.0.1:4747")]), body: [0x7B, 0x7D, 0x0A],
          peer: "127.0.0.1:51234"))
    #expect(delivery.verdict.reason == .ok)
    #expect(delivery.verdict.ageSeconds == 3.2)
    #expect(delivery.verdict.secret == "parlay")
    #expect(!delivery.isDuplicate)
    #expect(delivery.attempt == 1)
    #expect(delivery.answer == Answer(status: 200, milliseconds: 0.4))
  }

  @Test("an incident is read back as it was written", arguments: Incident.Reason.allCases)
  func incidents(reason: Incident.Reason) throws {
    for status in [nil, 400] {
      let incident = Incident(
        receivedAt: Samples.now, reason: reason, detail: "a \"quoted\"\u{1B} é", peer: "", status: status)
      #expect(try SessionSamples.incident(SessionSamples.line(incident)) == incident)
    }
  }

  @Test("the first bytes of an incident are read back, and no more of them than are kept")
  func received() throws {
    var incident = Samples.incident
    incident.received = Incident.Received([0, 0x1B, 0xFF], of: 5000)
    let line = SessionSamples.line(incident)
    #expect(line.contains(#","answer":{"status":400},"first_bytes_base64":"ABv/","bytes_received":5000}"#))
    #expect(try SessionSamples.incident(line) == incident)
    let long = Base64.encoded([UInt8](repeating: 0x61, count: 5000))
    let longer = line.replacing("ABv/", with: String(decoding: long, as: UTF8.self))
    #expect(try SessionSamples.incident(longer)?.received?.bytes.count == Incident.Received.limit)
    let none = line.replacing("\"ABv/\"", with: "null")
    #expect(try SessionSamples.incident(none)?.received == nil)
  }

  @Test("what a file says of credentials is hidden as what was received is")
  func credentials() throws {
    let head = Base64.encoded(Array("GET / HTTP/1.1\r\nCookie: a=b\r\n\r\n".utf8))
    var incident = Samples.incident
    incident.received = Incident.Received([], of: 0)
    let line = SessionSamples.line(incident)
      .replacing(#"base64":"""#, with: #"base64":"\#(String(decoding: head, as: UTF8.self))""#)
    let read = try #require(try SessionSamples.incident(line)?.received)
    #expect(String(decoding: read.bytes, as: UTF8.self).contains("Cookie: ***\r\n"))
  }

  @Test("a line, read and written again, is the same line", arguments: Verdict.Reason.allCases)
  func roundTrip(reason: Verdict.Reason) throws {
    for age in [nil, 0, 3.2, -0.000001, 300.000001, -86_400.5, 999_999_999_999_999] as [Double?] {
      let delivery = Samples.delivery(
        sequence: .max, headers: [("a", "b"), ("A", ""), ("a", "é\t\u{1F468}\u{200D}")],
        body: "\u{0}\u{FFFD}{", provider: .parable, event: "\u{202E}x", eventID: "",
        livemode: .live, verdict: Samples.verdict(reason, age: age, secret: age == nil ? nil : "parable/a"),
        isDuplicate: true, attempt: 9, answer: Answer(status: 503, milliseconds: 12.345))
      let line = SessionSamples.line(delivery)
      let read = try #require(try SessionSamples.delivery(line))
      #expect(SessionSamples.line(read) == line)
      #expect(read.request == delivery.request)
      #expect(read.envelope == delivery.envelope)
      #expect(read.verdict.ageSeconds == age)
      #expect(read.verdict.reason == reason)
      #expect(read.answer == delivery.answer)
    }
  }

  @Test("an answer by a rule, and none at all, come back", arguments: [nil, 503])
  func ruled(status: Int?) throws {
    let delivery = Samples.delivery(
      answer: Answer(status: status, milliseconds: 0, rule: RuleName("drop \u{202E}")))
    let line = SessionSamples.line(delivery)
    let read = try #require(try SessionSamples.delivery(line))
    #expect(read.answer == delivery.answer && SessionSamples.line(read) == line)
  }

  @Test("what a delivery was made from comes back")
  func replayed() throws {
    let delivery = Samples.delivery()
    let replay = Delivery(
      sequence: 5, receivedAt: delivery.receivedAt, request: delivery.request, envelope: delivery.envelope,
      verdict: delivery.verdict, isDuplicate: false, attempt: 1, answer: Answer(status: nil, milliseconds: 0),
      origin: .replay(of: 3))
    let line = SessionSamples.line(replay)
    let read = try #require(try SessionSamples.delivery(line))
    #expect(read.replayOf == 3 && SessionSamples.line(read) == line)
    #expect(line.contains(#","answer":null,"replay_of":3}"#))
  }

  @Test("every body comes back byte for byte")
  func bodies() throws {
    for length in [0, 1, 2, 3, 4, 255, 256, 65_537] {
      let body = (0..<length).map { _ in UInt8.random(in: 0...255) }
      let delivery = Delivery(
        sequence: 1, receivedAt: Samples.now, request: Request(headers: Headers(), body: body),
        envelope: Envelope(), verdict: Verdict(.ok), isDuplicate: false, attempt: 1,
        answer: Answer(status: 200, milliseconds: 0))
      #expect(try SessionSamples.delivery(SessionSamples.line(delivery))?.request.body == body)
    }
  }

  @Test("fields that are not known are passed over, whatever they hold, and the order does not matter")
  func unknownFields() throws {
    let line = SessionSamples.incident.replacing(
      #""kind":"incident","#,
      with: #""new":{"kind":"x","deep":[[[{"a":[]}]]]},"verdict.status":1,"verdict":{"new":[1]},"#
    )
    .replacing(#"{"status":400}"#, with: #"{"new":null,"status":400},"kind":"incident""#)
    #expect(try SessionSamples.incident(line)?.status == 400)
  }

  @Test("escaped keys and values are read as what they stand for, and white space does not count")
  func otherSpelling() throws {
    let line = SessionSamples.example.replacing(
      #""kind":"delivery""#, with: #" "k\u0069nd" : "deliver\u0079" "#
    )
    .replacing("e30K", with: #"\u00653\u0030K"#).replacing("\n", with: " \r\n")
    #expect(try SessionSamples.delivery(line)?.request.body == Array("{}\n".utf8))
  }
}

@Suite struct SessionRecordErrorTests {
  struct Case: CustomTestStringConvertible {
    let old: String
    let new: String
    let error: SessionError
    var testDescription: String { "\(new) for \(old)" }
  }

  @Test(
    "a delivery's line that was changed is refused, with what is wrong",
    arguments: [
      Case(old: #""kind":"delivery""#, new: #""kind":"parcel""#, error: .unexpected(.kind)),
      Case(old: #""kind":"delivery""#, new: #""kind":1"#, error: .unexpected(.kind)),
      Case(old: #""kind":"delivery","#, new: "", error: .missing(.kind)),
      Case(old: #""kind""#, new: #""kind":"delivery","kind""#, error: .repeated(.kind)),
      Case(old: #""sequence":12"#, new: #""sequence":0"#, error: .unexpected(.sequence)),
      Case(old: #""sequence":12"#, new: #""sequence":-1"#, error: .unexpected(.sequence)),
      Case(old: #""sequence":12"#, new: #""sequence":1.5"#, error: .unexpected(.sequence)),
      Case(old: #""sequence":12"#, new: #""sequence":"12""#, error: .unexpected(.sequence)),
      Case(old: #""sequence":12"#, new: #""sequence":18446744073709551616"#, error: .unexpected(.sequence)),
      Case(old: #""sequence":12,"#, new: "", error: .missing(.sequence)),
      Case(old: "2026-11-21T", new: "2026-11-31T", error: .unexpected(.receivedAt)),
      Case(old: #""provider":"parlay""#, new: #""provider":"stripe""#, error: .unexpected(.provider)),
      Case(old: #""provider":"parlay""#, new: #""provider":{}"#, error: .unexpected(.provider)),
      Case(old: #""event":"analysis.completed""#, new: #""event":["a"]"#, error: .unexpected(.event)),
      Case(old: #""event_id":"evt_1""#, new: #""event_id":true"#, error: .unexpected(.eventID)),
      Case(old: #""livemode":false"#, new: #""livemode":"test""#, error: .unexpected(.livemode)),
      Case(old: #""duplicate":false"#, new: #""duplicate":null"#, error: .unexpected(.duplicate)),
      Case(old: #""attempt":1"#, new: #""attempt":0"#, error: .unexpected(.attempt)),
      Case(old: #""verdict":{"#, new: #""verdict":null,"v":{"#, error: .unexpected(.verdict)),
      Case(old: #""verdict":{"#, new: #""v":{"#, error: .missing(.verdict)),
      Case(old: #""status":"valid""#, new: #""status":"fine""#, error: .unexpected(.status)),
      Case(
        old: #""status":"valid""#, new: #""status":"stale""#,
        error: .verdictDisagrees(status: .stale, reason: .ok)),
      Case(old: #""reason":"ok","#, new: "", error: .missing(.verdictReason)),
      Case(old: #""age_seconds":3.2"#, new: #""age_seconds":"3.2""#, error: .unexpected(.age)),
      Case(old: #""age_seconds":3.2"#, new: #""age_seconds":1e999"#, error: .unexpected(.age)),
      Case(old: #""age_seconds":3.2,"#, new: "", error: .missing(.age)),
      Case(old: #""secret":"parlay""#, new: #""secret":7"#, error: .unexpected(.secret)),
      Case(old: #""request":{"#, new: #""request":[],"r":{"#, error: .unexpected(.request)),
      Case(old: #""method":"POST""#, new: #""method":"PO ST""#, error: .unexpected(.method)),
      Case(old: #""method":"POST""#, new: #""method":"""#, error: .unexpected(.method)),
      Case(old: #""target":"/""#, new: #""target":"/ HTTP\u002f1.1\r\nX: y""#, error: .unexpected(.target)),
      Case(old: #""target":"/""#, new: #""target":"""#, error: .unexpected(.target)),
      Case(old: #""version":"1.1""#, new: #""version":"2""#, error: .unexpected(.version)),
      Case(old: "[[\"Host\",", new: "[[\"Ho st\",", error: .badHeaderName(number: 1)),
      Case(old: "[[\"Host\",", new: "[[\"\",", error: .badHeaderName(number: 1)),
      Case(old: "[[\"Host\",", new: "[[\"Host\",\"a\",", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",", new: "[[1,", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",", new: "[[[\"Host\"],", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",\"127", new: "[[\"Host\",\"\\r\\nX: 127", error: .badHeaderValue(number: 1)),
      Case(old: "[[\"Host\",", new: "[[\"A\",\"\\u0000\"],[\"Host\",", error: .badHeaderValue(number: 1)),
      Case(
        old: "[[\"Host\",\"127", new: "[[\"A\",\"\"],[\"Host\",\"\\r127", error: .badHeaderValue(number: 2)),
      Case(old: "[[\"Host\",\"127.0.0.1:4747\"]]", new: "[\"Host\"]", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",\"127.0.0.1:4747\"]]", new: "[[\"Host\"]]", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",\"127.0.0.1:4747\"]]", new: "{}", error: .unexpected(.headers)),
      Case(old: "[[\"Host\",\"127.0.0.1:4747\"]]", new: "null", error: .unexpected(.headers)),
      Case(old: "e30K", new: "e30", error: .unexpected(.body)),
      Case(old: "e30K", new: "e3 K", error: .unexpected(.body)),
      Case(old: #""e30K""#, new: "null", error: .unexpected(.body)),
      Case(old: "e30K", new: "e30=", error: .bodySize(stated: 3, actual: 2)),
      Case(old: #""body_size":3"#, new: #""body_size":-3"#, error: .unexpected(.bodySize)),
      Case(old: #""body_size":3"#, new: #""body_size":4"#, error: .bodySize(stated: 4, actual: 3)),
      Case(old: #""peer":"127.0.0.1:51234""#, new: #""peer":1"#, error: .unexpected(.requestPeer)),
      Case(old: #""status":200"#, new: #""status":99"#, error: .unexpected(.answerStatus)),
      Case(
        old: #""answer":{"status":200,"milliseconds":0.4}"#, new: #""answer":200"#,
        error: .unexpected(.answer)),
      Case(old: #""answer":{"#, new: #""rule":5,"answer":{"#, error: .unexpected(.rule)),
      Case(old: #""milliseconds":0.4"#, new: #""milliseconds":-1"#, error: .unexpected(.milliseconds)),
      Case(old: #""milliseconds":0.4"#, new: #""milliseconds":null"#, error: .unexpected(.milliseconds)),
    ])
  func changed(example: Case) throws {
    let line = SessionSamples.example.replacing(example.old, with: example.new)
    try #require(line != SessionSamples.example)
    #expect(throws: example.error) { try SessionRecord(line: Array(line.utf8)) }
  }

  @Test(
    "an incident's line that was changed is refused, with what is wrong",
    arguments: [
      Case(old: "bad-request", new: "worse", error: .unexpected(.incidentReason)),
      Case(old: #""detail":"two lengths","#, new: "", error: .missing(.detail)),
      Case(old: #""detail":"two lengths""#, new: #""detail":null"#, error: .unexpected(.detail)),
      Case(old: #""peer":"127.0.0.1:9","#, new: "", error: .missing(.incidentPeer)),
      Case(old: #""answer":{"status":400}"#, new: #""answer":{}"#, error: .missing(.answerStatus)),
      Case(old: #""answer":{"status":400}"#, new: #""answer":400"#, error: .unexpected(.answer)),
      Case(old: #","answer":{"status":400}"#, new: "", error: .missing(.answer)),
      Case(
        old: "}}", new: #"},"first_bytes_base64":"?","bytes_received":1}"#, error: .unexpected(.firstBytes)),
      Case(old: "}}", new: #"},"first_bytes_base64":"AA=="}"#, error: .missing(.bytesReceived)),
      Case(
        old: "}}", new: #"},"first_bytes_base64":"AA==","bytes_received":-1}"#,
        error: .unexpected(.bytesReceived)),
    ])
  func changedIncident(example: Case) throws {
    let line = SessionSamples.incident.replacing(example.old, with: example.new)
    try #require(line != SessionSamples.incident)
    #expect(throws: example.error) { try SessionRecord(line: Array(line.utf8)) }
  }

  @Test(
    "a line that is no JSON object is refused",
    arguments: [
      ("[]", .notAnObject), ("\"kind\"", .notAnObject), ("{", .notJSON(at: 1)), ("hello", .notJSON(at: 0)),
      ("{}}", .notJSON(at: 2)), ("{\"kind\":\"delivery\"} x", .notJSON(at: 20)),
      ("{'kind':1}", .notJSON(at: 1)),
      ("{\"a\":}", .notJSON(at: 5)), ("{}", .missing(.kind)), ("\u{FEFF}{}", .notJSON(at: 0)),
    ] as [(String, SessionError)])
  func notJSON(line: String, error: SessionError) {
    #expect(throws: error) { try SessionRecord(line: Array(line.utf8)) }
  }

  @Test("a line that is not UTF-8 is refused")
  func notUTF8() {
    #expect(throws: SessionError.notUTF8) {
      try SessionRecord(line: Array("{\"a\":\"".utf8) + [0xFF, 0x22, 0x7D])
    }
  }

  @Test("a hundred thousand brackets in an unknown field are refused and not followed")
  func depth() {
    let line = "{\"a\":" + String(repeating: "[", count: 100_000)
    #expect(throws: SessionError.self) { try SessionRecord(line: Array(line.utf8)) }
  }

  @Test("a request with more headers than the bound is refused")
  func manyHeaders() throws {
    let list = { (count: Int) in Array(repeating: #"["a","b"]"#, count: count).joined(separator: ",") }
    func line(_ count: Int) -> [UInt8] {
      Array(SessionSamples.example.replacing(#"["Host","127.0.0.1:4747"]"#, with: list(count)).utf8)
    }
    #expect(throws: SessionError.tooManyHeaders(limit: 10_000)) { try SessionRecord(line: line(10_001)) }
    _ = try SessionRecord(line: line(10_000))
  }

  @Test(
    "no change of a byte or cut of a line stops the reader",
    arguments: [SessionSamples.example, SessionSamples.incident])
  func mutations(line: String) {
    let original = Array(line.utf8)
    for _ in 0..<5000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3) {
        bytes[Int.random(in: 0..<bytes.count)] = Array("\"{}[],:0e\\n \u{80}".utf8).randomElement()!
      }
      bytes.removeLast(Bool.random() ? 0 : Int.random(in: 0..<bytes.count))
      if case .delivery(let delivery)? = try? SessionRecord(line: bytes) {
        #expect(delivery.request.body.count == 3)
      }
    }
  }
}
