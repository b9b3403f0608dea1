internal import JSON

/// Reads a body that comes in chunks (RFC 9112, 7.1): finds what belongs to the body between what frames it.
struct ChunkReader {
  private enum Stage {
    /// Before the first digit of a size, and behind it.
    case size, digits
    case `extension`
    case sizeEnd
    case data
    case dataEnd, dataLineEnd
    /// At the start of a line behind the last chunk, within it, and at its end.
    case trailer, trailerLine
    case trailerEnd, lastLineEnd
    case over
  }

  private var stage = Stage.size
  /// What is left of the chunk.
  private var left = 0

  /// Whether the last byte has come.
  var isComplete: Bool { stage == .over }

  /// Finds the next piece of the body, and moves the position behind it.
  /// - Returns: nil where there is none in these bytes; the position is behind them then, or behind the last byte.
  mutating func next(
    in bytes: Span<UInt8>, from position: inout Int
  ) throws(ResponseHead.Fault) -> Range<Int>? {
    while position < bytes.count, stage != .over {
      if stage == .data {
        let piece = position..<position + min(left, bytes.count - position)
        left -= piece.count
        position = piece.upperBound
        if left == 0 { stage = .dataEnd }
        return piece
      }
      try step(bytes[position])
      position += 1
    }
    return nil
  }

  private mutating func step(_ byte: UInt8) throws(ResponseHead.Fault) {
    switch stage {
    case .size, .digits: try readSize(byte)
    case .extension: stage = try line(byte, ended: .sizeEnd, goingOn: .extension)
    case .sizeEnd: stage = try lineEnd(byte, left == 0 ? .trailer : .data)
    case .dataEnd:
      guard byte == UInt8(ascii: "\r") else { throw .notHTTP }
      stage = .dataLineEnd
    case .dataLineEnd: stage = try lineEnd(byte, .size)
    case .trailer: stage = try line(byte, ended: .lastLineEnd, goingOn: .trailerLine)
    case .trailerLine: stage = try line(byte, ended: .trailerEnd, goingOn: .trailerLine)
    case .trailerEnd: stage = try lineEnd(byte, .trailer)
    case .lastLineEnd: stage = try lineEnd(byte, .over)
    case .data, .over: break
    }
  }

  private mutating func readSize(_ byte: UInt8) throws(ResponseHead.Fault) {
    if let digit = byte.hexDigit {
      // A size that fits, whatever comes behind it.
      guard left < 1 << 58 else { throw .notHTTP }
      left = left << 4 | Int(digit)
      stage = .digits
    } else {
      guard stage == .digits else { throw .notHTTP }
      let isExtension = byte == UInt8(ascii: ";") || byte.isSpaceOrTab
      guard isExtension || byte == UInt8(ascii: "\r") else { throw .notHTTP }
      stage = isExtension ? .extension : .sizeEnd
    }
  }

  /// The stage behind a byte of a line that nothing is kept of.
  private func line(_ byte: UInt8, ended: Stage, goingOn: Stage) throws(ResponseHead.Fault) -> Stage {
    if byte == UInt8(ascii: "\r") { return ended }
    guard byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") else { throw .notHTTP }
    return goingOn
  }

  private func lineEnd(_ byte: UInt8, _ next: Stage) throws(ResponseHead.Fault) -> Stage {
    guard byte == UInt8(ascii: "\n") else { throw .notHTTP }
    return next
  }
}
