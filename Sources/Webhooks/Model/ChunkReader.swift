internal import JSON

/// Reads a body that comes in chunks (RFC 9112, 7.1) up to its trailers: finds what belongs to the body between what
/// frames it.
///
/// It does no input or output.
public struct ChunkReader {
  public enum Fault: Error {
    /// What stands in the place of a chunk's size is none, or larger than any.
    case size
    /// What stands behind a size, or behind a chunk's data, is not what may.
    case framing
  }

  private enum Stage {
    /// Before the first digit of a size, and behind it.
    case size, digits
    /// Behind a semicolon, in an extension's name, in its value, within quotes, behind a backslash there, and behind
    /// the quotes.
    case extensionStart, name, value, quoted, escaped, quotedEnd
    /// In anything behind a size.
    case padding
    case sizeEnd
    case data
    case dataEnd, dataLineEnd
    case over
  }

  private let isLenient: Bool
  private var stage = Stage.size
  /// What is left of the chunk.
  private var left = 0

  /// - Parameter isLenient: whether a size may be followed by white space, and that or a semicolon by anything, as
  ///   some servers have it. Who reads a request must not guess.
  public init(isLenient: Bool = false) { self.isLenient = isLenient }

  /// Whether the size of the last chunk has come, and the trailers follow.
  public var isOver: Bool { stage == .over }

  /// Finds the next piece of the body, and moves the position behind it.
  /// - Returns: nil where there is none in these bytes; the position is behind them then, or where the trailers begin.
  public mutating func next(
    in bytes: Span<UInt8>, from position: inout Int
  ) throws(Fault) -> Range<Int>? {
    while position < bytes.count, stage != .over {
      if stage == .data {
        let piece = position..<position + min(left, bytes.count - position)
        left -= piece.count
        position = piece.upperBound
        if left == 0 { stage = .dataEnd }
        return piece
      }
      stage = try next(after: bytes[position])
      position += 1
    }
    return nil
  }

  /// The stage behind a byte of what frames the chunks.
  private mutating func next(after byte: UInt8) throws(Fault) -> Stage {
    switch stage {
    case .size, .digits: return try readSize(byte)
    case .sizeEnd: return try lineEnd(byte, left == 0 ? .over : .data)
    case .dataEnd:
      guard byte == UInt8(ascii: "\r") else { throw .framing }
      return .dataLineEnd
    case .dataLineEnd: return try lineEnd(byte, .size)
    case .padding:
      guard byte != UInt8(ascii: "\r") else { return .sizeEnd }
      guard byte.isInFieldValue else { throw .framing }
      return .padding
    case .extensionStart, .name, .value, .quoted, .escaped, .quotedEnd: return try readExtension(byte)
    case .data, .over: return stage
    }
  }

  private mutating func readSize(_ byte: UInt8) throws(Fault) -> Stage {
    if let digit = byte.hexDigit {
      // A size that fits, whatever comes behind it.
      guard left < 1 << 58 else { throw .size }
      left = left << 4 | Int(digit)
      return .digits
    }
    guard stage == .digits else { throw .size }
    switch byte {
    case UInt8(ascii: "\r"): return .sizeEnd
    case UInt8(ascii: ";"): return isLenient ? .padding : .extensionStart
    case UInt8(ascii: " ") where isLenient, UInt8(ascii: "\t") where isLenient: return .padding
    default: throw .size
    }
  }

  private func readExtension(_ byte: UInt8) throws(Fault) -> Stage {
    switch (stage, byte) {
    case (.quoted, UInt8(ascii: "\"")): return .quotedEnd
    case (.quoted, UInt8(ascii: "\\")): return .escaped
    case (.quoted, _) where byte.isInFieldValue, (.escaped, _) where byte.isInFieldValue: return .quoted
    case (.name, UInt8(ascii: "\r")), (.value, UInt8(ascii: "\r")), (.quotedEnd, UInt8(ascii: "\r")):
      return .sizeEnd
    case (.extensionStart, UInt8(ascii: ";")), (.name, UInt8(ascii: ";")), (.value, UInt8(ascii: ";")),
      (.quotedEnd, UInt8(ascii: ";")):
      return .extensionStart
    case (.extensionStart, UInt8(ascii: "=")), (.name, UInt8(ascii: "=")): return .value
    case (.value, UInt8(ascii: "\"")): return .quoted
    case (.extensionStart, _) where byte.isInToken, (.name, _) where byte.isInToken: return .name
    case (.value, _) where byte.isInToken: return .value
    default: throw .framing
    }
  }

  private func lineEnd(_ byte: UInt8, _ next: Stage) throws(Fault) -> Stage {
    guard byte == UInt8(ascii: "\n") else { throw .framing }
    return next
  }
}
