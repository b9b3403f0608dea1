internal import Monitor

/// Why a file can't be opened as a recorded session.
enum RecordedFileError: Error, CustomStringConvertible {
  case empty(path: String)
  /// No line can be read; this is what is wrong with the first.
  case noSession(path: String, Loading.SkippedLine)
  /// Standard input holds the session, so it can't bring the keys.
  case noKeys

  var description: String {
    switch self {
    case .empty(let path):
      "no deliveries in \(path): record a session with hooktop --record FILE, and open that"
    case .noSession(let path, let line):
      "\(path) is not a recorded session, line \(line.number) is the first: \(line.error)"
    case .noKeys:
      "the screen takes its keys from standard input, so the session must be a file: hooktop open FILE"
    }
  }
}
