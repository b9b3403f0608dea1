internal import Glibc
internal import OperatingSystem

/// A new file that only the user can read, which gets its name once all of it is written.
struct ExportFile: ~Copyable {
  /// Why there is no such file.
  enum Failure: Error, Equatable {
    case exists
    case notAFile
    case system(code: Int32)
    /// The session's file does not hold this delivery any more.
    case lost(sequence: UInt64)

    func sentence(about path: String) -> String {
      switch self {
      case .exists: "\(path) exists already"
      case .notAFile: "\(path) is not a file: give another name"
      case .lost(let sequence):
        "#\(sequence) can no longer be read, since the session file changed: open it again, and export to \(path)"
      case .system(let code): "\(path) can't be written, \(SystemError.words(for: code)): give another name"
      }
    }
  }

  private let path: String
  private let overwrites: Bool
  private let draft: String
  private let descriptor: Int32
  /// In bytes.
  private(set) var size = 0

  /// - Parameter path: `~/` stands for the user's own folder.
  init(_ path: String, overwrites: Bool) throws(Failure) {
    let path = try Self.target(of: path, overwrites: overwrites)
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let draft = "\(path[..<slash]).hooktop-\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(code: errno) }
    (self.path, self.overwrites, self.draft, self.descriptor) = (path, overwrites, draft, descriptor)
  }

  deinit {
    close(descriptor)
    // Where it has its name, there is nothing of this one any more.
    unlink(draft)
  }

  /// The file that the path leads to, through links.
  private static func target(of path: String, overwrites: Bool) throws(Failure) -> String {
    let path = path.inHome
    guard !path.hasSuffix("/") else { throw .notAFile }
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link to nothing is there all the same.
      if lstat(path, &status) == 0 { throw .notAFile }
      return path
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    guard overwrites else { throw .exists }
    guard let real = realpath(path, nil) else { throw .system(code: errno) }
    defer { free(real) }
    return String(cString: real)
  }

  mutating func append(_ bytes: [UInt8]) throws(Failure) {
    let (written, code) = Descriptor.write(bytes, to: descriptor)
    size += written
    guard code == 0 else { throw .system(code: code) }
  }

  /// Gives the file its name.
  func finish() throws(Failure) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(code: errno) }
    if overwrites {
      guard rename(draft, path) == 0 else { throw .system(code: errno) }
    } else if link(draft, path) != 0 {
      // Unlike rename, a link never takes another file's place.
      throw errno == EEXIST ? .exists : .system(code: errno)
    }
  }
}

extension String {
  /// The path that is meant where `~/` stands for the user's own folder, as in a shell.
  var inHome: String {
    guard hasPrefix("~/"), let home = getenv("HOME") else { return self }
    return String(cString: home) + dropFirst(1)
  }
}
