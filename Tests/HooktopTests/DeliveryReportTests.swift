import Diagnosis
import JSON
import Screen
import Testing
import Webhooks

@testable import hooktop

@Suite struct DeliveryReportTests {
  private static let report = DeliveryReport(
    verifier: Verifier(keyring: Keyring()), providers: .documented, form: .lines)

  private static func delivery(
    _ event: String?, secret: String?, age: Double?, _ reason: Verdict.Reason = .ok
  ) -> Delivery {
    var verdict = Verdict(reason)
    (verdict.secret, verdict.ageSeconds) = (secret.map { ByteString($0) }, age)
    return Delivery(
      sequence: 12, receivedAt: Timestamp(microseconds: 1_745_518_397_000_000),
      request: Request(headers: Headers(), body: Array("{}".utf8)),
      envelope: Envelope(event: event.map { ByteString($0) }), verdict: verdict, isDuplicate: false,
      attempt: 1,
      answer: nil)
  }

  @Test(
    "the line of a valid delivery is what the gate makes of all of it, whatever its sender calls the event",
    arguments: [
      nil, "", "analysis.completed", "~ !", "a\u{1B}[2Jb", "\u{7F}", "a\nb", "é", "\u{301}x", "x\u{301}",
      "\u{202E}abc",
      "\u{9B}31m", "漢字", "\u{1F600}\u{FE0F}", "\u{0}",
    ])
  func valid(event: String?) {
    for secret in [nil, "parlay", "parlay/\u{E9}", "\u{301}"] {
      for age in [nil, 3.21, -12, 90_000] as [Double?] {
        let delivery = Self.delivery(event, secret: secret, age: age)
        var output: [UInt8] = []
        let result = Self.report.write(delivery, to: &output)
        let words = TailLine.verdict(delivery.verdict, of: nil) + (age.map { ", \(Durations.age($0))" } ?? "")
        let line = SafeText.plain("#12  \(event ?? "-")  \(words)", charset: UserLocale.charset)
        #expect(output == Array("\(line)\n".utf8), "\(String(decoding: output, as: UTF8.self))")
        #expect(result.status == .valid && result.cause == nil)
      }
    }
  }

  @Test(
    "only a valid delivery is plain, and in JSON only one that came in time: others may tell of its clock")
  func plain() {
    let json = DeliveryReport(verifier: Self.report.verifier, providers: .documented, form: .json)
    var late = Self.delivery("a", secret: "parlay", age: 400).verdict
    late.tolerance = 300
    let valid = Self.delivery("a", secret: "parlay", age: 3).verdict
    for (report, isPlain) in [(Self.report, true), (json, false)] {
      #expect(report.isPlain(late) == isPlain)
      #expect(!report.isPlain(Verdict(.noV1Matches)) && !report.isPlain(Verdict(.noSecret)))
    }
    var inTime = valid
    inTime.tolerance = 300
    #expect(json.isPlain(inTime) && Self.report.isPlain(inTime))
  }
}
