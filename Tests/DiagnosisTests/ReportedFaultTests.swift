import Foundation
import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// A delivery rebuilt from a public bug report, with the level at which its cause is due to be named.
struct ReportedFault: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let headers: [[String]]
  let bodyBase64: String
  let secret: String
  let at: String
  let wantedLevel: String

  var testDescription: String { id }

  static let all: [ReportedFault] = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    let file = url.appendingPathComponent("../shared/cases/public.json").standardizedFileURL
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try? decoder.decode([ReportedFault].self, from: Data(contentsOf: file))) ?? []
  }()

  static let absence: Comment = "../shared/cases is not beside the package"

  /// The cause that is named first, for each report whose cause hooktop finds.
  static let causes: [String: String] = [
    "01-bytes-repr": "printed-value", "02-dict-repr": "printed-value", "04-json-twice": "printed-value",
    "05-zone-relabelled": "time-shifted", "07-ascii-question": "charset-damage",
    "08-low-byte": "charset-damage", "11-empty-object": "values-changed", "12-hex-short": "digest-form",
    "16-base64-gzip": "wrapped-body", "19-retry-counts": "values-changed",
    "23-jsonb-signed": "body-reserialised",
    "25-empty-to-null": "values-changed", "27-float-to-int": "values-changed",
    "14-hex-negative": "digest-form", "20-body-then-t": "other-signed-text", "22-swapped": "roles-exchanged",
    "32-v2-previous": "digest-form",
    "60-cr-secret": "damaged-secret",
    "61-ensure-ascii": "body-reserialised", "64-crlf": "newline-or-bom", "66-array-lines": "newline-or-bom",
    "67-workos": "unreadable-timestamp", "68-form": "wrapped-body",
    "10-questions-arrived": "charset-damage", "24-go-remarshal": "body-reserialised",
    "29-newlines-gone": "newline-or-bom", "30-dotted-header": "digest-form",
    "31-two-after-v1": "tolerated-oddity",
    "33-placeholder": "malformed-header", "69-event-time": "event-time",
  ]

  /// What is not said, though it could seem so.
  static let absent = [
    "67-workos": ["outside-window", "clock-replay-or-queue"], "69-event-time": ["clock-replay-or-queue"],
  ]

  func diagnosis() throws -> Diagnosis {
    let provider = try #require(Providers.documented["parlay"])
    let ring = Keyring([try SigningSecret(secret, label: "parlay", provider: provider)])
    let body = Array(try #require(Data(base64Encoded: bodyBase64)))
    let request = Request(headers: Headers(headers.map { .init($0[0], $0[1]) }), body: body)
    let arrival = try #require(Timestamp(at))
    let envelope = Envelope(reading: request)
    let verdict = Verifier(keyring: ring).verify(request, provider: envelope.provider, at: arrival)
    let clock = ContinuousClock()
    let start = clock.now
    return Diagnosis(
      of: DiagnosisSubject(
        request: request, envelope: envelope, receivedAt: arrival, verdict: verdict, providers: .documented),
      keyring: ring,
      budget: .onDemand { UInt64((clock.now - start) / .nanoseconds(1)) })
  }
}

@Suite("Reported faults", .enabled(if: !ReportedFault.all.isEmpty, ReportedFault.absence))
struct ReportedFaultTests {
  @Test("the cause of a public bug report is named, as surely as it can be", arguments: ReportedFault.all)
  func cause(report: ReportedFault) throws {
    let diagnosis = try report.diagnosis()
    let found = diagnosis.findings.map { "\($0.level.rawValue) \($0.id.rawValue)" }
    for cause in ReportedFault.absent[report.id] ?? [] { #expect(!found.contains { $0.hasSuffix(cause) }) }
    let cause = try #require(ReportedFault.causes[report.id])
    #expect(!found.contains("proven other-secret"))
    #expect(found.contains("\(report.wantedLevel) \(cause)"), "\(found)")
  }
}

@Suite("Deliveries that were signed wrong")
struct SignedWrongTests {
  /// What no fixture shows, since one change to a good delivery shows it.
  static let causes = [
    "printed-value", "time-shifted", "values-changed", "digest-form", "roles-exchanged", "computed-otherwise",
    "signature-in-other-header", "empty-body", "event-time",
  ]
  /// What nobody can prove.
  private static let levels: [String: Cause.Level] = ["empty-body": .seen, "event-time": .likely]

  @Test("a delivery that is signed wrong in one way is named so, as surely as it can be", arguments: causes)
  func named(cause: String) throws {
    let provider = try #require(Providers.documented["parlay"])
    let secret = try SigningSecret("whsec_of_these_tests", label: "parlay", provider: provider)
    let now = Timestamp(seconds: 1_763_716_800)
    let whole = SignedDraft(
      headers: Headers([]), body: Array(#"{"id":"evt_1","created_at":"2025-11-21T09:20:00Z"}"#.utf8),
      provider: provider,
      secret: secret, now: now, providers: .documented)
    let breakage = try #require(Breakage.named(cause))
    let draft = try #require(breakage.applied(to: whole))
    let request = Request(headers: draft.signedHeaders, body: draft.body)
    let ring = Keyring([secret])
    let verdict = Verifier(keyring: ring).verify(request, provider: provider, at: now)
    #expect(verdict.reason == breakage.reason)
    let diagnosis = Diagnosis(
      of: DiagnosisSubject(request: request, receivedAt: now, verdict: verdict, providers: .documented),
      keyring: ring,
      budget: .unbounded)
    let found = try #require(diagnosis.findings.first { $0.id.rawValue == cause })
    #expect(found.level == Self.levels[cause] ?? .proven)
  }
}
