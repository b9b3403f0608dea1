internal import System

/// Why a session can't be recorded.
enum RecordError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case notAFile(path: String)
  case inUse(path: String)
  case notASession(path: String)
  case cannotWrite(path: String, code: Int32)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code):
      "\(path) can't be recorded to: \(SystemError.words(for: code)); give --record another file"
    case .notAFile(let path): "\(path) is not a file: give --record the name of one, new or recorded before"
    case .inUse(let path): "\(path) is being recorded to by another program: give --record another file"
    case .notASession(let path):
      "\(path) holds something else than a recorded session: give --record another file, or a new one"
    case .cannotWrite(let path, let code):
      "\(path) can't be written: \(SystemError.words(for: code)); make room, and the next one is recorded"
    }
  }
}
