import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("The line of an exchange")
struct ExchangeLineTests {
  private static let exchange = Exchange(
    at: Timestamp("2026-11-21T18:02:11.483Z")!, url: "http://127.0.0.1:3000/hook",
    response: .init(
      status: 200, headers: Headers([.init("Content-Type", "text/plain")]), body: Array("ok".utf8)),
    milliseconds: .init(connect: 0.3, firstByte: 11.8, total: 12.1))

  private func read(_ line: String) throws -> (Exchange, UInt64)? {
    if case .exchange(let exchange, let sequence) = try SessionRecord(line: Array(line.utf8)) {
      (exchange, sequence)
    } else {
      nil
    }
  }

  @Test("is written as the design's example, byte for byte, and read back")
  func example() throws {
    #expect(SessionSamples.line(Self.exchange, of: 12) == SessionSamples.exchange)
    let (exchange, sequence) = try #require(try read(SessionSamples.exchange))
    #expect(exchange == Self.exchange && sequence == 12)
  }

  @Test(
    "one without a whole response comes back as it was written",
    arguments: [nil, .reset] + Exchange.Failure.allCases, Exchange.Purpose.allCases)
  func roundTrip(failure: Exchange.Failure?, purpose: Exchange.Purpose) throws {
    let part = Exchange.Response(
      status: 500, headers: Headers([.init("a", "b"), .init("A", "")]), body: [0, 0xFF], bodySize: 900)
    for response in [nil, part] {
      let exchange = Exchange(
        at: Samples.now, purpose: purpose, url: "https://é\u{202E}/", response: response, failure: failure,
        milliseconds: .init(total: 10_000))
      #expect(try read(SessionSamples.line(exchange, of: .max))?.0 == exchange)
    }
  }

  @Test("a large response is recorded byte for byte, as far as it is kept, with the size of the whole")
  func large() throws {
    let body = (0..<Exchange.Response.bodyLimit).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    var exchange = Self.exchange
    exchange.response = .init(status: 200, body: body, bodySize: 1 << 20)
    let (read, _) = try #require(try read(SessionSamples.line(exchange, of: 12)))
    #expect(read.response?.body == body && read.response?.bodySize == 1 << 20 && read == exchange)
  }

  @Test(
    "one that was changed is refused, with what is wrong",
    arguments: [
      (#""sequence":12"#, #""sequence":0"#, .unexpected(.sequence)),
      ("11-21T", "11-31T", .unexpected(.at)), ("forward", "fun", .unexpected(.why)),
      (#""url":"http://127.0.0.1:3000/hook""#, #""url":null"#, .unexpected(.url)),
      (#""status":200"#, #""status":20"#, .unexpected(.responseStatus)),
      (#"[["Content-Type","text/plain"]]"#, #"{}"#, .unexpected(.responseHeaders)),
      ("Content-Type", "Content Type", .badHeaderName(number: 1)),
      ("b2s=", "b2s", .unexpected(.responseBody)),
      (#""body_size":2"#, #""body_size":-2"#, .unexpected(.responseBodySize)),
      (#""error":null"#, #""error":"bored""#, .unexpected(.error)),
      (#","total":12.1"#, "", .missing(.total)), (#""milliseconds":{"#, #""m":{"#, .missing(.times)),
    ] as [(String, String, SessionError)])
  func changed(old: String, new: String, error: SessionError) throws {
    let line = SessionSamples.exchange.replacing(old, with: new)
    try #require(line != SessionSamples.exchange)
    #expect(throws: error) { try SessionRecord(line: Array(line.utf8)) }
  }
}

@Suite("What an exchange means")
struct ExchangeTests {
  private func exchange(_ status: Int?, _ failure: Exchange.Failure? = nil) -> Exchange {
    Exchange(
      at: Samples.now, url: "u", response: status.map { .init(status: $0) }, failure: failure,
      milliseconds: .init(total: 1))
  }

  @Test(
    "the sender is told the app's status, or a gateway's",
    arguments: [
      (200, nil, 200), (404, nil, 404), (599, nil, 599), (101, nil, 502), (600, nil, 502),
      (nil, .refused, 502),
      (nil, .unreachable, 502), (200, .reset, 502), (nil, .notHTTP, 502), (nil, .tls, 502),
      (nil, .tooLarge, 502), (200, .timeout, 504), (nil, .timeout, 504), (nil, .queueFull, 503),
      (nil, .cancelled, 503),
    ] as [(Int?, Exchange.Failure?, Int)])
  func gateway(status: Int?, failure: Exchange.Failure?, due: Int) {
    #expect(exchange(status, failure).gatewayStatus == due)
  }

  @Test(
    "an app disagrees that refuses what is valid, or takes what fails",
    arguments: [
      (401, nil, .ok, .refusedValid), (499, nil, .ok, .refusedValid), (500, nil, .ok, nil),
      (200, nil, .ok, nil),
      (204, nil, .noV1Matches, .acceptedFailed), (200, nil, .noHeader, .acceptedFailed),
      (200, nil, .tooOld, .acceptedFailed), (400, nil, .noV1Matches, nil), (302, nil, .noV1Matches, nil),
      (200, nil, .noSecret, nil), (401, nil, .noSecret, nil), (200, .reset, .noV1Matches, nil),
      (nil, .timeout, .ok, nil),
    ] as [(Int?, Exchange.Failure?, Verdict.Reason, Disagreement?)])
  func disagreement(status: Int?, failure: Exchange.Failure?, reason: Verdict.Reason, due: Disagreement?) {
    #expect(exchange(status, failure).disagreement(with: Verdict(reason)) == due)
  }

  @Test("a probe of a check is meant to be forged, and is no disagreement")
  func check() {
    var probe = exchange(200)
    probe.purpose = .check
    #expect(probe.disagreement(with: Verdict(.noV1Matches)) == nil)
  }
}
