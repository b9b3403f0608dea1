internal import Dispatch
internal import Glibc
internal import OperatingSystem
internal import Sandbox
internal import Synchronization

/// The file of `hooktop sandbox --state`: a line for each change, written before anybody is told of it.
///
/// Only its owner can read it, since it holds secrets. It is written anew at the start, so that it holds what there is and
/// not how that came about; until then nothing is changed of what was there, which may be no sandbox's. Later that is
/// done on a thread of its own, while what comes is appended to the old one.
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
    /// Whether it is being written anew.
    var isRenewed = false
    var isClosed = false
  }

  /// How much is copied at a time while nothing can be appended, in bytes.
  private static let slice: off_t = 1 << 20

  /// As the user names it.
  private let path: String
  /// Where it is, all links followed: it is the file that is replaced, and no link to it.
  private let place: String
  private let limits: Limits
  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "state file")

  /// Opens the file at `path`, or makes it, for this process alone.
  init(_ path: String, limits: Limits = Limits()) throws(StateFileError) {
    self.path = path
    self.limits = limits
    let descriptor = try Self.open(path, O_RDWR | O_CREAT, for: path)
    guard let place = Self.resolved(path) else {
      let code = errno
      Glibc.close(descriptor)
      throw .cannotOpen(path: path, code: code)
    }
    self.place = place
    state = Mutex(State(descriptor: descriptor, size: 0))
    // A limit on the size of files then fails the write, as a full disk does, and does not end the program.
    signal(SIGXFSZ, SIG_IGN)
  }

  deinit {
    state.withLock { _ = Glibc.close($0.descriptor) }
  }

  /// The whole lines of the file; one that a crash cut off at the end was told to nobody.
  func lines() throws(StateFileError) -> [[UInt8]] {
    let descriptor = state.withLock { $0.descriptor }
    guard let size = Descriptor.status(of: descriptor)?.st_size, size <= limits.size else {
      throw .tooLarge(path: path)
    }
    var bytes: [UInt8] = []
    while bytes.count < size {
      let piece = Self.read(descriptor, at: off_t(bytes.count), atMost: Int(size) - bytes.count)
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

  func replace(with lines: some Sequence<[UInt8]>) throws {
    guard let start = begin() else { return }
    try put(lines, behind: start)
  }

  func renew(with lines: some Sequence<[UInt8]> & Sendable) {
    guard let start = begin() else { return }
    // The file that is there is whole without it, and it is tried again.
    queue.async { [self] in try? put(lines, behind: start) }
  }

  /// Ends it: nothing takes its place any more. A new file that is being written has no name then.
  func close() {
    state.withLock { state in
      state.isClosed = true
      if state.isRenewed { unlink(draft) }
    }
  }

  /// Notes that it is being written anew, and gives its size; nil if that is so already.
  private func begin() -> off_t? {
    state.withLock { state in
      guard !state.isRenewed else { return nil }
      state.isRenewed = true
      // Each try costs as much as the file is large, so one that fails must not be repeated at the next change.
      (state.growth, state.limit) = (0, .max)
      return state.size
    }
  }

  /// Puts a file of lines in the place of this one, and behind them what this one holds from a place on.
  private func put(_ lines: some Sequence<[UInt8]>, behind start: off_t) throws(StateFileError) {
    do throws(StateFileError) {
      let new = try makeDraft()
      do throws(StateFileError) {
        try write(lines, to: new)
        try takeOver(new, from: try copy(from: start, to: new))
      } catch {
        Glibc.close(new)
        unlink(draft)
        throw error
      }
    } catch {
      state.withLock { ($0.limit, $0.isRenewed) = (limits.growth / 4, false) }
      throw error
    }
  }

  /// Where it is written anew: one place, so that what a crash has left of it is written over, and stays nobody's.
  private var draft: String {
    let name = place.lastIndex(of: "/").map { place.index(after: $0) } ?? place.startIndex
    return "\(place[..<name]).\(place[name...]).draft"
  }

  private func makeDraft() throws(StateFileError) -> Int32 {
    try state.withLock { state throws(StateFileError) in
      guard !state.isClosed else { throw .cannotWrite(path: path, code: ECANCELED) }
      unlink(draft)
      // What is not known to be a sandbox's keeps its mode; this is the sandbox's own, and others never see it.
      return try Self.open(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, for: path)
    }
  }

  private func write(_ lines: some Sequence<[UInt8]>, to new: Int32) throws(StateFileError) {
    var piece: [UInt8] = []
    for line in lines {
      piece += line
      guard piece.count >= Self.slice else { continue }
      try write(piece, to: new)
      piece.removeAll(keepingCapacity: true)
    }
    try write(piece, to: new)
  }

  private func write(_ bytes: [UInt8], to new: Int32) throws(StateFileError) {
    let (written, code) = Descriptor.write(bytes, to: new)
    guard written == bytes.count else { throw .cannotWrite(path: path, code: code) }
  }

  /// Copies what was appended from a place on, but for a last slice, and gives where that begins: while the rest is
  /// copied, nothing can be appended.
  private func copy(from start: off_t, to new: Int32) throws(StateFileError) -> off_t {
    var place = start
    for isOnDisk in [false, true] {
      while case let (old, size) = state.withLock({ ($0.descriptor, $0.size) }), size - place > Self.slice {
        try copy(place..<place + Self.slice, of: old, to: new)
        place += Self.slice
      }
      guard isOnDisk || fsync(new) == 0 else { throw .cannotWrite(path: path, code: errno) }
    }
    return place
  }

  private func copy(_ range: Range<off_t>, of old: Int32, to new: Int32) throws(StateFileError) {
    var place = range.lowerBound
    while place < range.upperBound {
      let piece = Self.read(old, at: place, atMost: Int(range.upperBound - place))
      guard !piece.isEmpty else { throw .cannotRead(path: path, code: errno) }
      try write(piece, to: new)
      place += off_t(piece.count)
    }
  }

  /// Puts the new file in the place of the old one, with what the old one holds from a place on.
  private func takeOver(_ new: Int32, from start: off_t) throws(StateFileError) {
    try state.withLock { state throws(StateFileError) in
      try copy(start..<state.size, of: state.descriptor, to: new)
      guard rename(draft, place) == 0 else { throw .cannotWrite(path: path, code: errno) }
      Glibc.close(state.descriptor)
      state.descriptor = new
      state.size = Descriptor.status(of: new)?.st_size ?? 0
      // So that there is room for what comes where the next try fails.
      state.limit = min(state.size + limits.growth, (limits.size - state.size) / 2)
      state.isRenewed = false
    }
  }

  /// Whether it is not being written anew.
  var isIdle: Bool { !state.withLock { $0.isRenewed } }

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

  /// Some of the bytes from a place on; none at the end, and where they can't be read.
  private static func read(_ descriptor: Int32, at place: off_t, atMost limit: Int) -> [UInt8] {
    Descriptor.read(descriptor, at: Int(place), count: min(limit, Int(slice))) ?? []
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
      Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }
}
