import CSignals
import Glibc

/// How a terminal treats what is typed: its settings at one moment, to be put back later.
public struct TerminalModes: Sendable {
  var value = termios()

  /// The modes that the terminal has now; nil, with `errno`, where the descriptor is none.
  public init?(of descriptor: Int32) {
    guard tcgetattr(descriptor, &value) == 0 else { return nil }
  }

  /// The same for a line that must not be seen while it is typed.
  public var hidingInput: TerminalModes {
    var hidden = self
    hidden.value.c_lflag &= ~tcflag_t(ECHO)
    hidden.value.c_lflag |= tcflag_t(ICANON)
    return hidden
  }

  /// Sets the modes once what was written has been shown.
  public func set(on descriptor: Int32) {
    var value = value
    while tcsetattr(descriptor, TCSADRAIN, &value) != 0, errno == EINTR {}
  }

  /// Sets the modes, and throws away what was typed and not read.
  public func setDiscardingInput(on descriptor: Int32) {
    var value = value
    tcsetattr(descriptor, TCSAFLUSH, &value)
  }
}
