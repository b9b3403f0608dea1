import Glibc

/// What the system calls its errors.
public enum SystemError {
  /// The system's words for an `errno`.
  public static func words(for code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
