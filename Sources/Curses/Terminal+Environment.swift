import Glibc

extension Terminal {
  /// Why the screen can't be shown here; nil where it can.
  public static func reasonUnusable() -> TerminalError? {
    guard isatty(STDIN_FILENO) == 1 else { return .inputIsNotATerminal }
    guard isatty(STDOUT_FILENO) == 1 else { return .outputIsNotATerminal }
    guard let type else { return .noType }
    guard type != "dumb" else { return .dumb(type: type) }
    do {
      try Terminfo.load(type, for: STDOUT_FILENO)
      return nil
    } catch {
      return error
    }
  }

  /// True if the user wants no colours: `NO_COLOR` is set to anything (no-color.org).
  public static var isColorRefused: Bool { value(of: "NO_COLOR") != nil }

  static var type: String? { value(of: "TERM") }

  /// The value of an environment variable; empty counts as not set.
  private static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
