internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Webhooks

/// A file that is opened once and read from front to back, as a pipe has to be.
final class FileStream: LineStore {
  private let path: String
  private let pieceSize: Int
  private let descriptor: Int32

  /// Opens the file at `path`; `-` is standard input.
  /// - Parameter pieceSize: the most bytes that are read at once.
  init(_ path: String, pieceSize: Int = 1 << 18) throws(FileError) {
    self.path = path
    self.pieceSize = pieceSize
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
  }

  deinit {
    if path != "-" { close(descriptor) }
  }

  /// The file's length in bytes; nil for what has none, such as a pipe.
  var size: Int? {
    guard let status = Descriptor.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// The next piece, so that a long file need not fit in memory; nil at the end.
  /// - Parameter size: the most bytes of it; nil for as many as are read at once.
  func next(_ size: Int? = nil) throws(FileError) -> [UInt8]? {
    let size = size ?? pieceSize
    while true {
      var failure: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        let result = Glibc.read(descriptor, buffer.baseAddress, size)
        failure = result < 0 ? errno : 0
        count = max(0, result)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw .cannotRead(path: path, code: failure) }
      return piece.isEmpty ? nil : piece
    }
  }

  /// The bytes at a place of the file, apart from what `next` reads; nil if not all of them can be read.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    Descriptor.read(descriptor, at: offset, count: count).flatMap { $0.count == count ? $0 : nil }
  }

  /// What is left of the file.
  /// - Parameter start: what was read of it before.
  /// - Throws: `FileError.tooLarge` where the whole file has more than `limit` bytes.
  func readToEnd(atMost limit: Int, after start: [UInt8] = []) throws(FileError) -> [UInt8] {
    guard size ?? 0 <= limit, let rest = try readToEnd(limit: limit - start.count) else {
      throw .tooLarge(path: path, limit: limit)
    }
    return start + rest
  }

  /// What is left of the file; nil if that is more than `limit` bytes.
  func readToEnd(limit: Int) throws(FileError) -> [UInt8]? {
    var content: [UInt8] = []
    while content.count <= limit, let piece = try next() { content += piece }
    return content.count <= limit ? content : nil
  }

  /// At least the next line with its newline, and what came with it; what there is of a longer one than
  /// `limit` bytes.
  func readLine(limit: Int) throws(FileError) -> [UInt8] {
    var content: [UInt8] = []
    while content.count <= limit, let piece = try next() {
      content += piece
      if piece.newline() != nil { break }
    }
    return content
  }
}

/// Why a file can't be used.
enum FileError: Error, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case cannotRead(path: String, code: Int32)
  case tooLarge(path: String, limit: Int)
  /// It has lost its end while it was read.
  case shortened(path: String)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code): "\(path) can't be opened: \(SystemError.words(for: code))"
    case .cannotRead(let path, let code): "\(path) can't be read: \(SystemError.words(for: code))"
    case .shortened(let path):
      "\(path) became shorter while it was read: give it again once nothing changes it"
    case .tooLarge(let path, let limit):
      "\(path == "-" ? "standard input" : path) is larger than \(ByteCount(bytes: limit).defaultValueDescription), the most that is read"
    }
  }
}

extension String {
  /// The last part of a path, which names the file itself.
  var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
