import Foundation
import Testing

/// Secrets, and the MAC that would have been right, appear nowhere.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct SecrecyTests {
  private static let secrets = [Hooktop.parlaySecret, Hooktop.parableSecret]

  /// A delivery with a wrong signature, and the MAC that is due for it.
  private func forgery() async throws -> (post: Post, due: String) {
    let time = Int(Date().timeIntervalSince1970)
    let post = Post()
    return (post.signed(t: time, v1: String(repeating: "5a", count: 32)), try await post.mac(time))
  }

  @Test("neither stands in what tail and verify print about a failed delivery", arguments: [[], ["--json"]])
  func printed(options: [String]) async throws {
    let tail = try await Tail(["--json"])
    let plain = try await Tail()
    let (post, due) = try await forgery()
    for url in [tail.url, plain.url] { #expect(try await post.send(to: url) == 401) }
    try await plain.lines(1)
    let session = try await tail.session(1)
    let verified = try await Hooktop.run(["verify", "-"] + options, input: session)
    #expect(verified.end == .exit(12))
    let printed = [
      String(decoding: session, as: UTF8.self), tail.process.errors, plain.process.output,
      plain.process.errors, verified.output, verified.errors,
    ]
    for text in printed { expectNone(of: Self.secrets + [due], in: text) }
  }

  @Test("neither reaches the terminal, whatever is looked at")
  func shown() async throws {
    let shell = try await Shell()
    try await shell.record()
    let url = try await shell.watch()
    let (post, due) = try await forgery()
    #expect(try await post.send(to: url) == 401)
    try await shell.wait(for: "1 received", "✗ mismatch")
    for pane in ["1", "2", "3", "4"] {
      try await shell.press(pane, "Enter", "b", "b", "b", "w", "G", "g", "Enter")
    }
    try await shell.press("?")
    try await shell.wait(for: "Help: Headers")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    let recorded = String(decoding: shell.recorded, as: UTF8.self)
    #expect(recorded.contains("mismatch"))
    expectNone(of: Self.secrets + [due], in: recorded)
  }

  @Test("a secret that is asked for is not shown as it is typed, and verifies")
  func prompted() async throws {
    let shell = try await Shell()
    let secret = "whsec_typed-in-the-dark-3K"
    try await shell.record()
    try await shell.type("hooktop watch --port 0 --secret parlay=prompt")
    try await shell.wait(for: "Signing secret for parlay (not shown):")
    try await shell.type(secret)
    let picture = try await shell.wait(until: "the screen") { $0.url != nil && $0.received == 0 }
    #expect(try await Post().signed(secret: secret).send(to: picture.url ?? "") == 200)
    try await shell.wait(for: "✓ valid")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    expectNone(of: [secret], in: String(decoding: shell.recorded, as: UTF8.self))
  }

  @Test("neither stands in an answer")
  func answered() async throws {
    let tail = try await Tail()
    let (post, due) = try await forgery()
    let answer = try await Tool.run(
      ["curl", "-s", "-i", "--data-binary", "@-"] + post.headers.flatMap { ["-H", $0] } + [tail.url],
      input: post.body)
    #expect(answer.hasPrefix("HTTP/1.1 401"))
    expectNone(of: Self.secrets + [due, "e2e", "5a5a"], in: answer)
  }

  private func expectNone(of texts: [String], in output: String) {
    for text in texts { #expect(!output.contains(text), "\(text) stands in \(output)") }
  }
}
