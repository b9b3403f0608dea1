internal import Webhooks

/// Tells a recorded session from a body.
enum SessionSniffer {
  /// How the lines begin that hooktop writes.
  static let start = Array(#"{"kind":""#.utf8)

  /// Whether the first line of `bytes` is a line of a session.
  static func isSession(_ bytes: [UInt8]) -> Bool {
    (try? SessionRecord(line: firstLine(of: bytes))) != nil
  }

  /// Whether the first line is one of a session, or at least begins like one.
  static func looksLikeSession(_ bytes: [UInt8]) -> Bool {
    firstLine(of: bytes).starts(with: start) || isSession(bytes)
  }

  private static func firstLine(of bytes: [UInt8]) -> [UInt8] {
    Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
  }
}
