import Foundation
import JSON
import TestSupport
import Testing

@testable import Webhooks

/// Which requests are challenges, what their answer is made of, and what is never signed.
@Suite struct ChallengeTests {
  private static let now = Timestamp(seconds: 1_745_518_397)
  private static let zoomToken = "qgg8vlvZRS6UYooatFL8Aw"
  private static func zoom(_ token: String) -> String {
    #"{"payload":{"plainToken":"\#(token)"},"event_ts":1745518397000,"event":"endpoint.url_validation"}"#
  }
  private static func slack(_ token: String) -> String {
    #"{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"\#(token)","type":"url_verification"}"#
  }

  private static func event(_ body: String, _ provider: Provider) -> String? {
    Envelope(reading: Request(headers: [], body: Array(body.utf8)), of: provider).event?.text
  }

  @Test(
    "a challenge is an event of its own, and an event that looks like one is none",
    arguments: [
      (.zoom, zoom(zoomToken), "endpoint.url_validation"), (.slack, slack("a"), "url_verification"),
      (.slack, #"{"type":"url_verification","event":{"type":"message"},"challenge":"a"}"#, "message"),
      (.slack, #"{"type":"event_callback","challenge":"a"}"#, nil),
      (.discord, #"{"version":1,"type":1}"#, "PING"), (.discord, #"{"version":1,"type":0}"#, "PING"),
      (.discord, #"{"type":"1"}"#, "PING"), (.discord, #"{"type":true}"#, nil),
      (.discord, #"{"type":2}"#, nil), (.discord, #"{"type":[1]}"#, nil), (.discord, #"{"type":1"#, nil),
      (.discord, #"{"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}"#, "ENTITLEMENT_CREATE"),
      (.gitHub, #"{"type":"url_verification"}"#, nil),
    ] as [(Provider, String, String?)])
  func recognised(provider: Provider, body: String, event: String?) {
    #expect(Self.event(body, provider) == event)
  }

  /// What a sender is told, whose request one secret has signed and another one verifies.
  private static func answer(
    _ provider: Provider, _ body: String, signedWith signer: String = "s3cr3t", after seconds: Double = 1
  ) throws -> ChallengeAnswer? {
    let sender = try SigningSecret(signer, label: "a", provider: provider)
    let request = Request(
      headers: Headers(sender.fields(signing: Array(body.utf8), at: now)), body: Array(body.utf8))
    let verifier = Verifier(
      keyring: Keyring([
        try SigningSecret("another", label: "b", provider: provider),
        try SigningSecret("s3cr3t", label: "a", provider: provider),
      ]))
    let (envelope, verdict) = verifier.judge(
      request, among: .builtIn, at: Timestamp(seconds: now.seconds + seconds))
    return verifier.answer(to: request, envelope, verdict)
  }

  @Test("Zoom is told its token and the HMAC that openssl makes of it, Slack its challenge")
  func answers() throws {
    let answer = try #require(try Self.answer(.zoom, Self.zoom(Self.zoomToken)))
    let printed = try Program.run(
      ["openssl", "dgst", "-sha256", "-hmac", "s3cr3t", "-r"], input: Array(Self.zoomToken.utf8))
    let digits = String(decoding: printed.prefix(64), as: UTF8.self)
    #expect(
      String(decoding: answer.body, as: UTF8.self)
        == #"{"plainToken":"\#(Self.zoomToken)","encryptedToken":"\#(digits)"}"#)
    #expect(answer.status == 200 && answer.contentType == "application/json")
    let slack = try #require(
      try Self.answer(.slack, Self.slack("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7")))
    #expect(slack.body == Array("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7".utf8))
    #expect(slack.contentType == "text/plain; charset=utf-8")
  }

  @Test("who is not verified is told nothing, nor is an event or a late request")
  func refused() throws {
    #expect(try Self.answer(.zoom, Self.zoom(Self.zoomToken), signedWith: "wrong") == nil)
    #expect(try Self.answer(.zoom, Self.zoom(Self.zoomToken), after: 301) == nil)
    #expect(try Self.answer(.zoom, #"{"event":"meeting.started","payload":{"plainToken":"abc"}}"#) == nil)
    #expect(try Self.answer(.stripe, Self.zoom(Self.zoomToken)) == nil)
    #expect(
      try Self.answer(.slack, #"{"type":"url_verification","event":{"type":"message"},"challenge":"abc"}"#)
        == nil)
    let keyring = Keyring([try SigningSecret("s", label: "a", provider: .zoom)])
    let request = Request(headers: [], body: Array(Self.zoom("abc").utf8))
    let envelope = Envelope(reading: request, of: .zoom)
    for reason in Verdict.Reason.allCases {
      #expect(Verifier(keyring: keyring).answer(to: request, envelope, Verdict(reason)) == nil)
    }
  }

  @Test(
    "no token is signed that could be the text of a delivery, or that is none",
    arguments: [
      #"v0:1745518397:{\"event\":\"meeting.started\"}"#, "v0:1745518397:x", "1745518397.{}", "a.b", "a:b", "",
      "a b", "a\\nb", "ä", #"\""#, "\\u0000", "<b>", String(repeating: "a", count: 129),
    ])
  func oracle(token: String) throws {
    #expect(try Self.answer(.zoom, Self.zoom(token)) == nil)
    #expect(try Self.answer(.slack, Self.slack(token)) == nil)
  }

  @Test("of a verified challenge is said what its token must be, and of nothing else")
  func faults() throws {
    func fault(_ body: String, event: ByteString? = "url_verification", _ reason: Verdict.Reason = .ok)
      -> String?
    {
      Samples.delivery(body: body, provider: .slack, event: event, verdict: Verdict(reason)).challengeFault
    }
    #expect(fault(Self.slack("a.b")) == "body.challenge must be 1 to 128 letters of base64")
    #expect(fault(Self.slack("a.b"), .noV1Matches) == nil && fault(Self.slack("ab")) == nil)
    #expect(fault(Self.slack("a.b"), event: "message") == nil)
    #expect(fault(#"{"type":"event_callback","challenge":"a.b"}"#) == nil)
  }

  @Test("a token of any other kind than text is none", arguments: ["1", "null", "true", "[\"a\"]", "{}"])
  func otherToken(value: String) throws {
    #expect(
      try Self.answer(.zoom, #"{"event":"endpoint.url_validation","payload":{"plainToken":\#(value)}}"#)
        == nil)
  }

  @Test("of the letters of base64, 128 are signed")
  func harmless() throws {
    let token = String(repeating: "aZ09+/-_=", count: 14) + "xy"
    #expect(token.count == 128)
    #expect(try Self.answer(.slack, Self.slack(token))?.body == Array(token.utf8))
  }

  private static func read(_ challenge: String, kind: String = "hmac") throws -> Provider {
    let json = """
      {"name": "acme", "signature": {"kind": "\(kind)", "header": "X", "format": "{hex}", "text": "{body}"},
       "event": "none", "challenges": [\(challenge)]}
      """
    return try JSONDecoder().decode(Provider.self, from: Data(json.utf8))
  }

  @Test(
    "a sender of one's own has challenges as the built-in ones have, and they are printed as they are read")
  func own() throws {
    let acme = try Self.read(
      #"{"when":{"at":"body.kind","is":"hello"},"token":"body.a.b","answer":"{\"t\":\"$token\",\"h\":\"$hmac\"}"}"#
    )
    let body = Array(#"{"kind":"hello","a":{"b":"xyz"}}"#.utf8)
    let secret = try SigningSecret("s", label: "a", provider: acme)
    let code = try #require(secret.key.digest([Array("xyz".utf8)]))
    #expect(
      secret.challengeAnswer(to: body).map { String(decoding: $0.body, as: UTF8.self) }
        == #"{"t":"xyz","h":"\#(Hex.text(code))"}"#)
    #expect(Envelope(reading: Request(headers: [], body: body), of: acme).event == "hello")
    let text = ProviderText(acme)
    #expect(try JSONDecoder().decode(Provider.self, from: Data(text.json(of: "acme"))).facts == acme.facts)
    #expect(
      text.yaml(of: "acme").hasSuffix(
        """
            challenges:
              - when:
                  at: body.kind
                  is: hello
                token: body.a.b
                answer: "{\\"t\\":\\"$token\\",\\"h\\":\\"$hmac\\"}"

        """))
    let bare = try Self.read(#"{"event":"PING","when":{"at":"body.n","is":"0"}}"#)
    #expect(
      try SigningSecret("s", label: "a", provider: bare).challengeAnswer(to: Array(#"{"n":0}"#.utf8))?.status
        == 204)
  }

  @Test(
    "a challenge that can't be answered is refused where it is read",
    arguments: [
      (#"{"when":{"at":"body.a","is":"b"},"answer":"$token"}"#, "hmac", "expected token"),
      (#"{"when":{"at":"none","is":"b"}}"#, "hmac", "a place in the body"),
      (#"{"when":{"at":"a","is":"b"}}"#, "hmac", "a place in the body"),
      (#"{"when":{"at":"body.a","is":""}}"#, "hmac", "an event of 1 to 200 bytes"),
      (
        #"{"event":"\#(String(repeating: "e", count: 201))","when":{"at":"body.a","is":"b"}}"#, "hmac",
        "1 to 200"
      ),
      (
        #"{"when":{"at":"body.a","is":"b"},"answer":"\#(String(repeating: "x", count: 4097))"}"#, "hmac",
        "at most 4096 bytes"
      ),
      (#"{"answer":"x"}"#, "hmac", "when"),
      (#"{"when":{"at":"body.a","is":"b"},"token":"body.t","answer":"$hmac"}"#, "ed25519", "no $hmac"),
    ])
  func unreadable(challenge: String, kind: String, words: String) {
    let error = #expect(throws: DecodingError.self) { try Self.read(challenge, kind: kind) }
    #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test(
    "a response is as good as hooktop's own if it says the same in JSON, or holds the text",
    arguments: [
      (#"{"a":"b","c":1}"#, 200, #"{"c": 1, "a": "\u0062", "d": []}"#, true),
      (#"{"a":"b","c":1}"#, 201, #"{"a":"b"}"#, false), (#"{"a":"b"}"#, 200, #"{"a":"B"}"#, false),
      (#"{"a":"b"}"#, 200, "", false), (#"{"a":"b"}"#, 401, #"{"a":"b"}"#, false),
      (#"{"a":"b"}"#, 200, "[", false),
      (#"{"a":"b"}"#, 200, #"{"a":"b","c":[\#(String(repeating: "1,", count: 1024))1]}"#, false),
      ("xyz", 200, "xyz", true),
      ("xyz", 200, #"{"challenge":"xyz"}"#, true),
      ("xyz", 200, "xy", false), ("", 204, "", true), ("", 200, "ok", true), ("", 500, "", false),
    ])
  func met(due: String, status: Int, response: String, isMet: Bool) {
    #expect(ChallengeAnswer(body: Array(due.utf8)).isMet(by: status, Array(response.utf8)) == isMet)
  }
}
