internal import Glibc
internal import JSON
internal import OperatingSystem

/// The file of `--ready-file`: holds the receiver's address, on one line, for as long as connections are accepted.
struct ReadyFile {
  /// The longest file that can be one, in bytes.
  private static let longest = 512

  private let path: String
  private let status: stat

  /// Puts the file at `path` in one step, so that nobody reads a part of it. Only its owner can read it.
  /// - Throws: `ReadyFileError`, also where something else is there, which is left as it is.
  init(_ path: String, address: String) throws(ReadyFileError) {
    self.path = path
    try Self.refuseOther(at: path)
    let new = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
    defer { close(descriptor) }
    let line = Array("\(address)\n".utf8)
    let (written, code) = Descriptor.write(line, to: descriptor)
    guard written == line.count, let status = Descriptor.status(of: descriptor), rename(new, path) == 0 else {
      let failure = written < line.count ? code : errno
      unlink(new)
      throw .cannotWrite(path: path, code: failure)
    }
    self.status = status
  }

  /// Removes the file, unless another program has put its own there.
  func remove() {
    var now = stat()
    guard lstat(path, &now) == 0, now.st_ino == status.st_ino, now.st_dev == status.st_dev else { return }
    unlink(path)
  }

  /// An empty file, as `mktemp` makes it, is replaced, and so is what a receiver has left behind that was killed.
  private static func refuseOther(at path: String) throws(ReadyFileError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_size > 0 else { return }
    let start = try? FileStream(path).readToEnd(limit: longest)
    guard let start, start.starts(with: "http".utf8), start.newline() == start.count - 1 else {
      throw .notOurs(path: path)
    }
  }
}

/// Why the receiver's address can't be put into a file.
enum ReadyFileError: Error, Equatable, CustomStringConvertible {
  case cannotWrite(path: String, code: Int32)
  case notAFile(path: String)
  case notOurs(path: String)

  var description: String {
    switch self {
    case .cannotWrite(let path, let code):
      "\(path) can't be written: \(SystemError.words(for: code)); give --ready-file another file"
    case .notAFile(let path): "\(path) is not a file: give --ready-file the name of a new one"
    case .notOurs(let path):
      "\(path) holds something other than an address: give --ready-file the name of a new file"
    }
  }
}
