import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// Hostile and broken input: whatever comes, a diagnosis ends in time and tells no lies.
@Suite("Diagnosis of hostile input", .serialized)
struct DiagnosisFuzzTests {
  @Test("random headers and bodies are survived, and nothing is proven of a secret that is not there")
  func random() throws {
    let keyring = try Keyring([
      SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay),
      SigningSecret("\u{FEFF}\"whsec_abc%2Bdef\"\n", label: "parable", provider: .parable),
    ])
    let stranger = try SigningSecret("a secret that is in no keyring", label: "x", provider: .parlay)
    let outcome = Fuzz("diagnosis").run { round in
      round.input = round.random.body()
      let header = round.random.header(
        signed: stranger.signatureHeader(timestamp: 1_745_518_397, body: round.random.body()))
      let name = round.random.pick(["X-Parlay-Signature", "x-parable-signature", "Stripe-Signature"])
      let candidates = round.number % 10 == 0 ? 2000 : 60
      let diagnosis = Self.diagnosis(round.input, [(name, header)], keyring, candidates: candidates)
      try Self.expectNothingProven(diagnosis, round, "\(name): \(header)")
    }
    #expect(outcome.failure == nil)
  }

  private static func expectNothingProven(
    _ diagnosis: Diagnosis, _ round: Fuzz.Round, _ header: String
  ) throws {
    let proven = diagnosis.findings.first { $0.level == .proven && $0.id != "tolerated-oddity" }
    try round.expect(diagnosis.proof == nil && proven == nil, "\(header) proves \(proven?.id.rawValue ?? "")")
    for finding in diagnosis.findings {
      let isPrintable = finding.detail.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      try round.expect(isPrintable, "\(header) gives control characters: \(finding.detail)")
      try round.expect(!finding.detail.isEmpty && !finding.remedy.isEmpty, "\(header) gives no words")
    }
  }

  @Test("what a known secret signed is proven whatever a proxy makes of the bytes around it")
  func known() throws {
    let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    // A search can be long, so that each tenth round has one.
    let outcome = Fuzz("diagnosis of known changes").run { round in
      guard round.number % 10 == 0 else { return }
      let original = Array(round.random.json().utf8)
      let change = round.random.pick(EdgeChange.allCases)
      // Undoing one change is doing another one to the body.
      round.input = change.undone(original) ?? original + [0x0A]
      guard round.input != original else { return }
      let header = secret.signatureHeader(timestamp: 1_745_518_397, body: original)
      let diagnosis = Self.diagnosis(
        round.input, [("X-Parlay-Signature", header)], Keyring([secret]), candidates: 50_000)
      guard let proof = diagnosis.proof else { return round.count("without a proof") }
      try round.expect(proof.signedText.body == original, "another body is proven")
      round.count("proven")
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("proven", oneIn: 20))
  }

  static let hostile: [(String, [UInt8])] = [
    ("1 MiB of JSON", Array((#"{"a":["# + String(repeating: #""é/<x>","#, count: 1 << 17) + "1]}").utf8)),
    ("1 MiB of brackets", Array(repeating: UInt8(ascii: "["), count: 1 << 20)),
    (
      "deep nesting, closed",
      Array((String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)).utf8)
    ),
    (
      "deep objects",
      Array((String(repeating: #"{"a":"#, count: 50_000) + "1" + String(repeating: "}", count: 50_000)).utf8)
    ),
    (
      "50 000 keys",
      Array(
        ("{" + (0..<50_000).map { #""k\#($0 * 7919 % 50_000)":\#($0)"# }.joined(separator: ",") + "}").utf8)
    ),
    ("no JSON", Array(repeating: 0xFF, count: 1 << 20)),
    ("1 MiB of U+FFFD", Array(String(repeating: "\u{FFFD}", count: 350_000).utf8)),
    ("1 MiB of newlines", Array(repeating: 0x0A, count: 1 << 20)),
    (
      "a gzip bomb's beginning",
      [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Array(repeating: 0xAA, count: 1 << 20)
    ),
    ("empty", []),
  ]

  // The limit is for what grows with the square of the size; how long a search takes is no test's business.
  @Test("large and broken bodies come to an end", .timeLimit(.minutes(10)), arguments: hostile.indices)
  func hostileBody(index: Int) throws {
    let (name, body) = Self.hostile[index]
    let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    let diagnosis = Self.diagnosis(
      body, [("X-Parlay-Signature", "t=1745518397,v1=" + String(repeating: "0", count: 64))],
      Keyring([secret]), candidates: 100_000, nanoseconds: 250_000_000)
    #expect(diagnosis.proof == nil, "\(name)")
    #expect(!diagnosis.findings.isEmpty, "\(name)")
  }

  static let headers: [(String, String)] = [
    (
      "a t of 5 000 digits",
      "t=" + String(repeating: "9", count: 5000) + ",v1=" + String(repeating: "0", count: 64)
    ),
    ("a v1 of 1 MiB", "t=1745518397,v1=" + String(repeating: "a", count: 1 << 20)),
    ("1 000 v1", "t=1745518397" + String(repeating: ",v1=" + String(repeating: "0", count: 64), count: 1000)),
    ("1 000 t", String(repeating: "t=1745518397,", count: 1000) + "v1=" + String(repeating: "0", count: 64)),
    ("1 000 different t", (0..<1000).map { "t=\($0)," }.joined() + "v1=" + String(repeating: "0", count: 64)),
    ("1 MiB of commas", String(repeating: ",", count: 1 << 20)),
    ("1 MiB of equals signs", String(repeating: "=", count: 1 << 20)),
    ("quotes only", String(repeating: "\"", count: 1000)),
    ("one byte", "="),
  ]

  @Test("hostile headers come to an end", .timeLimit(.minutes(10)), arguments: headers.indices)
  func hostileHeader(index: Int) throws {
    let (name, header) = Self.headers[index]
    let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    let diagnosis = Self.diagnosis(
      Array(#"{"a":1}"#.utf8), [("X-Parlay-Signature", header)], Keyring([secret]), candidates: 1000)
    #expect(diagnosis.proof == nil, "\(name)")
    #expect(diagnosis.samples.count == 3, "\(name)")
  }

  static func diagnosis(
    _ body: [UInt8], _ headers: [(String, String)], _ keyring: Keyring, candidates: Int,
    nanoseconds: UInt64 = .max
  ) -> Diagnosis {
    let request = Request(headers: Headers(headers.map { .init($0, $1) }), body: body)
    let arrival = Timestamp(seconds: 1_745_518_400)
    let verdict = Verifier(keyring: keyring).verify(
      request, provider: Providers.documented.of(request.headers), at: arrival)
    let start = ContinuousClock.now
    let budget = DiagnosisBudget(candidates: candidates, nanoseconds: nanoseconds) {
      UInt64((ContinuousClock.now - start) / .nanoseconds(1))
    }
    return Diagnosis(
      of: DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict), keyring: keyring,
      budget: budget)
  }
}

extension SeededRandom {
  /// JSON, damaged JSON or noise.
  fileprivate mutating func body() -> [UInt8] {
    var bytes = Array(json(depth: 3).utf8)
    switch Int.random(in: 0..<4, using: &self) {
    case 0:
      bytes = (0..<Int.random(in: 0..<64, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    case 1: bytes = bytes.dropLast(Int.random(in: 0..<9, using: &self))
    default: break
    }
    for _ in 0..<Int.random(in: 0..<3, using: &self) where !bytes.isEmpty {
      bytes[Int.random(in: bytes.indices, using: &self)] = UInt8.random(in: 0...255, using: &self)
    }
    return bytes
  }

  /// A signature header, spoilt here and there.
  fileprivate mutating func header(signed: String) -> String {
    var scalars = Array(signed.unicodeScalars)
    let pieces: [Unicode.Scalar] = [
      ",", "=", " ", "t", "v", "1", "0", "\"", ";", "\u{E9}", "\t", "a", "F", "\u{7F}", "-",
    ]
    for _ in 0..<Int.random(in: 0..<6, using: &self) where !scalars.isEmpty {
      let place = Int.random(in: scalars.indices, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: scalars.remove(at: place)
      case 1: scalars.insert(pieces.randomElement(using: &self)!, at: place)
      case 2: scalars[place] = pieces.randomElement(using: &self)!
      default: scalars.removeSubrange(place..<min(scalars.count, place + 20))
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
