import TestSupport
import Testing

@testable import Webhooks

/// Headers of any bytes: taken apart as the rules say, and never believed for what the secret did not sign.
@Suite("Fuzz: signature header")
struct SignatureFuzzTests {
  private static let mac = String(repeating: "0123456789abcdef", count: 4)

  private static let seeds: [[UInt8]] = [
    "t=1745518397,v1=\(mac)", "v1=\(mac),t=1745518397", "t=1745518397, v1=\(mac)",
    "t=1745518397,v1=\(mac),v1=x",
    "t=1,t=2,v1=\(mac)", "t=01,v1=\(mac.uppercased())", " \tt=999999999999999,v1=\(mac)\t",
    "t=1,v0=a,v1=\(mac)",
    "t=1745518397;v1=\(mac)", "sha256=\(mac)", "", ",", "=", "t=,v1=", "\"t=1,v1=\(mac)\"", "t=-1,v1=\(mac)a",
  ].map { Array($0.utf8) }

  private static let pieces: [[UInt8]] = [
    ",", "=", " ", "\t", "t", "v1", "t=", "v1=", "t=1745518397", ",v1=\(mac)", "v0=", "0", "9", "a", "F", "g",
    "\"",
    ";", "-", "+", ".", "\u{E9}", "\u{A0}", "\u{0}", "\r\n", "1745518397000", "\u{661}",
  ].map { Array($0.utf8) }

  @Test("any header is taken apart as a reader takes it apart that follows the rules word by word")
  func header() {
    let outcome = Fuzz("signature header").run { round in
      round.input = round.random.input(like: Self.seeds, pieces: Self.pieces, longest: 1000)
      try Self.compare(round.input, &round)
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("well-formed", oneIn: 20))
    #expect(outcome.reached("malformed", oneIn: 4))
    #expect(outcome.reached("unusable", oneIn: 20))
  }

  private static func compare(_ bytes: [UInt8], _ round: inout Fuzz.Round) throws {
    let header = SignatureReading(pairs: bytes)
    let reference = ReferenceHeader(bytes)
    try round.expect(
      header.fault?.reason == reference.fault, "fault \(text(header.fault)), due \(text(reference.fault))")
    try round.expect(
      header.unusable?.reason == reference.unusable,
      "unusable \(text(header.unusable)), due \(text(reference.unusable))")
    try round.expect(header.timeText == reference.time, "t is \(text(header.timeText))")
    let number = reference.time.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    try round.expect(header.time == number, "t is \(text(header.time))")
    try round.expect(
      header.signatureCount == reference.signatureCount,
      "\(header.signatureCount) v1, due \(reference.signatureCount)")
    try round.expect(
      header.candidates.count == reference.signatures.count, "\(header.candidates.count) candidates")
    for (candidate, digits) in zip(header.candidates, reference.signatures) {
      try round.expect(
        MAC(lowercaseHex: digits).map(candidate.matches) ?? false, "another MAC than the header's")
    }
    for fault in [header.fault, header.unusable].compactMap({ $0 }) {
      try round.expect(0...bytes.count ~= fault.offset, "the fault is at \(fault.offset)")
    }
    round.count(header.fault == nil ? "well-formed" : "malformed")
    if header.unusable != nil { round.count("unusable") }
  }

  private static func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }

  @Test("valid is only what the secret signed, byte for byte and in time, whatever is changed")
  func verifier() throws {
    let secret = Samples.secret()
    let verifier = Verifier(keyring: Keyring([secret]))
    let bodies = [Array(#"{"id":"evt_1","livemode":false}"#.utf8), [], [0xFF, 0x00], Array("[1]".utf8)]
    let outcome = Fuzz("verifier").run { round in
      let body = round.random.pick(bodies)
      let signed = secret.signatureHeader(timestamp: 1_745_518_397, body: body)
      let seeds = [Array(signed.utf8), Array((signed + ",v1=\(Self.mac)").utf8)]
      var received = body
      if round.random.isOne(in: 4) { received = round.random.mutated(body, seeds: bodies, pieces: bodies) }
      let age = round.random.pick([0, 3, 300, 301, -300, -301, 86_400])
      round.input = round.random.pick(seeds)
      if !round.random.isOne(in: 3) {
        round.input = round.random.mutated(round.input, seeds: seeds, pieces: Self.pieces)
      }
      // Header bytes that are not UTF-8 come repaired.
      let value = String(decoding: round.input, as: UTF8.self)
      let reference = ReferenceHeader(Array(value.utf8))
      let isValid =
        reference.fault == nil && reference.time == Array("1745518397".utf8) && received == body
        && reference.signatures.contains(Array(signed.suffix(64).utf8)) && abs(age) <= 300
      let request = Request(headers: Headers([.init("X-Parlay-Signature", value)]), body: received)
      let verdict = verifier.verify(
        request, provider: .parlay, at: Timestamp(seconds: 1_745_518_397 + Double(age)))
      try round.expect((verdict.status == .valid) == isValid, "\(verdict.reason) for a body of \(received)")
      round.count(verdict.status.rawValue)
    }
    #expect(outcome.failure == nil)
    for status in ["valid", "mismatch", "stale"] { #expect(outcome.reached(status, oneIn: 20)) }
  }
}
