internal import Glibc
public import OperatingSystem

/// Why the terminal can't show the screen.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  case inputIsNotATerminal
  case outputIsNotATerminal
  case noType
  case dumb(type: String)
  case unknown(type: String)
  /// The terminal has no way to move its cursor.
  case cannotPlaceCursor(type: String)
  case cannotOpen(code: Int32)
  case cannotStart(type: String)
  case system(SystemError)

  public var description: String {
    switch self {
    case .inputIsNotATerminal: "standard input is not a terminal"
    case .outputIsNotATerminal: "standard output is not a terminal"
    case .noType: "TERM is not set; set it to your terminal's type, such as xterm-256color"
    case .dumb(let type): "the terminal type \(type) cannot show a screen; set TERM to another type"
    case .unknown(let type):
      "the terminal type \(type) is not known here; set TERM to a known one, such as xterm-256color"
    case .cannotPlaceCursor(let type):
      "the terminal type \(type) cannot move its cursor; set TERM to another type"
    case .cannotOpen(let code): "the terminal cannot be opened: \(SystemError.words(for: code))"
    case .cannotStart(let type): "ncurses cannot start on the terminal type \(type); set TERM to another type"
    case .system(let error): error.description
    }
  }
}

extension Terminal {
  /// Returns why the screen can't be shown here, or nil if it can.
  /// - Parameter isInputTaken: whether standard input is a stream, so that the keys come from the controlling terminal.
  public static func reasonUnusable(isInputTaken: Bool = false) -> TerminalError? {
    guard isInputTaken ? hasControllingTerminal : isatty(STDIN_FILENO) == 1 else {
      return .inputIsNotATerminal
    }
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

  private static var hasControllingTerminal: Bool {
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { return false }
    Glibc.close(terminal)
    return true
  }

  /// True if the user wants no colours: `NO_COLOR` is set to anything (no-color.org).
  public static var isColorRefused: Bool { value(of: "NO_COLOR") != nil }

  static var type: String? { value(of: "TERM") }

  /// The value of an environment variable; empty counts as not set.
  static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
