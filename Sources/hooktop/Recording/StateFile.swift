internal import Glibc
internal import OperatingSystem
internal import Sandbox
internal import Synchronization

/// The file of `hooktop sandbox --state`: a line for each change, written before anybody is told of it.
///
/// Only its owner can read it, since it holds secrets. It is written anew at the start, so that it holds what there is and
/// not how that came about; until then nothing is changed of what was there, which may be no sandbox's.
final class StateFile: SandboxJournal {
  /// How large the file may become, in bytes.
  struct Limits {
    /// The largest file that is read, and so that is written.
    var size: off_t = 1 << 30
    /// How much is written before it is worth writing the file anew.
    var growth: off_t = 64 << 20
  }

  private struct State: ~Copyable {
    var descriptor: Int32
    var size: off_t
    /// What has come since it was last to be written anew.
    var growth: off_t = 0
    /// The growth above which it is to be written anew.
    var limit = off_t.max
  }

  /// As the user names it.
  private let path: String
  /// Where it is, all links followed: it is the file that is replaced, and no link to it.
  private let place: String
  private let limits: Limits
  private let state: Mutex<State>

  /// Opens the file at `path`, or makes it, for this process alone.
  init(_ path: String, limits: Limits = Limits()) throws(StateFileError) {
    self.path = path
    self.limits = limits
    let descriptor = try Self.open(path, O_RDWR | O_CREAT, for: path)
    guard let place = Self.resolved(path) else {
      let code = errno
      close(descriptor)
      throw .cannotOpen(path: path, code: code)
    }
    self.place = place
    state = Mutex(State(descriptor: descriptor, size: 0))
    // A limit on the size of files then fails the write, as a full disk does, and does not end the program.
    signal(SIGXFSZ, SIG_IGN)
  }

  deinit {
    state.withLock { _ = close($0.descriptor) }
  }

  /// The whole lines of the file; one that a crash cut off at the end was told to nobody.
  func lines() throws(StateFileError) -> [[UInt8]] {
    let descriptor = state.withLock { $0.descriptor }
    guard let size = Descriptor.status(of: descriptor)?.st_size, size <= limits.size else {
      throw .tooLarge(path: path)
    }
    var bytes: [UInt8] = []
    while bytes.count < size {
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
        count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count)))
      }
      guard !piece.isEmpty else { throw .cannotRead(path: path, code: errno) }
      bytes += piece
    }
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      guard bytes.isEmpty || bytes.starts(with: Array(#"{"changes":"#.utf8)) else {
        throw .notAState(path: path)
      }
      return []
    }
    return bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(
      Array.init)
  }

  func replace(with lines: [[UInt8]]) throws {
    // Each try costs as much as the file is large, so one that fails must not be repeated at the next change.
    state.withLock { ($0.growth, $0.limit) = (0, limits.growth / 4) }
    let descriptor = try makeAnew(with: lines)
    state.withLock { state in
      close(state.descriptor)
      state.descriptor = descriptor
      state.size = Descriptor.status(of: descriptor)?.st_size ?? 0
      // So that there is room for what comes where the next try fails.
      state.limit = min(state.size + limits.growth, (limits.size - state.size) / 2)
    }
  }

  /// Puts a new file in the place of this one, and gives its descriptor.
  private func makeAnew(with lines: [[UInt8]]) throws(StateFileError) -> Int32 {
    let folder = place.prefix(through: place.lastIndex(of: "/") ?? place.startIndex)
    let new = "\(folder).hooktop-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    // What is not known to be a sandbox's keeps its mode; this is the sandbox's own, and others never see it.
    let descriptor = try Self.open(new, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, for: path)
    do throws(StateFileError) {
      try Self.write(lines, to: descriptor, path)
      guard fsync(descriptor) == 0, rename(new, place) == 0 else {
        throw .cannotWrite(path: path, code: errno)
      }
    } catch {
      close(descriptor)
      unlink(new)
      throw error
    }
    return descriptor
  }

  var isOvergrown: Bool { state.withLock { $0.growth > $0.limit } }

  func append(_ line: [UInt8]) throws {
    try state.withLock { state throws(StateFileError) in
      state.growth += off_t(line.count)
      // A larger file would be refused at the next start, with all that it holds.
      guard state.size + off_t(line.count) <= limits.size else {
        throw .cannotWrite(path: path, code: EFBIG)
      }
      let (written, code) = Descriptor.write(line, to: state.descriptor)
      guard written < line.count else {
        state.size += off_t(written)
        return
      }
      // What is left of it would take the next line with it.
      ftruncate(state.descriptor, state.size)
      throw .cannotWrite(path: path, code: code)
    }
  }

  private static func write(_ lines: [[UInt8]], to descriptor: Int32, _ path: String) throws(StateFileError) {
    for line in lines {
      let (written, code) = Descriptor.write(line, to: descriptor)
      guard written == line.count else { throw .cannotWrite(path: path, code: code) }
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(validatingCString: real)
  }

  /// Opens a file and takes it for this process alone.
  /// - Parameter path: what it is called in errors.
  private static func open(_ place: String, _ flags: Int32, for path: String) throws(StateFileError) -> Int32
  {
    let descriptor = Glibc.open(place, flags | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
    do throws(StateFileError) {
      guard let status = Descriptor.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
        throw .notAFile(path: path)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
      // Another process may have put a new file in its place meanwhile, and hold that.
      var named = stat()
      guard stat(place, &named) == 0, named.st_ino == status.st_ino else { throw .inUse(path: path) }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }
}

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
      "\(path) holds something else than a sandbox's state: give --state another file, or a new one"
    case .inUse(let path): "\(path) is used by another sandbox: give --state another file"
    case .tooLarge(let path):
      "\(path) is larger than 1 GiB, so it is no sandbox's state: give --state another file"
    }
  }
}
