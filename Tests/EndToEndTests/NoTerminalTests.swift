import Foundation
import Testing

/// Where there is no usable terminal, the program goes on as `tail`; where it has limits, it keeps to them.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct NoTerminalTests {
  @Test("without a terminal, watch and demo say so and go on as tail", arguments: [["watch"], [], ["demo"]])
  func pipe(command: [String]) async throws {
    let tail = try await Tail(command: command + ["--port", "0"])
    _ = try await Hooktop.run(["send", "--to", tail.url])
    try await tail.lines(1)
    let errors = tail.process.errors.split(separator: "\n")
    #expect(errors.count == 2)
    #expect(errors.first == "hooktop: standard input is not a terminal; going on as hooktop tail")
    #expect(errors.last == "hooktop: listening on \(tail.url)")
  }

  @Test("standard output into a file goes on as tail, even at a terminal")
  func outputToFile() async throws {
    let shell = try await Shell()
    try await shell.type("hooktop watch --port 0 > \(shell.folder.path("output"))")
    let picture = try await shell.wait(for: "standard output is not a terminal", "listening on")
    try await sendAndEnd(shell, picture)
    #expect(shell.folder.text("output").contains("analysis.completed"))
  }

  @Test(
    "a terminal that can't show a screen is told so, and tail goes on",
    arguments: [
      "TERM=dumb": "the terminal type dumb cannot show a screen", "-u TERM": "TERM is not set",
      "TERM=hooktop-unknown": "the terminal type hooktop-unknown is not known", "TERM=": "TERM is not set",
    ])
  func unusable(setting: String, words: String) async throws {
    let shell = try await Shell()
    try await shell.record()
    try await shell.type("env \(setting) hooktop watch --port 0")
    let picture = try await shell.wait(for: words, "listening on")
    try await sendAndEnd(shell, picture)
    #expect(!String(decoding: shell.recorded, as: UTF8.self).contains("\u{1B}[?1049"))
  }

  @Test("NO_COLOR keeps every colour from the terminal, and the words stay")
  func noColor() async throws {
    for (isRefused, environment) in [(false, [:]), (true, ["NO_COLOR": "1"])] {
      let shell = try await Shell(environment: environment)
      try await shell.record()
      let url = try await shell.watch()
      _ = try await Hooktop.run(["send", "--to", url, "--break", "no-v1-matches"])
      try await shell.wait(for: "✗ mismatch", "✗ mismatch:")
      try await shell.press("Q")
      try await shell.waitForPrompt(0)
      let sequences = TerminalSequence.all(in: shell.recorded)
      #expect(sequences.contains(where: \.setsColor) == !isRefused)
      #expect(sequences.contains { $0.final == "m" })
    }
  }

  @Test("without a UTF-8 locale the frames are drawn in ASCII", arguments: ["LC_ALL=C", "LC_ALL=POSIX"])
  func ascii(locale: String) async throws {
    let shell = try await Shell()
    try await shell.record()
    let url = try await shell.watch("env \(locale) hooktop watch --port 0")
    _ = try await Hooktop.run(["send", "capture.processed", "--to", url])
    let picture = try await shell.wait(for: "1 received", "+ valid")
    #expect(picture.borders.count == 4)
    #expect(picture.lines[1].hasPrefix("+ Deliveries") && picture.lines[1].hasSuffix("-+"))
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    #expect(shell.recorded.allSatisfy { $0 < 0x80 })
  }

  @Test(
    "other terminals are drawn on, too",
    arguments: ["screen", "xterm-256color", "linux", "vt100", "xterm-mono"])
  func otherTerminals(type: String) async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    let url = try await shell.watch("env TERM=\(type) hooktop watch --port 0")
    #expect(try await Post().signed().send(to: url) == 200)
    try await shell.wait(for: "1 received", "✓ valid", #""note": "of curl""#)
    try await shell.press("Down", "Q")
    try await shell.waitForPrompt(0)
    #expect(try await shell.modes("after") == modes)
  }

  private func sendAndEnd(_ shell: Shell, _ picture: Picture) async throws {
    let text = picture.lines.joined()
    let url = try #require(text.firstMatch(of: #/listening on (http:[0-9.\/]+:[0-9]+)/#)?.1)
    _ = try await Hooktop.run(["send", "--to", String(url)])
    try await waiting(until: "the delivery") {
      (shell.folder.text("output") + String(decoding: shell.recorded, as: UTF8.self)).contains(
        "analysis.completed")
    }
    try await shell.press("C-c")
    try await shell.waitForPrompt(128 + SIGINT)
  }
}
