internal import Glibc
internal import Synchronization
internal import Webhooks

/// The file of `--record`: each delivery and incident is a line in the system's hands before its sender is
/// answered.
///
/// A session that is there already is gone on with. Only its owner can read it, since it holds what was received.
final class SessionFile: Recorder {
  private struct State {
    var writer = SessionWriter()
    /// The file ends inside a line, which must not take the next one with it.
    var isCut: Bool
  }

  private let path: String
  private let descriptor: Int32
  private let state: Mutex<State>

  /// Opens the file at `path`, or makes it.
  init(_ path: String) throws(RecordError) {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
    do {
      try Self.claim(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    state = Mutex(State(isCut: Self.endsInsideLine(descriptor)))
    // A limit on the size of files then fails the write, as a full disk does, and does not end the program.
    signal(SIGXFSZ, SIG_IGN)
  }

  deinit { close(descriptor) }

  /// - Throws: `RecordError.cannotWrite`; nothing of the record is in the file then, as far as it can be cut back.
  func record(_ record: SessionRecord) throws {
    try state.withLock { state in
      var line: [UInt8] = state.isCut ? [UInt8(ascii: "\n")] : []
      state.writer.clear()
      state.writer.write(record)
      line += state.writer.bytes
      let (written, code) = Descriptor.write(line, to: descriptor)
      guard written < line.count else {
        state.isCut = false
        return
      }
      state.isCut = (written > 0 && !takeBack(written)) || state.isCut
      throw RecordError.cannotWrite(path: path, code: code)
    }
  }

  /// Cuts off the last `count` bytes; false where the file does not allow it.
  private func takeBack(_ count: Int) -> Bool {
    guard let status = Descriptor.status(of: descriptor), status.st_size >= count else { return false }
    return ftruncate(descriptor, status.st_size - off_t(count)) == 0
  }
}

extension SessionFile {
  /// Takes the file for this process alone: what fails is cut back, and must not cut another's lines.
  private static func claim(_ descriptor: Int32, _ path: String) throws(RecordError) {
    guard let status = Descriptor.status(of: descriptor) else { throw .cannotOpen(path: path, code: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
      guard holdsSession(descriptor) else { throw .notASession(path: path) }
      // One that is another's keeps the mode that it has.
      _ = fchmod(descriptor, 0o600)
    case S_IFCHR: break
    default: throw .notAFile(path: path)
    }
  }

  /// Whether the file is empty, or begins as a session does, however much of its first line is there.
  private static func holdsSession(_ descriptor: Int32) -> Bool {
    var start = [UInt8](repeating: 0, count: SessionSniffer.startLength)
    let count = pread(descriptor, &start, start.count, 0)
    return count >= 0 && SessionSniffer.mayBeSession(Array(start.prefix(count)))
  }

  private static func endsInsideLine(_ descriptor: Int32) -> Bool {
    guard let status = Descriptor.status(of: descriptor), status.st_size > 0 else { return false }
    var last: UInt8 = 0
    return pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }
}
