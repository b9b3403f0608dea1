internal import JSON

/// Cuts a session file into lines, chunk by chunk, and never holds more than one line and its bound.
package struct SessionLines: Sendable {
  package enum Content: Sendable, Equatable {
    case whole([UInt8])
    /// The last line of a file that does not end with a newline.
    case unended([UInt8])
    /// A line over the bound; its bytes are gone.
    case tooLong

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
    package let content: Content
  }

  /// U+FEFF.
  package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The most bytes of a line, its newline not counted.
  let limit: Int
  private var pending: [UInt8] = []
  private var isTooLong = false
  private var number = 1

  package init(limit: Int) {
    self.limit = limit
  }

  /// The lines that end in `chunk`, which follows the chunks before it; lines of white space are left out.
  package mutating func lines(in chunk: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = chunk.newline(from: start) {
      keep(chunk[start..<end])
      if let content = takePending(isEnded: true) { lines.append(Line(number: number, content: content)) }
      number += 1
      start = end + 1
    }
    keep(chunk[start...])
    return lines
  }

  /// The line that the file ends in without a newline, if there is one.
  package mutating func finish() -> Line? {
    takePending(isEnded: false).map { Line(number: number, content: $0) }
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    if pending.count + bytes.count > limit {
      isTooLong = true
      pending = []
    }
    if !isTooLong { pending.append(contentsOf: bytes) }
  }

  private mutating func takePending(isEnded: Bool) -> Content? {
    defer {
      pending = []
      isTooLong = false
    }
    if isTooLong { return .tooLong }
    // Some programs put a byte order mark in front of all that they save as UTF-8.
    if number == 1, pending.starts(with: Self.byteOrderMark) { pending.removeFirst(3) }
    guard pending.contains(where: { $0 > UInt8(ascii: " ") }) else { return nil }
    return isEnded ? .whole(pending) : .unended(pending)
  }
}
