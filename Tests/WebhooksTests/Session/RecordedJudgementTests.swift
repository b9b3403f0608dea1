import TestSupport
import Testing
@testable import Webhooks

@Suite("What a session keeps of how a delivery was judged, and where it came from")
struct RecordedJudgementTests {
  private func recorded(age: Int64, tolerance: Double, secrets: [SigningSecret]) -> Delivery {
    let value = Samples.secret("other").signatureHeader(timestamp: 1_745_518_397, body: Array("{}".utf8))
    let request = Request(headers: Headers([.init("x-parlay-signature", value)]), body: Array("{}".utf8))
    let arrival = Timestamp(microseconds: Samples.now.microseconds + age * 1_000_000)
    return Delivery(
      sequence: 1, receivedAt: arrival, request: request, envelope: Envelope(provider: .parlay),
      verdict: Verifier(keyring: Keyring(secrets), tolerance: tolerance)
        .verify(request, provider: .parlay, at: arrival),
      isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 0))
  }

  @Test(
    "the tolerance is written and read, and tells whether a mismatch was in the window",
    arguments: [(10, 300.0, true), (301, 300, false), (-301, 300, false), (10, 0.5, false), (0, 0, true)])
  func tolerance(age: Int64, tolerance: Double, inWindow: Bool) throws {
    let delivery = recorded(age: age, tolerance: tolerance, secrets: [Samples.secret()])
    #expect(delivery.verdict.reason == .noV1Matches)
    let line = SessionSamples.line(delivery)
    #expect(
      line.contains(#""secret":null,"tolerance_seconds":\#(tolerance == 0.5 ? "0.5" : "\(Int(tolerance))")}"#)
    )
    let read = try #require(try SessionSamples.delivery(line)).verdict
    #expect(read.tolerance == tolerance)
    #expect(read.inWindow == inWindow)
    #expect(delivery.verdict.inWindow == inWindow)
  }

  @Test(
    "a reader with a verifier judges each delivery anew, at its own arrival, and tells what is wrong as before"
  )
  func judged() throws {
    let delivery = recorded(age: 10, tolerance: 300, secrets: [Samples.secret()])
    let lines = SessionSamples.line(delivery) + SessionSamples.example + "{}\n"
    func read(_ verifier: Verifier?) throws -> [Verdict?] {
      var reader = SessionReader(providers: .documented, verifier: verifier)
      return reader.read(Array(lines.utf8)).map { entry in
        if case .success(.delivery(let delivery)) = entry.result { delivery.verdict } else { nil }
      }
    }
    #expect(try read(nil).map(\.?.reason) == [.noV1Matches, .ok, nil])
    // The secret that signed it, and one of which the second one's headers say nothing.
    let verifier = Verifier(keyring: Keyring([Samples.secret("other")]), tolerance: 5)
    let judged = try read(verifier)
    #expect(judged.map(\.?.reason) == [.tooOld, .noHeader, nil])
    #expect(
      judged[0] == verifier.verify(delivery.request, provider: .parlay, at: delivery.receivedAt))
  }

  @Test("a line of before says nothing of it and is read; one with null too, and anything else is no number")
  func older() throws {
    let old = try #require(try SessionSamples.delivery(SessionSamples.example))
    #expect(old.verdict.tolerance == nil)
    #expect(SessionSamples.line(old) == SessionSamples.example)
    func line(_ value: String) -> String {
      SessionSamples.example.replacing(
        #""secret":"parlay""#, with: #""secret":"parlay","tolerance_seconds":\#(value)"#)
    }
    #expect(try SessionSamples.delivery(line("null"))?.verdict.tolerance == nil)
    #expect(try SessionSamples.delivery(line("12.5"))?.verdict.tolerance == 12.5)
    for value in ["-1", "\"300\"", "1e999", "true", "[]"] {
      #expect(throws: SessionError.unexpected(.tolerance), "\(value)") {
        try SessionSamples.delivery(line(value))
      }
    }
  }

  @Test("a delivery that was never judged by its time has no tolerance")
  func unjudged() {
    #expect(
      Verifier(keyring: Keyring()).verify(
        Request(headers: Headers(), body: []), provider: .parlay, at: Samples.now
      ).tolerance == nil)
  }

  @Test("a recorded delivery knows its line, and keeps it with another number or verdict")
  func origin() {
    var reader = SessionReader()
    let file = "\n" + SessionSamples.incident + SessionSamples.example + SessionSamples.example.dropLast()
    var entries = reader.read(Array(file.utf8))
    if let last = reader.finish() { entries.append(last) }
    let origins = entries.compactMap { entry -> Origin? in
      if case .success(.delivery(let delivery)) = entry.result {
        delivery.with(sequence: 7, verdict: Verdict(.ok)).origin
      } else {
        nil
      }
    }
    #expect(origins == [.recorded(line: 3), .recorded(line: 4)])
    #expect(Samples.delivery().origin == .received)
  }
}
