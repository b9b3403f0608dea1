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
