import JSON
import Testing

@testable import Webhooks

@Suite("Deliveries as those see them who look on")
struct PresentingTests {
  private static let value = "xq7\u{FC}&Kw+9/pz"

  private func presented(
    _ delivery: Delivery, _ outcomes: [Outcome] = [], _ paths: String...
  ) throws -> PresentedDelivery {
    Redaction(try paths.map { try JSONMask.Path($0) }).presenting(delivery, outcomes)
  }

  @Test("a value goes from the whole body, the headers, the target and the ids")
  func everywhere() throws {
    var delivery = Samples.delivery(
      headers: [
        ("X-Echo", "a xq7%C3%BC%26Kw%2B9%2Fpz"), ("X-Plain", "b"), ("Content-Length", "99"),
        ("X-Parlay-Event", "webhook.test"),
      ],
      body: #"{"id":"xq7\u00fc&Kw+9/pz","event":"webhook.test","data":{"secret":"\#(Self.value)","n":1}}"#,
      eventID: ByteString(Self.value))
    var request = delivery.request
    request.target = "/hook?q=xq7%C3%BC%26Kw%2B9%2Fpz"
    delivery = delivery.with(request: request).at(Endpoint("staging"))
    let seen = try presented(delivery, [], "$.data.secret").delivery
    #expect(
      String(decoding: seen.request.body, as: UTF8.self)
        == #"{"id":"[redacted]","event":"webhook.test","data":{"secret":"[redacted]","n":1}}"#)
    #expect(seen.request.headers.map(\.value.text) == ["[redacted]", "b", "[redacted]", "webhook.test"])
    #expect(seen.request.target == "/[redacted]")
    // Ids that are hidden are none: all would be the same one.
    #expect(seen.envelope.eventID == nil && seen.envelope.event == "webhook.test")
    #expect(seen.verdict == delivery.verdict && seen.sequence == delivery.sequence)
    #expect(seen.endpoint?.name == "staging" && seen.envelope.provider == .parlay)
  }

  @Test("a rule that quotes a request goes from the answer that it made")
  func rules() throws {
    let rules = [
      ("status 500 x3", true), ("delay 1.5s x1", true), ("drop", true), ("challenge", true),
      ("~\(Self.value) : drop", false), ("status 500 body 'x'", false), ("xq7", false),
      ("status 8675309", false), ("endpoint:a hang", false), ("delay 5seconds", false),
    ]
    for (text, isShown) in rules {
      let answer = Answer(status: 500, milliseconds: 1, rule: RuleName(text))
      let delivery = Samples.delivery(body: #"{"b":1}"#).with(answer: answer)
      let seen = try presented(delivery, [.answered(answer)], "$.a")
      #expect((seen.delivery === delivery) == isShown, "\(text)")
      let veiled = Redaction.veiling(delivery, [.answered(answer)], for: .pending)
      for told in [seen, veiled].flatMap({ [$0.delivery.answer, $0.outcomes.answer] }) {
        #expect(told?.rule?.text == (isShown ? text : "[redacted]") && told?.status == 500, "\(text)")
      }
    }
  }

  @Test("a delivery without the value is the same object, and no path hides nothing")
  func same() throws {
    let delivery = Samples.delivery(body: #"{"a":"\#(Self.value)"}"#)
    #expect(try presented(delivery, [], "$.b").delivery === delivery)
    #expect(Redaction().presenting(delivery, []).delivery === delivery)
  }

  @Test(
    "what is not JSON, or cut off, is hidden with all that may hold the value",
    arguments: ["secret=\(value)", #"{"a":"\#(value)""#, "\(value)", "[1] 2"])
  func unreadable(body: String) throws {
    let delivery = Samples.delivery(headers: [("X-Echo", Self.value)], body: body)
    let seen = try presented(delivery, [], "$.a").delivery
    #expect(seen.request.body == Array(Redaction.Obstacle.notJSON.rawValue.utf8))
    #expect(seen.request.headers.map(\.value.text) == ["[redacted]"] && seen.envelope.event == "[redacted]")
    #expect(seen.envelope.eventID == nil && seen.envelope.deliveryID == nil && seen.request.peer.isEmpty)
    #expect(seen.request.target == "/[redacted]")
    #expect(seen.verdict == delivery.verdict)
  }

  @Test("an empty body stays so, and what may hold the value that was lost with the body is hidden")
  func empty() throws {
    let delivery = Samples.delivery(headers: [("X-Echo", Self.value)], body: "")
    let seen = try presented(delivery, [exchange("got \(Self.value)")], "$.a")
    #expect(seen.delivery.request.body.isEmpty && seen.delivery.request.target == "/[redacted]")
    #expect(seen.delivery.request.headers.map(\.value.text) == ["[redacted]"])
    #expect(seen.outcomes.exchanges[0].url == "http://a:1/[redacted]")
    #expect(seen.delivery.verdict == delivery.verdict)
  }

  private func exchange(_ body: String, headers: Headers = []) -> Outcome {
    .exchanged(
      Exchange(
        at: Samples.now, url: "http://a:1/x?q=\(Self.value)",
        response: .init(status: 200, headers: headers, body: Array(body.utf8)), milliseconds: .init(total: 1))
    )
  }

  @Test("what an app echoes is hidden in its response's body and headers, and in the URL")
  func echoes() throws {
    let delivery = Samples.delivery(body: #"{"a":"\#(Self.value)"}"#)
    let echo = exchange(
      #"{"got":"xq7\u00fc&Kw+9/pz","a":"own-value"}"#,
      headers: Headers([.init("X-Got", "787137c3bc264b772b392f707a"), .init("X-Own", "own-value")]))
    let seen = try presented(delivery, [echo, exchange("got \(Self.value)"), .marked(true)], "$.a").outcomes
    #expect(seen.exchanges[0].url == "http://a:1/[redacted]" && seen[2] == .marked(true))
    #expect(seen.exchanges[0].response?.body == Array(#"{"got":"[redacted]","a":"[redacted]"}"#.utf8))
    #expect(seen.exchanges[0].response?.headers.map(\.value.text) == ["[redacted]", "[redacted]"])
    #expect(seen.exchanges[1].response?.body == Array("[redacted]".utf8))
    let veiled = Redaction.veiling(delivery, [echo], for: .pending)
    #expect(veiled.outcomes.exchanges[0].response?.body == Array("[redacted]".utf8))
    #expect(veiled.outcomes.exchanges[0].url == "http://a:1/[redacted]")
    #expect(veiled.outcomes.exchanges[0].response?.headers.map(\.value.text) == ["[redacted]", "[redacted]"])
  }

  @Test("what an app echoes of a check's probes is hidden, since their bytes are changed")
  func probes() throws {
    let probe = Exchange(
      at: Samples.now, purpose: .check, url: "http://a:1/x",
      response: .init(
        status: 401, headers: Headers([.init("X-Got", "xq8-value")]),
        body: Array(#"{"got":"xq8-value"}"#.utf8)),
      milliseconds: .init(total: 1))
    for (body, isHidden) in [(#"{"a":"xq7-value"}"#, true), (#"{"b":"xq7-value"}"#, false)] {
      let seen = try presented(Samples.delivery(body: body), [.exchanged(probe)], "$.a").outcomes.exchanges[0]
      #expect((seen == probe) != isHidden && seen.response?.status == 401, "\(body)")
      #expect((seen.response?.body == Array("[redacted]".utf8)) == isHidden, "\(body)")
      #expect((seen.response?.headers.first("X-Got") == "[redacted]") == isHidden, "\(body)")
    }
  }

  @Test("a value goes from the peer's address, a header's name and the delivery's id")
  func places() throws {
    let body = #"{"a":"127.0.0.1","b":"own-name","c":"del_1"}"#
    let headers = [("X-Own-Name", "x"), ("X-Parlay-Delivery", "del_1")]
    let delivery = Samples.delivery(headers: headers, body: body)
    let seen = try presented(delivery, [], "$.a", "$.b", "$.c").delivery
    #expect(seen.request.peer.isEmpty && seen.envelope.deliveryID == nil)
    #expect(seen.request.headers.map(\.name.text) == ["[redacted]", "X-Parlay-Delivery"])
  }

  /// More values than are looked for.
  private static let many =
    #"{"a":[\#((0...4096).map { #""value \#($0)""# }.joined(separator: ","))],"b":"x"}"#

  @Test("with more values than can be looked for, all of a delivery or of a response is hidden")
  func tooMany() throws {
    let delivery = Samples.delivery(headers: [("X-Echo", "value 1")], body: Self.many)
    let seen = try presented(delivery, [], "$.a[*]").delivery
    #expect(seen.request.body == Array(Redaction.Obstacle.tooMany.rawValue.utf8))
    #expect(seen.request.headers.map(\.value.text) == ["[redacted]"])
    let outcomes = try presented(Samples.delivery(body: #"{"a":[]}"#), [exchange(Self.many)], "$.a[*]")
      .outcomes
    #expect(outcomes.exchanges[0].response?.body == Array("[redacted]".utf8))
  }

  @Test("the length of a response is hidden where values were, and an address that is no URL is as a whole")
  func lengths() throws {
    let delivery = Samples.delivery(body: #"{"a":"\#(Self.value)"}"#)
    let length = Headers([.init("Content-Length", "15")])
    let seen = try presented(
      delivery, [exchange(#"{"a":"own-value"}"#, headers: length), exchange("{}", headers: length)], "$.a")
    #expect(
      seen.outcomes.exchanges.map { $0.response?.headers.first("Content-Length")?.text } == [
        "[redacted]", "15",
      ])
    let other = Exchange(at: Samples.now, url: "mailto:\(Self.value)", milliseconds: .init(total: 1))
    #expect(Redaction.veiling(.exchanged(other)) != .exchanged(other))
    #expect([Redaction.veiling(.exchanged(other))].exchanges[0].url == "[redacted]")
  }
}
