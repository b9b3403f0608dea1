internal import System

/// Why standard output takes no more.
enum OutputError: Error, CustomStringConvertible {
  /// The program at the other end of the pipe is gone.
  case nobodyReads
  case cannotWrite(code: Int32)

  var description: String {
    switch self {
    case .nobodyReads: "nobody reads the output any more"
    case .cannotWrite(let code):
      "the output can't be written: \(SystemError.words(for: code)); make room, or write it elsewhere"
    }
  }
}
