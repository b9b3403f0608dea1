internal import Glibc

/// Cuts the lines of an HTTP head, or of the trailers behind a chunked body, out of what comes, however that is cut
/// into pieces.
///
/// It does no input or output, and holds no more than its limit.
public struct HTTPLineReader {
  public enum Fault: Error {
    /// More came than the limit, whether in one line or in many.
    case tooLarge
    /// A line ends otherwise than with CR LF.
    case badEnd
  }

  /// A line without its end.
  public enum Line {
    /// It stands whole in what was read.
    case part(Range<Int>)
    /// Its beginning came earlier.
    case joined([UInt8])
  }

  private let limit: Int
  /// The beginning of a line whose end has not come.
  public private(set) var held: [UInt8] = []
  /// What has come since `restart`, in bytes.
  private var size = 0

  /// - Parameter limit: how many bytes all lines together may have, with their ends.
  public init(limit: Int) { self.limit = limit }

  /// Counts anew.
  public mutating func restart() { size = 0 }

  /// Finds the next line, and moves the position behind it.
  /// - Returns: nil where its end has not come; what came of it is held then.
  public mutating func next(
    in bytes: Span<UInt8>, from position: inout Int
  ) throws(Fault) -> Line? {
    let start = position
    let newline = bytes.newline(from: start)
    let end = newline ?? bytes.count
    position = newline.map { $0 + 1 } ?? end
    size += position - start
    guard size <= limit else { throw .tooLarge }
    guard newline != nil else {
      try hold(bytes.extracting(start..<end))
      return nil
    }
    guard held.isEmpty else { return try join(bytes.extracting(start..<end)) }
    guard end > start, bytes[end - 1] == UInt8(ascii: "\r") else { throw .badEnd }
    return .part(start..<end - 1)
  }

  private mutating func hold(_ piece: Span<UInt8>) throws(Fault) {
    let old = max(0, held.count - 1)
    piece.withUnsafeBufferPointer { held.append(contentsOf: $0) }
    // Nothing more comes, perhaps, after a CR that ends no line.
    if let cr = held[old...].firstIndex(of: UInt8(ascii: "\r")), cr < held.count - 1 { throw .badEnd }
  }

  private mutating func join(_ piece: Span<UInt8>) throws(Fault) -> Line {
    piece.withUnsafeBufferPointer { held.append(contentsOf: $0) }
    guard held.last == UInt8(ascii: "\r") else { throw .badEnd }
    held.removeLast()
    var line: [UInt8] = []
    swap(&line, &held)
    return .joined(line)
  }
}

extension Span<UInt8> {
  /// The index of the next newline from `start` on; `memchr` looks at many bytes at once.
  public func newline(from start: Int) -> Int? {
    withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress,
        let found = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }
}
