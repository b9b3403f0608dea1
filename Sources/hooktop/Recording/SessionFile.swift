internal import Glibc
internal import Synchronization
internal import OperatingSystem
internal import Webhooks

/// Writes each delivery and incident to the file of `--record` before its sender is answered.
///
/// Appends to a session that is there already. Only its owner can read it, since it holds what was received.
final class SessionFile: Recorder {
  private struct State: ~Copyable {
    var file: OpenFile
    var writer = SessionWriter()
  }

  private let path: String
  private let state: Mutex<State>
  /// Apart from the file, which is locked while a line is written: who asks for it never waits for the disk.
  private let notice = Mutex<String?>(nil)

  /// Opens the file at `path`, or makes it.
  init(_ path: String) throws(RecordError) {
    self.path = path
    state = Mutex(State(file: try OpenFile(path)))
    // A limit on the size of files then fails the write, as a full disk does, and does not end the program.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// - Throws: `RecordError`; nothing of the record is in the file then, as far as it can be cut back.
  func record(_ record: SessionRecord, body: EncodedBody?) throws {
    try state.withLock { state in
      // What is written to a removed file is gone with its last descriptor.
      if state.file.isRemoved {
        state.file = try OpenFile(path)
        notice.withLock { $0 = "\(path) was removed or replaced: recording goes on in the file of that name" }
      }
      try state.file.noticeChanges()
      state.writer.clear()
      if let body, case .delivery(let delivery) = record {
        let place = state.writer.writeWithoutBody(delivery)
        let line = state.writer.bytes
        try state.file.append([line[..<place], body.text[...], line[place...]])
      } else {
        state.writer.write(record)
        try state.file.append([state.writer.bytes[...]])
      }
    }
  }
}

extension SessionFile {
  /// What records to the file with some values hidden.
  func hiding(_ redaction: Redaction) -> any Recorder {
    redaction.isEmpty ? self : RedactingRecorder(self, redaction)
  }

  /// What the user is to know of the file since it was last asked.
  func takeNotice() -> String? {
    notice.withLock { notice in
      defer { notice = nil }
      return notice
    }
  }
}

/// Hides values before they reach a file.
private final class RedactingRecorder: Recorder {
  private let file: SessionFile
  private let redaction: Mutex<RecordRedaction>

  init(_ file: SessionFile, _ redaction: Redaction) {
    self.file = file
    self.redaction = Mutex(RecordRedaction(redaction))
  }

  // The body that was encoded beforehand is the whole one.
  func record(_ record: SessionRecord, body: EncodedBody?) throws {
    try file.record(redaction.withLock { $0.hiding(in: record) }, body: nil)
  }
}

/// A file that this process records to, and what it was like after the last line.
private struct OpenFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  /// In bytes; nil for a device.
  private var size: off_t?
  /// The file ends inside a line, which must not take the next one with it.
  private var isCut = false

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
    size = Self.size(descriptor)
    isCut = Self.endsInsideLine(descriptor)
  }

  deinit { close(descriptor) }

  /// Whether nothing leads to the file any more.
  var isRemoved: Bool { size != nil && Descriptor.status(of: descriptor)?.st_nlink == 0 }

  /// Looks at the file again where another program has cut it, or has written to it.
  /// - Throws: `RecordError.notASession` where it holds something else now, which is left as it is.
  mutating func noticeChanges() throws(RecordError) {
    guard let size, let now = Self.size(descriptor), now != size else { return }
    guard Self.holdsSession(descriptor) else { throw .notASession(path: path) }
    isCut = Self.endsInsideLine(descriptor)
    self.size = now
  }

  /// - Parameter line: in parts, each of which is written by itself.
  /// - Throws: `RecordError.cannotWrite`; nothing of the line is in the file then, as far as it can be cut back.
  mutating func append(_ line: [ArraySlice<UInt8>]) throws(RecordError) {
    defer { if size != nil { size = Self.size(descriptor) } }
    var written = 0
    for part in isCut ? [[UInt8(ascii: "\n")]] + line : line {
      let (count, code) = Descriptor.write(part, to: descriptor)
      written += count
      guard count < part.count else { continue }
      isCut = (written > 0 && !takeBack(written)) || isCut
      throw .cannotWrite(path: path, code: code)
    }
    isCut = false
  }

  /// Cuts off the last `count` bytes; false if the file does not allow it.
  private func takeBack(_ count: Int) -> Bool {
    guard let size = Self.size(descriptor), size >= count else { return false }
    return ftruncate(descriptor, size - off_t(count)) == 0
  }
}

extension OpenFile {
  private static func size(_ descriptor: Int32) -> off_t? {
    guard let status = Descriptor.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return status.st_size
  }

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
    guard let start = Self.start(of: descriptor, SessionSniffer.startLength) else { return false }
    if SessionSniffer.mayBeSession(start) { return true }
    // Printed anew it begins in another way, so that the whole line counts.
    return Self.start(of: descriptor, foreignLineLimit).map(SessionSniffer.mayBeSession) ?? false
  }

  /// The longest first line that another program may have printed, in bytes.
  private static let foreignLineLimit = 16 << 20

  /// The first `count` bytes, or as many as there are; nil if they can't be read.
  private static func start(of descriptor: Int32, _ count: Int) -> [UInt8]? {
    let size = min(count, Int(Self.size(descriptor) ?? off_t(count)))
    return Descriptor.read(descriptor, at: 0, count: size)
  }

  private static func endsInsideLine(_ descriptor: Int32) -> Bool {
    guard let status = Descriptor.status(of: descriptor), status.st_size > 0 else { return false }
    var last: UInt8 = 0
    return pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }
}

/// Why a session can't be recorded.
enum RecordError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, code: Int32)
  case notAFile(path: String)
  case inUse(path: String)
  case notASession(path: String)
  case cannotWrite(path: String, code: Int32)

  var description: String {
    switch self {
    case .cannotOpen(let path, let code):
      "\(path) can't be recorded to: \(SystemError.words(for: code)); record to another file"
    case .notAFile(let path): "\(path) is not a file: record to one, new or recorded before"
    case .inUse(let path): "\(path) is being recorded to by another program: record to another file"
    case .notASession(let path):
      "\(path) holds something other than a recorded session: record to another file, or a new one"
    case .cannotWrite(let path, let code):
      "\(path) can't be written: \(SystemError.words(for: code)); make room, and the next one is recorded"
    }
  }
}
