import TestSupport
import Testing
@testable import Webhooks

@Suite struct VerdictRecordedTests {
  private static let now = Samples.now

  private static let value = Samples.secret().signatureHeader(
    timestamp: 1_745_518_397, body: Array("{}".utf8))

  @Test(
    "the facts that a recorded request still shows are those of its arrival",
    arguments: [
      value, value + ",v1=short", "t=1745518397", "t=x,v1=abc", "", value.replacing("v1=", with: "v1=0"),
      "t=1745518390,v1=" + String(repeating: "0", count: 64), value.uppercased(),
    ], [0, 1000, -1000] as [Int64])
  func facts(value: String, age: Int64) throws {
    for keyring in [Keyring([Samples.secret()]), Keyring()] {
      let delivery = Self.recorded(value, age: age, keyring)
      let read = try #require(try SessionSamples.delivery(SessionSamples.line(delivery))).verdict
      #expect(read.reason == delivery.verdict.reason)
      #expect(read.timestamp == delivery.verdict.timestamp)
      #expect(read.ageSeconds == delivery.verdict.ageSeconds)
      #expect(read.signatureCount == delivery.verdict.signatureCount)
      #expect(read.usableSignatureCount == delivery.verdict.usableSignatureCount)
      #expect(read.faultOffset == delivery.verdict.faultOffset)
      #expect(read.secret == delivery.verdict.secret)
      #expect(read.inWindow == nil || read.inWindow == delivery.verdict.inWindow)
      #expect(read.macMatches == nil || read.macMatches == delivery.verdict.macMatches)
    }
  }

  private static func recorded(_ value: String, age: Int64, _ keyring: Keyring) -> Delivery {
    let request = Request(headers: Headers([.init("x-parlay-signature", value)]), body: Array("{}".utf8))
    let arrival = Timestamp(microseconds: now.microseconds + age * 1_000_000)
    return Delivery(
      sequence: 1, receivedAt: arrival, request: request, envelope: Envelope(provider: .parlay),
      verdict: Verifier(keyring: keyring).verify(request, provider: .parlay, at: arrival),
      isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 0))
  }

  @Test("a time ahead was in the window where the sender's scheme lets it be", arguments: [true, false])
  func ahead(refusesFuture: Bool) {
    let scheme = SignatureScheme(
      headers: ["X-Acme"], format: .timeAndHex, text: .timeAndBody, refusesFuture: refusesFuture)
    for (age, isOld) in [(-301.0, false), (301.0, true)] {
      let verdict = Verdict(
        recorded: .noV1Matches, ageSeconds: age, tolerance: 300, secret: nil,
        request: Request(headers: Headers(), body: []), provider: Provider("acme", scheme: scheme))
      #expect(verdict.inWindow == (!isOld && !refusesFuture))
    }
  }

  @Test(
    "both answers are restored where the words tell them",
    arguments: [
      (.ok, true, true), (.tooOld, false, true), (.inFuture, false, true), (.noV1Matches, nil, false),
      (.noHeader, nil, nil), (.noT, nil, nil), (.noSecret, nil, nil),
    ] as [(Verdict.Reason, Bool?, Bool?)])
  func answers(reason: Verdict.Reason, inWindow: Bool?, macMatches: Bool?) {
    let verdict = Verdict(
      recorded: reason, ageSeconds: nil, secret: nil, request: Request(headers: Headers(), body: []),
      provider: nil)
    #expect(verdict.inWindow == inWindow)
    #expect(verdict.macMatches == macMatches)
  }
}
