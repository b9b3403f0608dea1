internal import System

/// Why a file can't be used.
enum FileError: Error, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case cannotRead(path: String, code: Int32)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code): "\(path) can't be opened: \(SystemError.words(for: code))"
    case .cannotRead(let path, let code): "\(path) can't be read: \(SystemError.words(for: code))"
    }
  }
}
