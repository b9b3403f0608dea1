import Foundation
import Testing

/// `hooktop check`: what it makes of apps that are right, and of those that are not.
@Suite(.enabled(if: Tool.python3.isInstalled), .timeLimit(.minutes(3)))
struct CheckTests {
  private func check(_ app: StandInApp, _ options: [String] = ["--json"]) async throws -> Subprocess.Outcome {
    try await Hooktop.run(["check", "--to", app.url + "/hook", "--provider", "parlay"] + options)
  }

  @Test(
    "an app that is right has no wrong answer, and one that is not is told by its probe",
    arguments: [
      (.strict, [], [], nil), (.documented, [], [], "parlay_py"), (.parsed, ["reserialised-body"], [], nil),
      (.refusesAll, ["good", "duplicate"], ["unknown-event"], nil),
      (
        .takesAll,
        [
          "no-signature-header", "empty-signature-header", "wrong-secret", "flipped-byte",
          "flipped-signature",
          "stale", "future", "short-signature", "no-time", "time-not-a-number", "reserialised-body",
        ], ["upper-case-hex", "text-behind-signature"], nil
      ),
    ] as [(StandInApp.Kind, [String], [String], String?)])
  func apps(kind: StandInApp.Kind, wrong: [String], lenient: [String], resembles: String?) async throws {
    let app = try await StandInApp(kind)
    let outcome = try await check(app)
    #expect(outcome.end == .exit(wrong.isEmpty ? 0 : 16), "\(outcome.errors)")
    let lines = try outcome.output.split(separator: "\n").map { try Record(String($0)) }
    #expect(lines.count == 19)
    func probes(_ verdict: String) -> [String?] {
      lines.filter { $0.text("verdict") == verdict }.map { $0.text("probe") }
    }
    #expect(probes("wrong") == wrong)
    #expect(probes("lenient") == lenient)
    let sum = try #require(lines.last)
    #expect(sum.text("kind") == "summary" && sum.number("probes") == 18)
    #expect(sum.number("wrong") == wrong.count && sum.number("lenient") == lenient.count)
    #expect(sum.text("resembles") == resembles && sum.number("not_applicable") == 0)
    // The duplicate is the first one again, byte by byte.
    let requests = try await app.requests(18)
    #expect(requests[0].text("body") == requests[1].text("body"))
    #expect(requests[0].pairs("headers") == requests[1].pairs("headers"))
  }

  @Test("without --json it prints a table, and what the app behaves like")
  func table() async throws {
    let app = try await StandInApp()
    let outcome = try await check(app, [])
    #expect(outcome.output.contains("✓ right    signed now "), "\(outcome.output)")
    let rows = outcome.output.split(separator: "\n")
    #expect(rows.count == 18)
    // Both answers are right there, and neither was expected.
    #expect(
      rows.count { $0.contains("two signatures") && $0.contains("  either  ") } == 2, "\(outcome.output)")
    #expect(
      outcome.errors
        == "hooktop: 18 probes: 0 wrong, 0 lenient; the app behaves like Parlay's Python sample\n"
        + "hooktop: Your app refuses every forgery and accepts every good delivery.\n")
  }

  @Test(
    "without --json it ends with what is wrong, and what to do",
    arguments: [
      (.takesAll, ["accepts forgeries: verify", "not written as documented"]),
      (.refusesAll, ["refuses good deliveries: verify", "event types that it does not know"]),
    ] as [(StandInApp.Kind, [String])])
  func conclusion(kind: StandInApp.Kind, words: [String]) async throws {
    let outcome = try await check(try await StandInApp(kind), [])
    #expect(outcome.end == .exit(16))
    let last = try #require(outcome.errors.split(separator: "\n").last)
    #expect(words.allSatisfy(last.contains) && !last.contains("every"), "\(last)")
  }

  @Test("an app that is not there is an error of one line, and not a wrong app")
  func absent() async throws {
    let app = try await StandInApp()
    app.process.send(SIGKILL)
    _ = try await app.process.outcome()
    let outcome = try await check(app)
    #expect(outcome.end == .exit(1) && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "hooktop: no answer from \(app.url)/hook (refused): start the app first, or check --to\n")
  }
}
