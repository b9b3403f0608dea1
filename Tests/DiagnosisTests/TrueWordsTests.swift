import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// What is said is true, and says all that is wrong.
@Suite("What a diagnosis says")
struct TrueWordsTests {
  private static let secret = "whsec_of_these_tests"
  private static let time = 1_763_716_800
  private static let body = Array(
    #"{"id":"evt_1","event":"x","created_at":"2025-11-21T09:20:00Z","data":{"n":1}}"#.utf8)

  private static func digits(_ body: [UInt8] = body, secret: String = secret, t: String = "\(time)") throws
    -> String
  {
    try SigningSecret(secret, label: "x", provider: .parlay).signature(timestamp: t, body: body)
  }

  private static func delivery(
    _ header: String?, _ body: [UInt8] = body, more: [(String, String)] = [], at age: Double = 5,
    sequence: UInt64 = 9,
    secret: String = secret
  ) throws -> Delivery {
    let fields = (header.map { [("X-Parlay-Signature", $0)] } ?? []) + more
    let request = Request(headers: Headers(fields.map { .init($0.0, $0.1) }), body: body)
    let envelope = Envelope(reading: request)
    let arrival = Timestamp(seconds: Double(time) + age)
    let verdict = Verifier(keyring: try ring(secret)).verify(
      request, provider: envelope.provider, at: arrival)
    return Delivery(
      sequence: sequence, receivedAt: arrival, request: request, envelope: envelope, verdict: verdict,
      isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 0))
  }

  private static func ring(_ secret: String = secret) throws -> Keyring {
    Keyring([try SigningSecret(secret, label: "parlay", provider: .parlay)])
  }

  private static func found(
    _ delivery: Delivery, neighbours: [Delivery] = [], secret: String = secret
  ) throws -> [String: Finding] {
    let diagnosis = Diagnosis(
      of: DiagnosisSubject(delivery), keyring: try ring(secret), neighbours: neighbours,
      budget: .automatic { 0 })
    return Dictionary(diagnosis.findings.map { ($0.id.rawValue, $0) }) { first, _ in first }
  }

  @Test("an intact delivery of another secret is likely a wrong secret, whatever its content type says")
  func wrongSecret() throws {
    let header = "t=\(Self.time),v1=\(try Self.digits(secret: "whsec_of_another"))"
    for type in ["application/json", "application/x-www-form-urlencoded"] {
      let found = try Self.found(
        Self.delivery(header, more: [("Content-Type", type), ("Content-Encoding", "gzip")]))
      #expect(found.mapValues(\.level) == ["wrong-secret": .likely])
      #expect(found["wrong-secret"]?.remedy.contains("press i, then s") == true)
    }
  }

  @Test("sorted keys and escapes are said to be a library's habit, and no wrong secret then")
  func habit() throws {
    let body = Array(#"{"created_at":1,"data":{"a":"\u003cb\u003e","z":1},"event":"x","id":"e"}"#.utf8)
    let found = try Self.found(
      Self.delivery("t=\(Self.time),v1=\(try Self.digits(secret: "whsec_of_another"))", body))
    #expect(found["body-reserialised"]?.level == .likely)
    #expect(found["body-reserialised"]?.detail.contains("Go's encoding/json") == true)
    #expect(found["body-reserialised"]?.detail.contains("reproduces the signature; a wrong secret") == true)
    // What is likely is no cause that is not found.
    #expect(found.count == 1)
  }

  @Test("a later attempt whose JSON is the same is re-serialised, not edited", arguments: [true, false])
  func sameValues(isSorted: Bool) throws {
    let earlier = try Self.delivery("t=\(Self.time),v1=\(try Self.digits())", sequence: 1)
    let style = JSONStyle(spacing: JSONSpacing.all[5], order: isSorted ? .sorted : .asSent)
    let again = try #require(Reserialisations.written(Self.body, in: style))
    let found = try Self.found(
      Self.delivery("t=\(Self.time + 2),v1=\(try Self.digits(t: "\(Self.time + 2)"))", again),
      neighbours: [earlier])
    #expect(found["body-reserialised"]?.level == .proven)
    #expect(found["edited-in-transit"] == nil)
  }

  @Test("a number that a retry raised under the first signature is the sender's own retry")
  func raised() throws {
    let header = "t=\(Self.time),v1=\(try Self.digits())"
    let earlier = try Self.delivery(header, sequence: 1)
    let raised = Array(String(decoding: Self.body, as: UTF8.self).replacing("\"n\":1", with: "\"n\":8").utf8)
    let found = try Self.found(Self.delivery(header, raised), neighbours: [earlier])
    #expect(found["values-changed"]?.title == "retry not signed again")
    #expect(found["edited-in-transit"] == nil)
  }

  @Test("the right signature in another header is said to be there")
  func otherHeader() throws {
    let right = "t=\(Self.time),v1=\(try Self.digits())"
    let wrong = "t=\(Self.time),v1=\(String(repeating: "0", count: 64))"
    for name in ["X-Signature", "x-parable-signature"] {
      let found = try Self.found(Self.delivery(wrong, more: [(name, right)]))
      #expect(found.mapValues(\.level) == ["signature-in-other-header": .proven], "\(found)")
      #expect(found.values.first?.detail.contains("\(name); X-Parlay-Signature holds another") == true)
    }
  }

  @Test("digits in upper case are no right signature where secret or body are wrong, too")
  func upperCase() throws {
    let body = Self.body + [0x0A]
    let found = try Self.found(Self.delivery("t=\(Self.time),v1=\(try Self.digits().uppercased())", body))
    #expect(found["newline-or-bom"]?.level == .proven)
    let oddity = try #require(found["tolerated-oddity"])
    #expect(oddity.detail == "The header is also unusual: the digits are in upper case")
    #expect(oddity.remedy.hasSuffix("as well."))
    let own = try Self.found(Self.delivery("t=\(Self.time),v1=\(try Self.digits().uppercased())"))
    #expect(own["tolerated-oddity"]?.detail.contains("also") == false)
  }

  @Test("a rotation is told by the version that the secret made", arguments: ["v2", "v0", "d"])
  func rotation(version: String) throws {
    let header = "t=\(Self.time),v1=\(String(repeating: "a", count: 64)),\(version)=\(try Self.digits())"
    let found = try Self.found(Self.delivery(header))
    #expect(found["digest-form"]?.title == "secret being rotated")
    #expect(found["digest-form"]?.detail.contains(version) == true)
  }

  @Test("t that is the event's time in every delivery is no replay; beside a fresh one it may be")
  func eventTime() throws {
    func late(_ sequence: UInt64, age: Double) throws -> Delivery {
      let body = Array(
        String(decoding: Self.body, as: UTF8.self).replacing("evt_1", with: "evt_\(sequence)").utf8)
      return try Self.delivery(
        "t=\(Self.time),v1=\(try Self.digits(body))", body, at: age, sequence: sequence)
    }
    let alone = try Self.found(late(9, age: 900), neighbours: [late(1, age: 700), late(2, age: 800)])
    #expect(alone["event-time"]?.level == .likely && alone["clock-replay-or-queue"] == nil)
    #expect(alone["event-time"]?.detail.contains("as in 2 other deliveries") == true)
    let beside = try Self.found(late(9, age: 900), neighbours: [late(1, age: 3)])
    #expect(beside["clock-replay-or-queue"] != nil)
  }

  @Test("milliseconds are a unit, not a clock that is off")
  func milliseconds() throws {
    let t = "\(Self.time)482"
    let found = try Self.found(Self.delivery("t=\(t),v1=\(try Self.digits(t: t))"))
    #expect(Set(found.keys) == ["unreadable-timestamp"])
    #expect(found["unreadable-timestamp"]?.title == "t is not unix seconds")
  }

  @Test("an empty body is seen to be so")
  func empty() throws {
    let found = try Self.found(Self.delivery("t=\(Self.time),v1=\(try Self.digits())", []))
    #expect(found.mapValues(\.level) == ["empty-body": .seen])
  }

  static let damages: [(String, String)] = [
    (secret, "\"\(secret)\""), (secret, String(secret.dropLast())), (secret, secret + "x"),
    (secret, "'\(secret)'"),
    ("KEY=\(secret) # prod", secret), (secret, "undefined"), (secret, ""), (secret + "\r", secret),
  ]

  @Test("a secret that one side has damaged is proven", arguments: damages.indices)
  func damaged(index: Int) throws {
    let (here, sender) = Self.damages[index]
    let key = try #require(MACKey(Array(sender.utf8)))
    let code = Hex.text(try #require(key.digest([Array("\(Self.time).".utf8), Self.body])))
    let found = try Self.found(Self.delivery("t=\(Self.time),v1=\(code)", secret: here), secret: here)
    #expect(found.mapValues(\.level) == ["damaged-secret": .proven], "\(found)")
  }

  @Test("a library that strips whsec_ is not called a bad copy")
  func library() throws {
    let header = "t=\(Self.time),v1=\(try Self.digits(secret: String(Self.secret.dropFirst(6))))"
    let finding = try #require(try Self.found(Self.delivery(header))["damaged-secret"])
    #expect(finding.title == "secret used in another form")
    #expect(finding.remedy.contains("whole secret"))
  }

  @Test(
    "a body that is a printed value is seen to be one",
    arguments: ["[object Object]", "{id=evt_1, n=1}", "<html>"])
  func printed(text: String) throws {
    let found = try Self.found(Self.delivery("t=\(Self.time),v1=\(try Self.digits())", Array(text.utf8)))
    #expect(found["printed-value"]?.level == .seen)
  }

  @Test("a question is no lost character, and a ? inside of a word is one")
  func questionMarks() {
    let lost = ["M?ller", "zu sp?t", "a ? b", "??"]
    let kept = [
      "How are you?", "https://x.y/?a=b", "why? because", "a?b=c", "What?? No", "Comment ? Bien", "Quoi ?",
      "x7?Kq9",
      "3?4",
    ]
    for text in lost {
      #expect(LostCharacters.offset(in: Array("{\"a\":\"\(text)\"}".utf8)) != nil, "\(text)")
    }
    for text in kept {
      #expect(LostCharacters.offset(in: Array("{\"a\":\"\(text)\"}".utf8)) == nil, "\(text)")
    }
  }

  @Test("bytes that are no text are no charset damage; text that is not UTF-8 is likely that")
  func binary() throws {
    let header = "t=\(Self.time),v1=\(try Self.digits())"
    var random = SeededRandom(seed: 4)
    let noise = (0..<600).map { _ in UInt8.random(in: 0...255, using: &random) } + [0x3F, 0xFF]
    #expect(try Self.found(Self.delivery(header, noise)).mapValues(\.level) == ["unknown": .unknown])
    let latin1 = Array("{\"name\":\"M".utf8) + [0xFC] + Array("ller\",\"n\":2}".utf8)
    #expect(try Self.found(Self.delivery(header, latin1))["charset-damage"]?.level == .likely)
  }
}
