import Foundation
import Testing

/// `hooktop demo --life`: the life of a webhook, told step by step.
@Suite(.timeLimit(.minutes(3)))
struct DemoLifeTests {
  /// What each step's title is, and what the screen shows once it is done.
  private static let steps: [(title: String, shown: [String])] = [
    ("Start the sandbox", ["✓ It listens on http://127.0.0.1:", "0 received"]),
    ("Register a webhook", ["is registered; the fingerprint of its secret is ", "parlay ✓"]),
    ("Send a test event", ["arrived and is valid: webhook.test.", "✓ valid"]),
    ("Break the secret", ["is refused: mismatch.", "PROVEN", "secret damaged when copied"]),
    ("Fix the secret", ["arrived and is valid: analysis.completed."]),
    ("Rotate the secret", ["arrived and is valid: analysis.completed."]),
    ("Pause the webhook", ["deliveries wait in the queue; 0 of the three arrived."]),
    ("Resume it", ["All 3 arrived within "]),
    ("Answer 500 three times", ["Retries were due after 0.1 s, 0.5 s, 2.5 s, and came after 0."]),
    ("Miss a capture", ["got no answer", "capture.processed"]),
    ("Catch up", [" is listed: "]),
  ]

  @Test(
    "; goes through all steps, each shows what it says, a comma goes back, and X stops",
    .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
  func story() async throws {
    let shell = try await Shell(columns: 150, rows: 40)
    try await shell.watch(
      "env -u PARLAY_SIGNING_SECRET -u PARABLE_SIGNING_SECRET hooktop demo --life --port 0")
    try await shell.wait(for: "The life of a webhook", "; next")
    for (place, step) in Self.steps.enumerated() {
      try await shell.press("\\;")
      let heading = "Story \(place + 1) of \(Self.steps.count)  \(step.title)"
      try await shell.wait(until: "\(heading), \(step.shown)") { picture in
        ([heading] + step.shown).allSatisfy(picture.contains)
      }
    }
    for _ in 1...7 { try await shell.press(",") }
    try await shell.wait(for: "Story 4 of 11  Break the secret", "is refused: mismatch.", "401")
    try await shell.press("X")
    let end = try await shell.wait(for: "The story has ended, and the sandbox with it")
    #expect(!end.contains("Story "))
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }

  @Test(
    "what the story sees to by itself can't be given",
    arguments: [
      ["--forward", "http://127.0.0.1:1"], ["--secret", "parlay=env:X"], ["--answer", "always"],
      ["--respond", "drop"], ["--filter", "sig:ok"], ["--time-scale", "60"], ["--tls-self-signed"],
      ["--forward-if", "sig:ok"], ["--forward-timeout", "1"],
    ])
  func refused(option: [String]) async throws {
    let outcome = try await Hooktop.run(["demo", "--life"] + option)
    #expect(outcome.end == .exit(64))
    #expect(
      outcome.errors.contains("\(option[0]) can't be used with --life: leave it out."), "\(outcome.errors)")
  }

  @Test("it stays on this machine, and needs a terminal")
  func needs() async throws {
    let remote = try await Hooktop.run(["demo", "--life", "--host", "192.0.2.1"])
    #expect(remote.end == .exit(64) && remote.errors.contains("leave --host out"))
    let blind = try await Hooktop.run(["demo", "--life", "--port", "0"])
    #expect(blind.end == .exit(1) && blind.errorLines.count == 1, "\(blind.errors)")
    #expect(blind.errors.contains("run demo --life in a terminal"))
  }
}
