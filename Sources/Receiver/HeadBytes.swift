import Glibc
import JSON
import NIOCore
import Webhooks

/// The bytes that the parser is making heads of: it gives text, in which U+FFFD stands for what is not UTF-8, and a
/// head must be kept as it was sent.
///
/// Kept are the bytes of one read, and of those before it where a head began in them.
struct HeadBytes {
  /// How much is kept of a head that comes in parts, in bytes.
  private let limit: Int
  private var bytes: ByteBuffer?
  /// Where the search for the next head begins: each byte is looked at once, however many heads there are.
  private var start = 0

  init(limit: Int) { self.limit = limit }

  /// Takes what the parser is about to read.
  mutating func begin(_ read: ByteBuffer) {
    bytes.setOrWriteImmutableBuffer(read)
  }

  /// Takes the end of a request.
  /// - Parameter rest: how many bytes of the read stand behind it; nil if that is not known.
  mutating func endRequest(before rest: Int?) {
    if let rest, let bytes { start = max(start, bytes.readableBytes - rest) }
  }

  /// Lets go of what the parser has read, but for the beginning of a head.
  /// - Parameter rest: how many bytes of a head have come; nil if that is not known.
  mutating func endRead(keeping rest: Int?) {
    guard rest != 0, let count = bytes?.readableBytes else { return forget() }
    let gone = rest.map { max(0, count - $0) } ?? start
    guard count - gone <= limit else { return forget() }
    bytes?.moveReaderIndex(forwardBy: gone)
    start = max(0, start - gone)
  }

  private mutating func forget() {
    bytes = nil
    start = 0
  }

  /// The head with the bytes that its text was made of; the head as it is where it is found nowhere.
  mutating func exact(_ head: RequestHead) -> RequestHead {
    guard head.mayBeRepaired, let view = bytes?.readableBytesView else { return head }
    // The parser takes no target that is not ASCII. What stands before the line is a body that ends without one.
    let line = Array("\(head.method) ".utf8) + head.target + Array(" HTTP/1.\(head.minorVersion)".utf8)
    var lines = Lines(view, from: view.startIndex + start)
    while let next = lines.next() {
      guard next.suffix(line.count).elementsEqual(line), let found = Self.read(head, &lines) else { continue }
      start = lines.position - view.startIndex
      return found
    }
    start = view.count
    return head
  }

  /// Reads the fields behind a head's first line; nil if they are another one's.
  private static func read(_ head: RequestHead, _ rest: inout Lines) -> RequestHead? {
    var lines = rest
    var exact = head
    exact.headers = Headers()
    for field in head.headers {
      guard let line = lines.next(), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      let name = ByteString(line[..<colon])
      let value = ByteString(line[(colon + 1)...]).trimmingSpaces
      guard name.isRepaired(as: field.name), value.isRepaired(as: field.value) else { return nil }
      exact.headers.append(name, value)
    }
    guard lines.next()?.isEmpty == true else { return nil }
    rest = lines
    return exact
  }

  /// The lines of some bytes, without their ends.
  private struct Lines {
    private let bytes: ByteBufferView
    /// Where the next one begins.
    private(set) var position: Int

    init(_ bytes: ByteBufferView, from position: Int) {
      (self.bytes, self.position) = (bytes, position)
    }

    mutating func next() -> ByteBufferView? {
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      defer { position = end + 1 }
      let line = bytes[position..<end]
      return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
  }
}

extension RequestHead {
  /// Whether a text in it may stand for bytes that are not UTF-8: U+FFFD begins with this byte, and little else does.
  fileprivate var mayBeRepaired: Bool {
    headers.lines.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { memchr($0, 0xEF, bytes.count) != nil } ?? false
    }
  }
}

extension ByteString {
  /// Whether the parser makes this text of the bytes.
  fileprivate func isRepaired(as text: ByteString) -> Bool {
    self == text || self.text.utf8.elementsEqual(text)
  }
}
