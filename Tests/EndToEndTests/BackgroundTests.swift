import Testing

/// The colours follow the background of the terminal, which is asked for it.
@Suite(.serialized, .enabled(if: Tool.canDrive && Tool.python3.isInstalled, "needs tmux, python3 and others"))
struct BackgroundTests {
  /// The colours of what is dim on a dark, on a light and on an unknown background.
  private enum Dim {
    static let dark = "38;5;246"
    static let light = "38;5;241"
    static let unknown = "38;5;243"
  }

  @Test(
    "the colours are those for the background that the terminal reports, unless --theme says otherwise",
    arguments: [
      ("#fdf6e3", "", Dim.light), ("#002b36", "", Dim.dark), ("default", "", Dim.unknown),
      ("#fdf6e3", "--theme dark", Dim.dark), ("#002b36", "--theme light", Dim.light),
    ])
  func follows(background: String, option: String, dim: String) async throws {
    let shell = try await Self.shell(on: background)
    try await shell.watch("hooktop watch --port 0 \(option)")
    try await waitForColor(dim, in: shell)
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }

  @Test("a reply that comes after the last key is read by the program, not by the shell")
  func lateReply() async throws {
    try Hooktop.requireBuilt()
    let outcome = try await Subprocess(
      ["python3", "-c", Self.slowTerminal, Hooktop.path, "watch", "--port", "0"],
      environment: Hooktop.environmentWithSecrets.merging(["TERM": "xterm-256color"]) { $1 }
    ).outcome()
    #expect(outcome.output == "left over: 0\n", "\(outcome.errors)")
  }

  /// A terminal that replies only after the program has read the key that ends it; prints how many bytes are left for
  /// whoever reads the terminal next.
  private static let slowTerminal = """
    import fcntl, os, pty, struct, sys, termios, time, tty
    def waiting(file): return struct.unpack("i", fcntl.ioctl(file, termios.FIONREAD, b"    "))[0]
    master, slave = pty.openpty()
    replied, reply = os.pipe()
    child = os.fork()
    if child == 0:
      os.setsid()
      fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
      output = os.dup(1)
      for stream in range(3): os.dup2(slave, stream)
      os.spawnv(os.P_WAIT, sys.argv[1], sys.argv[1:])
      os.read(replied, 1)
      tty.setraw(slave, termios.TCSANOW) # Else only whole lines are counted.
      os.write(output, b"left over: %d\\n" % waiting(slave))
      os._exit(0)
    seen = b""
    while b"\\x1b]11;?" not in seen or b"\\x1b[c" not in seen: seen += os.read(master, 65536)
    os.write(master, b"Q")
    while waiting(slave): time.sleep(0.001)
    os.write(master, b"\\x1b]11;rgb:ffff/ffff/ffff\\x1b\\\\\\x1b[?62;c")
    os.write(reply, b".")
    os.set_blocking(master, False)
    while os.waitpid(child, os.WNOHANG) == (0, 0):
      try: os.read(master, 65536)
      except BlockingIOError: pass
    """

  private static func shell(on background: String) async throws -> Shell {
    let shell = try await Shell()
    let style = background == "default" ? background : "bg=\(background)"
    _ = try await shell.tmux("set", "-g", "window-style", style)
    return shell
  }

  private func waitForColor(_ color: String, in shell: Shell) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while try await !shell.tmux("capture-pane", "-p", "-e").contains(color) {
      guard clock.now < deadline else {
        throw NeverHappened(color, within: patience, instead: "other colors")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
