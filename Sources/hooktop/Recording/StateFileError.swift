internal import Glibc
internal import OperatingSystem

/// Why a sandbox's state can't be kept in a file.
enum StateFileError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case cannotRead(path: String, code: Int32)
  case cannotWrite(path: String, code: Int32)
  case notAFile(path: String)
  case notAState(path: String)
  case inUse(path: String)
  case tooLarge(path: String)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code):
      "\(path) can't keep the sandbox's state: \(SystemError.words(for: code)); give --state another file"
    case .cannotRead(let path, let code):
      "\(path) can't be read: \(SystemError.words(for: code)); give --state another file"
    case .cannotWrite(let path, let code):
      "\(path) can't be written: \(SystemError.words(for: code)); make room, or give --state another file"
    case .notAFile(let path):
      "\(path) is not a file: give --state the name of one, new or of an earlier sandbox"
    case .notAState(let path):
      "\(path) holds something other than a sandbox's state: give --state another file, or a new one"
    case .inUse(let path): "\(path) is used by another sandbox: give --state another file"
    case .tooLarge(let path):
      "\(path) is larger than 1 GiB, so it is not a sandbox's state: give --state another file"
    }
  }
}
