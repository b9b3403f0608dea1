internal import Glibc

/// Files as bytes.
enum File {
  /// The whole content of the file at `path`; `-` is standard input.
  static func read(_ path: String) throws(FileError) -> [UInt8] {
    var content: [UInt8] = []
    try forEachChunk(of: path) { content += $0 }
    return content
  }

  /// Hands over a file's content in pieces, so that a long one need not fit in memory.
  static func forEachChunk(of path: String, _ body: ([UInt8]) -> Void) throws(FileError) {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
    defer { if path != "-" { close(descriptor) } }
    let size = 1 << 18
    while true {
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        let result = Glibc.read(descriptor, buffer.baseAddress, size)
        failure = result < 0 ? errno : 0
        count = max(0, result)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw .cannotRead(path: path, code: failure) }
      if chunk.isEmpty { return }
      body(chunk)
    }
  }
}

/// Why a file can't be used.
enum FileError: Error, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case cannotRead(path: String, code: Int32)
  case notText(path: String)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code): "\(path) can't be opened: \(FileError.words(code))"
    case .cannotRead(let path, let code): "\(path) can't be read: \(FileError.words(code))"
    case .notText(let path): "\(path) is not UTF-8 text"
    }
  }

  private static func words(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
