import CNcurses
import Glibc
import Screen
import OperatingSystem

/// The terminal as a file: opened apart from the standard streams, with the modes it had at the start.
final class TerminalDevice {
  let file: UnsafeMutablePointer<FILE>
  let descriptor: Int32
  /// The modes to put back.
  let modes: TerminalModes

  init() throws(TerminalError) {
    guard let file = fopen("/dev/tty", "r+e") ?? TerminalDevice.openInput() else {
      throw .cannotOpen(code: errno)
    }
    guard let modes = TerminalModes(of: fileno(file)) else {
      let code = errno
      fclose(file)
      throw .cannotOpen(code: code)
    }
    self.file = file
    self.modes = modes
    descriptor = fileno(file)
  }

  deinit { fclose(file) }

  /// Without a controlling terminal, as in some containers, standard input is the terminal.
  private static func openInput() -> UnsafeMutablePointer<FILE>? {
    let copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { return nil }
    return fdopen(copy, "r+")
  }

  /// Columns and rows, or nil when the terminal does not know them.
  var size: Size? {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else {
      return nil
    }
    return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
  }

  func restoreModes() { modes.set(on: descriptor) }

  /// Writes past ncurses; nothing of ncurses may be waiting to be written.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      rest = rest.dropFirst(max(0, count))
    }
  }
}
