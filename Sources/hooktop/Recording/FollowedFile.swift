internal import Glibc
internal import OperatingSystem

/// A file that is read as it grows, by its name: where another one takes its place, or it is cut, reading begins anew.
struct FollowedFile: Sendable {
  /// What has come of it.
  enum Piece: Equatable {
    case bytes([UInt8])
    /// What comes now is the beginning of a file: a line that was not ended before will not be.
    case restart
  }

  /// How long to wait before looking whether it has grown, in microseconds.
  private static let interval: UInt32 = 100_000

  private let path: String
  private let pieceSize: Int
  private let rest: @Sendable () -> Void
  private var descriptor: Int32
  private var position: off_t = 0

  /// - Parameter rest: waits before the file is looked at again.
  init(
    _ path: String, pieceSize: Int = 1 << 14,
    rest: @escaping @Sendable () -> Void = { usleep(FollowedFile.interval) }
  ) throws(FileError) {
    self.path = path
    self.pieceSize = pieceSize
    self.rest = rest
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
  }

  /// Waits until there is more, and gives that.
  mutating func next() throws(FileError) -> Piece {
    while true {
      if let bytes = try read() { return .bytes(bytes) }
      if isCut {
        lseek(descriptor, 0, SEEK_SET)
        position = 0
        return .restart
      }
      if let other = replacement() {
        // What was written until the other one took its place.
        if let bytes = try read() {
          close(other)
          return .bytes(bytes)
        }
        close(descriptor)
        descriptor = other
        position = 0
        return .restart
      }
      rest()
    }
  }

  /// What is there; nil at the end.
  private mutating func read() throws(FileError) -> [UInt8]? {
    var failure: Int32 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      var result = 0
      repeat {
        result = Glibc.read(descriptor, buffer.baseAddress, pieceSize)
      } while result < 0 && errno == EINTR
      failure = result < 0 ? errno : 0
      count = max(0, result)
    }
    guard failure == 0 else { throw .cannotRead(path: path, code: failure) }
    position += off_t(piece.count)
    return piece.isEmpty ? nil : piece
  }

  /// Whether it is shorter than what was read of it.
  private var isCut: Bool {
    guard let status = Descriptor.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
      return false
    }
    return status.st_size < position
  }

  /// The file that has its name now; nil if that is this one, or none.
  private func replacement() -> Int32? {
    var named = stat()
    guard let own = Descriptor.status(of: descriptor), stat(path, &named) == 0,
      named.st_ino != own.st_ino || named.st_dev != own.st_dev
    else { return nil }
    let other = open(path, O_RDONLY | O_CLOEXEC)
    return other < 0 ? nil : other
  }
}
