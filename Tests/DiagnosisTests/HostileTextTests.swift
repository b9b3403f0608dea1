import JSON
import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// Received text of any content costs what plain text of its length does, and only its own bytes are equal to it.
@Suite("Diagnosis of hostile text", .serialized)
struct HostileTextTests {
  /// Marks in two orders: other bytes, but canonically the same text.
  private static func marks(_ count: Int, swapped: Bool = false) -> String {
    String(repeating: swapped ? "\u{316}\u{301}" : "\u{301}\u{316}", count: count / 4)
  }
  private static func plain(_ count: Int) -> String { String(repeating: "a", count: count) }

  private static let size = 48 << 10

  /// The fields of a request that a sender fills as it likes, `text` in one of them.
  static let places: [(String, @Sendable (String) -> [(String, String)])] = [
    ("signature", { [("X-Parlay-Signature", $0)] }),
    ("signature's t", { [("X-Parlay-Signature", "t=\($0),v1=00")] }),
    ("signature's key", { [("X-Parlay-Signature", "\($0)=1,v1=00")] }),
    ("signature's v1", { [("X-Parlay-Signature", "t=1745518397,v1=\($0)")] }),
    ("near header", { [("Parlay-Signature", $0)] }),
    ("other provider's header", { [("X-Parlay-Signature", "t=1,v1=0"), ("x-parable-signature", $0)] }),
    ("name", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ($0, "1")] }),
    ("event", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ("X-Parlay-Event", $0)] }),
    ("delivery id", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ("X-Parlay-Delivery", $0)] }),
    ("content type", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ("Content-Type", $0)] }),
    ("content encoding", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ("Content-Encoding", $0)] }),
    ("content length", { [("X-Parlay-Signature", "t=1745518397,v1=00"), ("Content-Length", $0)] }),
    ("timestamp", { [("X-Parlay-Signature", "v1=00"), ("webhook-timestamp", $0)] }),
  ]

  @Test("marks cost no more than letters, wherever they stand", arguments: places.indices)
  func cost(index: Int) throws {
    let (name, fields) = Self.places[index]
    func cost(_ text: String) -> Int { Cost.ofThread { _ = Self.diagnosis(fields(text), []) } }
    // Compared as text, 48 KiB of marks take some hundred milliseconds; as bytes, a few times what letters do.
    let found = Cost(
      factor: 12, slack: 30_000_000, plain: { cost(Self.plain(Self.size)) },
      hostile: { cost(Self.marks(Self.size)) })
    #expect(found.isWithinBound, "\(name): \(found)")
  }

  @Test("a recorded event or secret of marks costs no more than one of letters")
  func recorded() throws {
    func cost(_ text: String) -> Int {
      let plain = Self.delivery(
        [("X-Parlay-Signature", "t=1745518397,v1=\(String(repeating: "0", count: 64))")], 1,
        body: Array(#"{"event":1,"id":2}"#.utf8))
      var (envelope, verdict) = (plain.envelope, plain.verdict)
      envelope.event = ByteString(text)
      verdict.secret = ByteString(text)
      let delivery = Delivery(
        sequence: 1, receivedAt: plain.receivedAt, request: plain.request, envelope: envelope,
        verdict: verdict,
        isDuplicate: false, attempt: 1, answer: plain.answer)
      return Cost.ofThread { _ = Self.diagnosis(of: delivery) }
    }
    let found = Cost(
      factor: 12, slack: 100_000_000, plain: { cost(Self.plain(Self.size)) },
      hostile: { cost(Self.marks(Self.size)) })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("a hundred neighbours with canonically equal headers cost no more than any others")
  func neighbours() throws {
    func cost(_ own: String, _ others: String) -> Int {
      let neighbours = (1...100).map { Self.delivery([("X-Parlay-Signature", others)], UInt64($0)) }
      return Cost.ofThread { _ = Self.diagnosis([("X-Parlay-Signature", own)], neighbours) }
    }
    let found = Cost(
      factor: 12, slack: 100_000_000, plain: { cost(Self.plain(Self.size), Self.plain(Self.size - 1) + "b") },
      hostile: { cost(Self.marks(Self.size) + "a", Self.marks(Self.size, swapped: true) + "b") })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("ids and signatures are the same only byte by byte")
  func equality() {
    let composed = "{\"id\":\"evt_caf\u{E9}\",\"event\":\"\u{E9}\"}"
    let decomposed = "{\"id\":\"evt_cafe\u{301}\",\"event\":\"e\u{301}\"}"
    for (own, other, isSame) in [(composed, composed, true), (composed, decomposed, false)] {
      let subject = DiagnosisSubject(
        Self.delivery([("X-Parlay-Signature", own)], 9, body: Array(own.utf8), verdict: .noV1Matches))
      let neighbour = Self.delivery(
        [("X-Parlay-Signature", other)], 1, body: Array(other.utf8), verdict: .ok)
      let found = Neighbours(of: subject, in: [neighbour])
      #expect((found.sameSignature != nil) == isSame)
      #expect(found.sameID.count == (isSame ? 1 : 0))
      #expect(found.sameEvent.count == (isSame ? 1 : 0))
    }
  }

  private static func diagnosis(_ fields: [(String, String)], _ neighbours: [Delivery]) -> Diagnosis {
    diagnosis(of: delivery(fields, 1000, verdict: .noV1Matches), neighbours)
  }

  private static func diagnosis(of delivery: Delivery, _ neighbours: [Delivery] = []) -> Diagnosis {
    let secret = try? SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    return Diagnosis(
      of: DiagnosisSubject(delivery),
      keyring: Keyring(secret.map { [$0] } ?? []), neighbours: neighbours,
      budget: DiagnosisBudget(candidates: 100, nanoseconds: .max) { 0 })
  }

  private static func delivery(
    _ fields: [(String, String)], _ sequence: UInt64, body: [UInt8] = Array("{}".utf8),
    verdict: Verdict.Reason = .noV1Matches
  ) -> Delivery {
    let request = Request(headers: Headers(fields.map { .init($0.0, $0.1) }), body: body)
    var envelope = Envelope(reading: request)
    envelope.provider = .parlay
    var judged = Verdict(verdict)
    judged.macMatches = verdict == .ok
    return Delivery(
      sequence: sequence, receivedAt: Timestamp(seconds: 1_745_518_400), request: request, envelope: envelope,
      verdict: judged, isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 0))
  }
}
