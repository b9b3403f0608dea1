import Foundation
import Testing

/// The terminal is given back as it was, on every way out.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct TerminalStateTests {
  /// A way to end the program, and the status that the shell sees then.
  enum WayOut: CustomTestStringConvertible, Sendable {
    case key(String)
    case signal(Int32, String)

    static let all: [WayOut] = [
      .key("q"), .key("Q"), .key("C-c"), .signal(SIGTERM, "SIGTERM"), .signal(SIGINT, "SIGINT"),
      .signal(SIGHUP, "SIGHUP"), .signal(SIGQUIT, "SIGQUIT"), .signal(SIGSEGV, "SIGSEGV"),
      .signal(SIGABRT, "SIGABRT"), .signal(SIGILL, "SIGILL"), .signal(SIGTRAP, "SIGTRAP"),
      .signal(SIGBUS, "SIGBUS"), .signal(SIGFPE, "SIGFPE"),
    ]

    var testDescription: String {
      switch self {
      case .key(let key): key
      case .signal(_, let name): name
      }
    }

    var status: Int32 {
      switch self {
      case .key: 0
      case .signal(let number, _): 128 + number
      }
    }
  }

  @Test("the terminal is as it was, whichever way out is taken", arguments: WayOut.all)
  func wayOut(_ way: WayOut) async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.record()
    let url = try await shell.watch()
    _ = try await Hooktop.run(["send", "capture.processed", "--to", url])
    try await shell.wait(for: "1 received")
    #expect(try await shell.state().isAlternateScreen)

    switch way {
    case .key("Q"): try await shell.press("Q")
    case .key(let key):
      try await shell.press(key)
      try await shell.wait(for: "1 delivery received and not recorded: quitting loses them.")
      try await shell.press(key == "q" ? "y" : key)
    case .signal(let number, _): _ = kill(try await shell.program(), number)
    }
    let picture = try await shell.waitForPrompt(way.status)
    #expect(!picture.contains("Deliveries"))
    if case .key = way { #expect(picture.contains("hooktop: 1 received, 0 failed, not recorded")) }
    try await expectGivenBack(shell, modes)
  }

  @Test("the terminal is as before while the program is stopped and after it, twice")
  func stopped() async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.record()
    let url = try await shell.watch()
    for round in 1...2 {
      try await shell.press("C-z")
      let picture = try await shell.waitForPrompt(128 + SIGTSTP)
      #expect(picture.contains("nothing is received until fg"))
      try await expectGivenBack(shell, modes)
      try await shell.type("fg")
      try await shell.wait(for: "Deliveries", url)
      _ = try await Hooktop.run(["send", "--to", url])
      try await shell.wait(for: "\(round) received")
      #expect(try await shell.state().isAlternateScreen)
    }
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    try await expectGivenBack(shell, modes)
  }

  @Test("stopped and continued from outside, the screen comes back and the modes are put back at the end")
  func stoppedFromOutside() async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.record()
    try await shell.watch()
    let program = try await shell.program()
    _ = kill(program, SIGSTOP)
    try await waiting(until: "a stopped process") { ProcessEntry(program)?.state == "T" }
    try await shell.waitForPrompt(128 + SIGSTOP)
    try await shell.type("fg")
    try await shell.wait(for: "Deliveries", "Waiting for deliveries")
    try await shell.press("q")
    try await shell.waitForPrompt(0)
    try await expectGivenBack(shell, modes)
  }

  @Test("a terminal that goes away ends the program, even where SIGHUP is ignored")
  func hungUp() async throws {
    let shell = try await Shell()
    try await shell.run("trap '' HUP")
    try await shell.watch()
    let program = try await shell.program()
    shell.hangUp()
    try await waiting(
      until: "the end of the program", instead: { "\(ProcessEntry(program)!)" }
    ) { ProcessEntry.hasEnded(program) }
  }

  @Test(
    "a terminal that takes nothing more holds back no signal, and is as it was when it goes on",
    arguments: [(SIGTERM, nil), (SIGSEGV, nil), (SIGSEGV, "NIO-")])
  func frozen(signal: Int32, thread: String?) async throws {
    let shell = try await Shell()
    let modes = try await shell.modes("before")
    try await shell.record()
    let url = try await shell.watch()
    let program = try await shell.program()
    let sender = try Hooktop.start(
      ["send", "capture.processed", "--to", url, "--count", "100000", "--rate", "200"])
    defer { sender.kill() }
    try await shell.wait(until: "deliveries") { $0.received ?? 0 > 0 }
    shell.freeze(true)
    try await waiting(until: "a full terminal") { try Outlet(path: shell.terminal).isFull() }
    // The number of a thread sends the signal to the process, and to that thread first.
    let target = try thread.map { try #require(ProcessEntry.thread($0, of: program)) } ?? program
    _ = kill(target, signal)
    try await waiting(
      until: "the end of the program", instead: { "\(ProcessEntry(program)!)" }
    ) { ProcessEntry.hasEnded(program) }
    shell.freeze(false)
    try await shell.waitForPrompt(128 + signal)
    try await expectGivenBack(shell, modes)
  }

  private func expectGivenBack(_ shell: Shell, _ modes: String) async throws {
    #expect(try await shell.state() == Shell.State())
    // The last words about pasting are that it is not bracketed any more.
    let recorded = String(decoding: shell.recorded, as: UTF8.self)
    let pasting = recorded.matches(of: #/\u{1B}\[\?2004([hl])/#).last
    #expect(pasting?.1 == "l")
    #expect(try await shell.modes("after") == modes)
  }
}
