internal import JSON

/// Cuts a session file into lines, chunk by chunk, and never holds more than one line and its bound.
package struct SessionLines: Sendable {
  package enum Content: Sendable, Equatable {
    case whole([UInt8])
    /// The last line of a file that does not end with a newline.
    case unended([UInt8])
    /// A line over the bound; its bytes are gone.
    case tooLong

    /// The line; nil for one over the bound.
    var bytes: [UInt8]? {
      switch self {
      case .whole(let bytes), .unended(let bytes): bytes
      case .tooLong: nil
      }
    }

    /// Whether it is a whole line that does not begin as a JSON object does.
    var isProse: Bool {
      switch self {
      case .whole(let bytes), .unended(let bytes):
        bytes.first { $0 > UInt8(ascii: " ") } != UInt8(ascii: "{")
      case .tooLong: false
      }
    }
  }

  package struct Line: Sendable, Equatable {
    /// Counted from 1, empty lines too.
    package let number: Int
    /// How many bytes of the file are before the first one of its content.
    package let offset: Int
    package let content: Content
  }

  /// U+FEFF.
  package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The most bytes of a line, its newline not counted.
  let limit: Int
  private var pending: [UInt8] = []
  private var isTooLong = false
  private var number = 1
  /// How many bytes are before the line that is read, and in that so far.
  private var start = 0
  private var length = 0

  package init(limit: Int) {
    self.limit = limit
  }

  /// The lines that end in `chunk`, which follows the chunks before it; lines of white space are left out.
  package mutating func lines(in chunk: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = chunk.newline(from: start) {
      keep(chunk[start..<end])
      if let line = takePending(isEnded: true) { lines.append(line) }
      number += 1
      start = end + 1
    }
    keep(chunk[start...])
    return lines
  }

  /// The line that the file ends in without a newline, if there is one.
  package mutating func finish() -> Line? {
    takePending(isEnded: false)
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    length += bytes.count
    if pending.count + bytes.count > limit {
      isTooLong = true
      pending = []
    }
    if !isTooLong { pending.append(contentsOf: bytes) }
  }

  private mutating func takePending(isEnded: Bool) -> Line? {
    defer {
      start += length + (isEnded ? 1 : 0)
      (length, pending, isTooLong) = (0, [], false)
    }
    // Some programs put a byte order mark in front of all that they save as UTF-8.
    let mark = number == 1 && pending.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    pending.removeFirst(mark)
    return content(isEnded: isEnded).map { Line(number: number, offset: start + mark, content: $0) }
  }

  private func content(isEnded: Bool) -> Content? {
    if isTooLong { return .tooLong }
    guard pending.contains(where: { $0 > UInt8(ascii: " ") }) else { return nil }
    return isEnded ? .whole(pending) : .unended(pending)
  }
}
