import Foundation
import Glibc
import Testing

/// `hooktop open` of what goes on: standard input, a file that grows, several streams.
@Suite(.enabled(if: Tool.canDrive, "needs tmux, bash, curl and openssl")) struct LiveStreamTests {
  /// Waits for the address of a receiver that runs somewhere in a terminal.
  private func address(_ folder: TemporaryFolder, _ name: String = "ready") async throws -> String {
    try await waiting(for: "the address") {
      let text = folder.text(name)
      return text.hasSuffix("\n") ? String(text.dropLast()) : nil
    }
  }

  @Test("over SSH, deliveries are shown as they come, and the keys come from the terminal")
  func pipe() async throws {
    let shell = try await Shell()
    // What ssh does with a command, but for the other machine: its output comes in pieces of its own sizes.
    let ssh = try shell.folder.write(
      "#!/bin/bash\nshift 2\n\"$@\" < /dev/null | dd bs=100 2> /dev/null\n".utf8, to: "ssh")
    #expect(chmod(ssh, 0o700) == 0)
    try await shell.run("PATH=\(shell.folder.path):$PATH")
    let ready = shell.folder.path("ready")
    try await shell.type(
      "ssh -n staging hooktop tail --json --port 0 --ready-file \(ready) 2>/dev/null | hooktop open -")
    try await shell.wait(for: "Waiting for deliveries from standard input", "live")
    let url = try await address(shell.folder)
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    try await shell.wait(for: "1 loaded", "webhook.test", "live")
    _ = try await Hooktop.run(["send", "persona.assigned", "--break", "newline-or-bom", "--to", url])
    let picture = try await shell.wait(for: "2 loaded", "1 failed")
    #expect(picture.row("▸    2", "persona.assigned") != nil)
    try await shell.press("j")
    try await shell.wait(until: "the older one") { $0.row("▸    1", "webhook.test") != nil }
    try await shell.press("q")
    // The writers end one after the other, each at the next thing that it writes.
    _ = try? await Hooktop.run(["send", "--to", url, "--count", "20", "--rate", "20"])
    try await shell.wait(until: "a prompt") { $0.lastLine.hasSuffix("]>") }
  }

  @Test("the end of a stream is said, and what came stays")
  func end() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "webhook.test", "--to", tail.url])
    let shell = try await Shell()
    _ = try shell.folder.write(try await tail.session(1), to: "session")
    try await shell.type("cat \(shell.folder.path("session")) | hooktop open -")
    let picture = try await shell.wait(for: "1 loaded", "The stream has ended")
    #expect(!picture.contains("live  "))
    try await shell.press("q")
    try await shell.waitForPrompt(0)
    try await shell.type("(cat \(shell.folder.path("session")); echo '{bad') | hooktop open -")
    try await shell.wait(for: "1 loaded", "The stream has ended; line 2 was skipped: ")
    try await shell.press("q")
    try await shell.waitForPrompt(0)
  }

  @Test("--follow shows what is added to a file, and goes on with the one that takes its place")
  func follow() async throws {
    let shell = try await Shell()
    let session = shell.folder.path("session.ndjson")
    let first = try await Tail(["--record", session])
    _ = try await Hooktop.run(["send", "webhook.test", "--to", first.url])
    try await shell.type("hooktop open --follow \(session)")
    try await shell.wait(for: "1 loaded", "live")
    _ = try await Hooktop.run(["send", "persona.assigned", "--to", first.url])
    try await shell.wait(for: "2 loaded", "persona.assigned")
    // As what rotates logs does; the next run makes a new file.
    #expect(rename(session, session + ".1") == 0)
    let second = try await Tail(["--record", session])
    _ = try await Hooktop.run(["send", "profile.synthesized", "--to", second.url])
    try await shell.wait(for: "3 loaded", "profile.synthesized")
    try await shell.press("q")
    try await shell.waitForPrompt(0)
  }

  @Test("several streams are numbered as they come, with a screen and without")
  func several() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "webhook.test", "--to", tail.url])
    _ = try await Hooktop.run(["send", "persona.assigned", "--to", tail.url])
    let session = try await tail.session(2)
    let shell = try await Shell()
    let file = try shell.folder.write(session, to: "file.ndjson")
    try await shell.type("cat \(file) | hooktop open staging=- prod=\(file)")
    let picture = try await shell.wait(for: "4 loaded", "staging, prod")
    for number in 1...4 { #expect(picture.row("  \(number) ", "parlay") != nil, "\(picture)") }
    // Which is whose can be told.
    for name in ["staging", "prod"] {
      #expect(picture.row(name, "parlay", "webhook.test") != nil, "\(picture)")
    }
    try await shell.press("q")
    try await shell.waitForPrompt(0)
    let printed = try await Hooktop.run(["open", "staging=-", "prod=\(file)"], input: session)
    #expect(printed.end == .exit(0))
    let lines = printed.output.split(separator: "\n")
    #expect(
      Set(lines.compactMap { $0.firstMatch(of: #/#(\d+)/#)?.1 }) == ["1", "2", "3", "4"], "\(printed.output)")
  }

  @Test(
    "from a real Redis: what one hooktop publishes, another one shows",
    .enabled(if: Tool.redisServer.isInstalled, "needs redis-server"))
  func redis() async throws {
    let folder = try TemporaryFolder()
    let socket = folder.path("redis.sock")
    let server = try Subprocess(
      ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder.path],
      environment: Hooktop.environment)
    defer { server.kill() }
    try await waiting(until: "Redis", instead: { server.output }) { access(socket, F_OK) == 0 }
    let shell = try await Shell()
    try await shell.type("redis-cli -s \(socket) --raw subscribe webhooks | hooktop open -")
    try await shell.wait(for: "Waiting for deliveries from standard input")
    // Until somebody listens, a message is nobody's.
    let subscribers = ["redis-cli", "-s", socket, "--raw", "pubsub", "numsub", "webhooks"]
    while try await Tool.run(subscribers) != "webhooks\n1\n" { try await Task.sleep(for: .milliseconds(10)) }
    let script = """
      hooktop tail --json --port 0 --ready-file \(folder.path("ready")) |
        while read -r line; do redis-cli -s \(socket) publish webhooks "$line"; done
      """
    let publisher = try Subprocess(["bash", "-c", script], environment: Hooktop.environmentWithSecrets)
    defer { publisher.kill() }
    let url = try await address(folder)
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    _ = try await Hooktop.run(["send", "capture.processed", "--to", url])
    let picture = try await shell.wait(for: "2 loaded", "webhook.test", "capture.processed")
    #expect(!picture.contains("skipped"))
    try await shell.press("q")
    try await shell.wait(for: "hooktop: 2 loaded")
  }

  @Test("what does not go together is told before any screen")
  func usage() async throws {
    for arguments in [["-", "a=-"], ["a=x", "a=y"], ["x/s", "y/s"], []] {
      let outcome = try await Hooktop.run(["open"] + arguments)
      #expect(outcome.end == .exit(64), "\(arguments)")
    }
    let missing = try await Hooktop.run(["open", "--follow", "/nonexistent/x"])
    #expect(missing.end == .exit(1) && missing.errorLines.count == 1, "\(missing.errors)")
  }
}
