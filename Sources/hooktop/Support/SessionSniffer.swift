internal import Webhooks

/// Tells a recorded session from a body.
enum SessionSniffer {
  /// Whether the first line of `bytes` is a line of a session.
  static func isSession(_ bytes: [UInt8]) -> Bool {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    return (try? SessionRecord(line: Array(line))) != nil
  }
}
