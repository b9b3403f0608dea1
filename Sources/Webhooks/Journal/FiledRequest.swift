internal import JSON
internal import Synchronization

/// A file whose bytes can be read again, on any thread.
public protocol LineStore: AnyObject, Sendable {
  /// The bytes at a place of the file; nil where they can't be read any more.
  func bytes(at offset: Int, count: Int) -> [UInt8]?
}

/// The request of a recorded delivery, read from its file on first use, so that long sessions fit in memory.
public final class FiledRequest: Sendable {
  private enum State: Sendable {
    case unread
    case read(Request)
    /// The file does not hold it any more.
    case lost
  }

  let file: any LineStore
  /// The byte range of its line in the file.
  let place: Range<Int>
  /// A checksum that detects a changed line.
  let check: UInt32
  /// How long the body is, in bytes.
  @usableFromInline let bodySize: Int
  /// What the first header field says that names the body's type: the list shows it.
  let contentType: ByteString?
  private let state: Mutex<State>

  /// A request that was read from a line just now.
  public convenience init(_ request: Request, line: [UInt8], at offset: Int, of file: any LineStore) {
    self.init(
      file: file, place: offset..<offset + line.count, check: Self.check(of: line),
      bodySize: request.body.count, contentType: request.headers.first("content-type")?.copied,
      state: .read(request))
  }

  private init(
    file: any LineStore, place: Range<Int>, check: UInt32, bodySize: Int, contentType: ByteString?,
    state: State
  ) {
    (self.file, self.place, self.check) = (file, place, check)
    (self.bodySize, self.contentType) = (bodySize, contentType)
    self.state = Mutex(state)
  }

  /// A request that has not been read yet.
  convenience init(
    file: any LineStore, place: Range<Int>, check: UInt32, bodySize: Int, contentType: ByteString?
  ) {
    self.init(
      file: file, place: place, check: check, bodySize: bodySize, contentType: contentType, state: .unread)
  }

  /// The request, which is read from the file where it is not at hand; nil where the file does not hold it any more.
  @usableFromInline var request: Request? {
    let known = state.withLock { $0 }
    if case .read(let request) = known { return request }
    guard case .unread = known else { return nil }
    // Not under the lock: whoever draws asks whether it is at hand, and must not wait.
    let request = read()
    state.withLock { $0 = request.map(State.read) ?? .lost }
    return request
  }

  /// Whether the file does not hold it any more, as far as somebody has looked.
  var isLost: Bool { state.withLock { if case .lost = $0 { true } else { false } } }

  /// Whether it can be had at once: it has been read, or is small enough to be read while the keys wait.
  /// - Parameter limit: the longest line that is, in bytes.
  func isAtHand(reading limit: Int) -> Bool {
    place.count <= limit || state.withLock { if case .unread = $0 { false } else { true } }
  }

  private func read() -> Request? {
    guard let line = file.bytes(at: place.lowerBound, count: place.count), Self.check(of: line) == check
    else { return nil }
    return try? SessionFields(line).request()
  }

  /// Returns a checksum of 32 bits.
  static func check(of line: [UInt8]) -> UInt32 {
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    let sum = line.withUnsafeBytes { bytes in
      var sum = UInt64(bytes.count)
      let words = bytes.count / 8
      for word in 0..<words {
        sum = (sum ^ bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)) &* factor
        sum ^= sum >> 29
      }
      for byte in bytes[(words * 8)...] { sum = (sum ^ UInt64(byte)) &* factor }
      return sum
    }
    return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
  }
}
