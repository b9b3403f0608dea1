internal import Webhooks

/// Tells a recorded session from a body.
enum SessionSniffer {
  /// How the lines begin that hooktop writes.
  private static let starts = [#"{"kind":"delivery""#, #"{"kind":"incident""#].map { Array($0.utf8) }

  /// Whether the first line of `bytes` is a line of a session.
  static func isSession(_ bytes: [UInt8]) -> Bool {
    (try? SessionRecord(line: firstLine(of: bytes))) != nil
  }

  /// Whether the first line is one of a session, or at least begins like one.
  static func looksLikeSession(_ bytes: [UInt8]) -> Bool {
    let line = firstLine(of: bytes)
    return starts.contains { line.starts(with: $0) } || isSession(bytes)
  }

  /// How many bytes of a file `mayBeSession` has to see.
  static let startLength = starts.map(\.count).max() ?? 0

  /// Whether a file that begins with `bytes`, all of them where they are few, can be a session that was written
  /// here, or the beginning of one.
  static func mayBeSession(_ bytes: [UInt8]) -> Bool {
    starts.contains { $0.starts(with: bytes.prefix($0.count)) }
  }

  private static func firstLine(of bytes: [UInt8]) -> [UInt8] {
    Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
  }
}
