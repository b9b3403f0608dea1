import Foundation
import Testing

/// `hooktop demo`: everything there is to see, without anything to configure.
struct DemoTests {
  private static let parlayEvents = [
    "analysis.completed", "analysis.failed", "persona.assigned", "methodology.assigned",
    "profile.synthesized", "playbook.draft.completed", "playbook.published", "insights.generated",
    "webhook.test",
  ]
  /// A word of the line for each failure that can be sent.
  private static let failures = [
    "missing: ": 1, "malformed: ": 10, "mismatch: ": 1, "stale: ": 2,
  ]

  @Test("every event, and every way in which a signature fails, comes within the opening burst")
  func everything() async throws {
    let demo = try await Tail(command: ["demo", "--port", "0"], environment: Hooktop.environment)
    let lines = try await waiting(for: "all events and failures", instead: { demo.process.output }) {
      let lines = demo.process.lines
      return Self.isComplete(lines) ? lines : nil
    }
    for event in Self.parlayEvents {
      #expect(lines.contains { $0.contains("parlay ") && $0.contains(event) && $0.contains("✓ valid") })
    }
    #expect(
      lines.contains { $0.contains("parable ") && $0.contains("capture.processed") && $0.contains("✓ valid") }
    )
    // They go on to its app, which takes some and refuses others.
    for status in ["200", "401"] {
      #expect(lines.contains { $0.contains("  to http://127.0.0.1:") && $0.contains("  \(status)  ") })
    }
    #expect(lines.contains { $0.contains("  live  ") } && lines.contains { $0.contains("  test  ") })
    demo.process.send(SIGINT)
    #expect(try await demo.process.outcome().end == .signal(SIGINT))
  }

  @Test(
    "on a terminal the list fills with deliveries of both providers, and the counters go on",
    .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
  func screen() async throws {
    let shell = try await Shell()
    try await shell.watch("env -u PARLAY_SIGNING_SECRET -u PARABLE_SIGNING_SECRET hooktop demo --port 0")
    let picture = try await shell.wait(until: "deliveries of both providers, failed ones too") { picture in
      picture.row("parlay ", "✓ ok") != nil && picture.row("parable ", "✓ ok") != nil
        && picture.lines.contains { $0.contains("✗ ") } && picture.failed ?? 0 > 0
    }
    let received = try #require(picture.received)
    try await shell.wait(until: "more than \(received + 10)") { $0.received ?? 0 > received + 10 }
    try await shell.press("e")
    try await shell.wait(until: "a failed one is selected") { picture in
      picture.lines.contains { $0.contains(#/▸.* (✗|!) /#) }
    }
    try await shell.press("g")
    try await shell.press("d")
    try await shell.press("5")
    try await shell.wait(until: "the app contradicts a verdict") { picture in
      picture.lines.contains { $0.contains("Your app ") }
    }
  }

  /// Whether as many different failures of each status have come as there are.
  private static func isComplete(_ lines: [String]) -> Bool {
    let events = parlayEvents + ["capture.processed"]
    return events.allSatisfy { event in lines.contains { $0.contains(event) } }
      && failures.allSatisfy { status, count in
        let reasons = lines.compactMap { line in
          line.range(of: status).map { String(line[$0.lowerBound...].prefix { $0 != "," }.prefix(40)) }
        }
        return Set(reasons.map { $0.split(separator: "  ")[0] }).count >= count
      }
  }
}
