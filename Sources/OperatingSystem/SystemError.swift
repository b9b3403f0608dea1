import Glibc

/// Why the system does not give what the program can't do without, and what the system calls its errors.
public enum SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `code` is the system's error number.
  case noDescriptors(code: Int32)

  public var description: String {
    switch self {
    case .noDescriptors(let code):
      "no pipe can be opened: \(Self.words(for: code)); raise the limit with ulimit -n"
    }
  }

  /// Returns the system's words for an `errno`.
  public static func words(for code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
