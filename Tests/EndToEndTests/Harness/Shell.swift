import Foundation
import Glibc
import Synchronization

/// A shell in a real terminal: a tmux server of its own, which does not outlive the test.
final class Shell: Sendable {
  /// What the terminal, not the program, says about its state.
  struct State: Equatable {
    var isAlternateScreen = false
    var isCursorShown = true
    var sendsKeypad = false
    var sendsCursorKeys = false
    var reportsMouse = false
  }

  private static let count = Atomic(0)

  let folder: TemporaryFolder
  /// The shell, which leads the session of all that runs in the terminal.
  let pid: pid_t
  /// The terminal's path.
  let terminal: String
  private let server: pid_t
  private let socket: String
  private let socketPath: String

  init(
    columns: Int = 120, rows: Int = 36, type: String = "tmux-256color", environment: [String: String] = [:]
  )
    async throws
  {
    try Hooktop.requireBuilt()
    let folder = try TemporaryFolder()
    let number = Shell.count.add(1, ordering: .relaxed).newValue
    let socket = "hooktop-test-\(getpid())-\(number)"
    let settings = ["default-terminal \(type)", "status off", "escape-time 0"]
    let configuration = try folder.write(
      settings.map { "set -g \($0)\n" }.joined().utf8, to: "tmux.conf")
    let start = try folder.write("PS1='[$?]> '\nulimit -c 0\nunset HISTFILE\n".utf8, to: "bashrc")
    let own = ["INPUTRC": try folder.write("set enable-bracketed-paste off\n".utf8, to: "inputrc")]
    let variables = Hooktop.environmentWithSecrets.merging(own) { $1 }.merging(environment) { $1 }
    let command = ["tmux", "-L", socket, "-u", "-f", configuration, "new-session", "-d"]
    let size = ["-x", "\(columns)", "-y", "\(rows)"]
    let format = "#{pid} #{pane_pid} #{pane_tty} #{socket_path}"
    let facts = try await Subprocess(
      command + size + ["-P", "-F", format, "bash --noprofile --rcfile \(start) -i"], environment: variables
    ).outcome().output.split(whereSeparator: \.isWhitespace).map(String.init)
    guard facts.count == 4, let server = pid_t(facts[0]), let pid = pid_t(facts[1]) else {
      throw NeverHappened("a tmux server", within: .zero, instead: "\(facts)")
    }
    (self.folder, self.socket, self.server, self.pid) = (folder, socket, server, pid)
    (terminal, socketPath) = (facts[2], facts[3])
    try await waitForPrompt(0)
  }

  deinit { close() }

  /// Ends whatever runs in the terminal, and the terminal.
  func close() {
    for process in processes() where process.id != pid { _ = kill(process.id, SIGKILL) }
    freeze(false)
    hangUp()
    unlink(socketPath)
  }

  /// Lets the terminal take nothing more, as a frozen one, or go on.
  func freeze(_ isFrozen: Bool) {
    _ = kill(server, isFrozen ? SIGSTOP : SIGCONT)
  }

  /// Whether the terminal shows what is typed.
  func echoes() throws -> Bool {
    var modes = termios()
    try ask("modes") { tcgetattr($0, &modes) }
    return modes.c_lflag & tcflag_t(ECHO) != 0
  }

  /// How many bytes were typed that the program has not read.
  private func unread() throws -> Int32 {
    var count: Int32 = 0
    try ask("input") { ioctl($0, UInt(FIONREAD), &count) }
    return count
  }

  private func ask(_ what: String, _ question: (Int32) -> Int32) throws {
    let descriptor = open(terminal, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    defer { Glibc.close(descriptor) }
    guard question(descriptor) == 0 else {
      throw NeverHappened("the \(what) of \(terminal)", within: .zero, instead: "error \(errno)")
    }
  }

  /// Takes the terminal away from under what runs in it.
  func hangUp() {
    _ = kill(server, SIGTERM)
  }

  @discardableResult
  func tmux(_ arguments: String...) async throws -> String {
    try await Subprocess(["tmux", "-L", socket, "-u"] + arguments, environment: Hooktop.environment)
      .outcome().output
  }

  /// Types a line and Enter.
  func type(_ line: String) async throws {
    try await tmux("send-keys", "-l", line)
    try await press("Enter")
  }

  /// Presses keys, by the names that tmux has for them.
  func press(_ keys: String...) async throws {
    for key in keys {
      try await tmux("send-keys", key)
      // A key that comes within the time of an escape sequence is one key with the Escape before it, as from Alt;
      // nothing on the screen tells when that time is over.
      if key == "Escape" {
        try await waiting(until: "\(key) to be read") { try unread() == 0 }
        try await Task.sleep(for: .milliseconds(150))
      }
    }
  }

  /// Pastes a text, as a terminal does that marks what is pasted.
  func paste(_ text: String) async throws {
    try await tmux("set-buffer", text)
    try await tmux("paste-buffer", "-p")
  }

  func resize(_ columns: Int, _ rows: Int) async throws {
    try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Writes every byte that reaches the terminal from now on to a file, too.
  func record() async throws {
    try await tmux("pipe-pane", "-O", "cat >> \(folder.path("recorded"))")
  }

  /// The bytes that have reached the terminal since `record`.
  var recorded: [UInt8] { folder.bytes("recorded") }

  /// What stands on the terminal now.
  func picture() async throws -> Picture {
    Picture(try await tmux("capture-pane", "-p"))
  }

  func state() async throws -> State {
    let names = ["alternate_on", "cursor_flag", "keypad_flag", "keypad_cursor_flag", "mouse_any_flag"]
    let format = names.map { "#{\($0)}" }.joined(separator: " ")
    let flags = try await tmux("display-message", "-p", format)
      .split(whereSeparator: \.isWhitespace).map { $0 == "1" }
    guard flags.count == names.count else {
      throw NeverHappened("a state", within: .zero, instead: "\(flags)")
    }
    return State(
      isAlternateScreen: flags[0], isCursorShown: flags[1], sendsKeypad: flags[2],
      sendsCursorKeys: flags[3], reportsMouse: flags[4])
  }
}

extension Shell {
  /// Waits until the picture is as it should be and stands still, and gives it.
  @discardableResult
  func wait(
    until awaited: String, within limit: Duration = patience, _ condition: (Picture) -> Bool
  ) async throws -> Picture {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while true {
      let picture = try await picture()
      if condition(picture) { return try await settled(picture, condition) }
      guard clock.now < deadline else {
        throw NeverHappened(awaited, within: limit, instead: picture.description)
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The whole of what begins with `first`: a frame reaches the terminal in pieces, and its upper lines may be seen
  /// before the ones below. What moves all the time is not waited for.
  private func settled(_ first: Picture, _ condition: (Picture) -> Bool) async throws -> Picture {
    var picture = first
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(5))
      let next = try await self.picture()
      guard next.lines != picture.lines, condition(next) else { return picture }
      picture = next
    }
    return picture
  }

  /// Waits until the picture holds all the texts.
  @discardableResult
  func wait(for texts: String...) async throws -> Picture {
    try await wait(until: "\(texts)") { picture in texts.allSatisfy(picture.contains) }
  }

  /// Waits until the shell asks for the next line, after a command that ended with `status`.
  @discardableResult
  func waitForPrompt(_ status: Int32) async throws -> Picture {
    try await wait(until: "a prompt after \(status)") { $0.lastLine == "[\(status)]>" }
  }

  /// Runs a command of the shell and waits for its success.
  func run(_ line: String) async throws {
    let marker = UUID().uuidString
    try await type("\(line) && clear && echo \(marker)")
    try await wait(until: line) { $0.lines.first == marker && $0.lastLine == "[0]>" }
  }

  /// Starts `hooktop watch`, waits for its screen, and gives the receiver's URL.
  @discardableResult
  func watch(_ command: String = "hooktop watch --port 0") async throws -> String {
    try await type(command)
    let picture = try await wait(until: "the screen of \(command)") { $0.url != nil && $0.received != nil }
    return picture.url ?? ""
  }

  /// The columns of the frames of all four panes, once they stand there.
  func borders() async throws -> Set<Int> {
    try await wait(until: "four borders") { $0.borders.count == 4 }.borders
  }

  /// The terminal's modes, as `stty -g` prints them.
  func modes(_ name: String) async throws -> String {
    try await run("stty -g > \(folder.path(name))")
    return folder.text(name)
  }

  /// The process of the program in this terminal.
  func program() async throws -> pid_t {
    try await waiting(for: "a process of hooktop") { self.processes().first { $0.name == "hooktop" }?.id }
  }

  private func processes() -> [ProcessEntry] { ProcessEntry.all().filter { $0.session == pid } }
}
