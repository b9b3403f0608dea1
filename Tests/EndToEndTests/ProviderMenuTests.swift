import Foundation
import Testing

/// `P`, and what comes of it, with the providers' stand-in and a real terminal.
@Suite(.enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"), .timeLimit(.minutes(3)))
struct ProviderMenuTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "P has a test event sent before anything has arrived, pauses, resumes and rotates, and the next event verifies with the new secret"
  )
  func menu() async throws {
    let sandbox = try await LocalSandbox()
    let environment = sandbox.environment(in: folder)
    let shell = try await Shell(columns: 160, environment: environment)
    try await shell.type("unset PARLAY_SIGNING_SECRET PARABLE_SIGNING_SECRET")
    let url = try await shell.watch()
    let id = try await sandbox.register(url, environment)
    try await shell.wait(for: "The saved secret parlay/\(id) is active")
    try await shell.press("P")
    try await shell.wait(for: "webhook \(id); p goes to Parable")
    try await shell.press("Enter", "y")
    try await shell.wait(for: "Parlay sends webhook.test to \(id).", "1 received")
    try await shell.press("Escape")
    try await shell.wait(for: "✓ valid")
    try await shell.press("P", "Enter")
    try await shell.wait(for: "Have a webhook.test sent to \(id)? y does it, Esc does not.")
    try await shell.press("y")
    try await shell.wait(for: "Parlay sends webhook.test to \(id).", "2 received")
    try await shell.press("j", "Enter", "y")
    try await shell.wait(for: "\(id) is paused: events are queued for up to 24 hours.")
    try await shell.press("j", "Enter", "y")
    try await shell.wait(for: "\(id) is active: what was queued is sent now.")
    try await shell.press("j", "Enter", "y")
    try await shell.wait(for: "has a new signing secret, which is saved in")
    try await shell.wait(until: "the rotation") { $0.contains("parlay/\(id) was rotated at ") }
    try await shell.press("Escape")
    try await sandbox.happen("analysis.failed")
    try await shell.wait(until: "the next one") { $0.contains("3 received") && $0.contains("0 failed") }
    // Once more by the sandbox itself, which documents no such call.
    try await shell.press("P", "G", "Enter", "y")
    try await shell.wait(for: "The event is sent again, under an id of its own.")
    try await shell.wait(until: "it") { $0.contains("4 received") }
    try await shell.press("Escape", "Q")
    try await shell.waitForPrompt(0)
    let tail = sandbox.calls.suffix(6)
    #expect(
      tail.map { $0.replacing(id, with: "ID") } == [
        "POST /v1/webhooks/ID/test", "PATCH /v1/webhooks/ID", "PATCH /v1/webhooks/ID",
        "POST /v1/webhooks/ID/rotate", "POST /v1/events", "POST /v1/events",
      ])
  }

  /// An address that was just given back.
  private func freeAddress() async throws -> String {
    let tail = try await Tail()
    tail.process.send(SIGTERM)
    _ = try await tail.process.outcome()
    return tail.url
  }

  @Test("a capture is fetched again, and stands beside what was pushed, as a diff")
  func capture() async throws {
    // Each of the two has to know where the other one is.
    let url = try await freeAddress()
    let sandbox = try await LocalSandbox(["--parable", url, "--time-scale", "6000"])
    let secret = try #require(sandbox.process.errors.firstMatch(of: #/signing secret is (whsec_\w+);/#)?.1)
    try FileManager.default.createDirectory(
      at: folder.url("hooktop/secrets"), withIntermediateDirectories: true)
    _ = try folder.write(Data("\(secret)\n".utf8), to: "hooktop/secrets/parable-main")
    let shell = try await Shell(columns: 160, environment: sandbox.environment(in: folder))
    try await shell.type("unset PARLAY_SIGNING_SECRET PARABLE_SIGNING_SECRET")
    let port = url.split(separator: ":").last ?? ""
    try await shell.watch("hooktop watch --port \(port)")
    try await sandbox.happen("capture.processed")
    try await shell.wait(for: "1 received", "capture.processed", "signed with parable/main")
    try await shell.press("P", "j", "j", "j", "j", "Enter")
    try await shell.wait(until: "the comparison") {
      $0.contains("Compare #1 with now")
        && ($0.contains("Nothing differs") || $0.contains("~ changed .data."))
    }
    try await shell.press("q", "q", "Q")
    try await shell.waitForPrompt(0)
    #expect(sandbox.calls.last?.hasPrefix("GET /api/v1/captures/") == true, "\(sandbox.calls)")
  }
}
