internal import Glibc
internal import Screen

/// Lines on standard error, and bytes on standard output.
enum Console {
  /// Whether standard error is read by a person.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Prints `hooktop: …` on standard error; what the text may quote is made safe to print.
  static func say(_ text: String) {
    _ = write(Array("hooktop: \(SafeText.plain(text))\n".utf8), to: STDERR_FILENO)
  }

  static func warn(_ text: String) {
    say("warning: \(text)")
  }

  /// Shows how far a long work has come, in place; only to a person.
  static func progress(_ text: String) {
    guard isInteractive else { return }
    _ = write(Array("\r\u{1B}[Khooktop: \(SafeText.plain(text))".utf8), to: STDERR_FILENO)
  }

  /// Takes the progress line away.
  static func endProgress() {
    guard isInteractive else { return }
    _ = write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
  }

  /// Writes all of `bytes` to standard output; false where nobody reads it any more.
  static func output(_ bytes: [UInt8]) -> Bool {
    write(bytes, to: STDOUT_FILENO)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
          continue
        }
        guard count >= 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }
}
