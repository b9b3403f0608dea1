import Foundation
import Testing

/// The question for a signing secret, at a terminal.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct SecretPromptTests {
  private static let command = "hooktop tail --port 0 --secret parlay=prompt"
  private static let question = "Signing secret for parlay (not shown):"

  @Test(
    "leaving the question by a signal leaves the modes as they were",
    arguments: [("C-c", SIGINT), ("C-\\", SIGQUIT)])
  func left(key: String, signal: Int32) async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.type(Self.command)
    try await shell.wait(for: Self.question)
    try await shell.press(key)
    try await shell.waitForPrompt(128 + signal)
    #expect(try await shell.modes("after") == modes)
  }

  @Test("stopped at the question the modes are as before; fg hides what is typed, and the secret verifies")
  func stopped() async throws {
    let shell = try await Shell()
    let secret = "whsec_typed-after-fg-9M"
    let modes = try await shell.modes("before")
    try await shell.record()
    try await shell.type(Self.command)
    try await shell.wait(for: Self.question)
    try await shell.press("C-z")
    try await shell.waitForPrompt(128 + SIGTSTP)
    #expect(try await shell.modes("stopped") == modes)
    try await shell.run("clear")
    try await shell.type("fg")
    try await shell.wait(for: Self.question)
    try await waiting(until: "no echo") { try !shell.echoes() }
    try await shell.type(secret)
    let picture = try await shell.wait(for: "listening on")
    let url = picture.description.firstMatch(of: #/listening on (http:\S+)/#).map { String($0.1) } ?? ""
    #expect(try await Post().signed(secret: secret).send(to: url) == 200)
    try await shell.wait(for: "✓ valid")
    try await shell.press("C-c")
    try await shell.waitForPrompt(128 + SIGINT)
    #expect(try await shell.modes("after") == modes)
    #expect(!String(decoding: shell.recorded, as: UTF8.self).contains(secret))
  }

  @Test("a typed secret that is not UTF-8 is refused in words, and the modes are as they were")
  func notText() async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.type(Self.command)
    try await shell.wait(for: Self.question)
    try await shell.tmux("send-keys", "-H", "61", "ff", "fe", "62", "0d")
    let picture = try await shell.waitForPrompt(1)
    #expect(picture.contains("not UTF-8"))
    #expect(try await shell.modes("after") == modes)
  }

  @Test(
    "a secret that is not UTF-8 is refused in one line, wherever it comes from",
    arguments: ["file:secret", "env:SECRET", "\"$SECRET\""])
  func notTextElsewhere(source: String) async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write([0x61, 0xFF, 0xFE, 0x62], to: "secret")
    let script =
      "cd \(folder.path); export SECRET=$(cat secret); hooktop tail --port 0 --secret parlay=\(source)"
    let outcome = try await Subprocess(
      ["bash", "-c", script], environment: Hooktop.environment
    ).outcome()
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("not UTF-8"))
  }
}
