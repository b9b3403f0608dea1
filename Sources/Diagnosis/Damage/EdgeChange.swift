internal import JSON

/// A change to newlines, white space or marks at a body's ends.
enum EdgeChange: Sendable, Equatable, CaseIterable {
  case newlineAdded, crlfAdded, trailingSpaceAdded, surroundingSpaceAdded
  case newlineDropped, crlfDropped
  case markAdded, markDropped
  case linesToCRLF, linesToLF, linesFromCR
  case nulAdded

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The body after this has happened to it; nil where it can't happen, or would not show afterwards.
  func applied(to body: [UInt8]) -> [UInt8]? {
    switch self {
    case .newlineAdded: body + [0x0A]
    case .crlfAdded: body + [0x0D, 0x0A]
    case .trailingSpaceAdded: body.last.map(Self.isSpace) == true ? nil : body + [0x20]
    case .surroundingSpaceAdded:
      [body.first, body.last].contains { $0.map(Self.isSpace) ?? true } ? nil : [0x20] + body + [0x20]
    case .newlineDropped: body.last == 0x0A ? body.dropLast() : nil
    case .crlfDropped: body.suffix(2).elementsEqual([0x0D, 0x0A]) ? body.dropLast(2) : nil
    case .markAdded: Self.mark + body
    case .markDropped: Self.markAdded.undone(body).flatMap { $0.starts(with: Self.mark) ? nil : $0 }
    case .linesToCRLF: Self.returns(in: body) == 0 ? Self.withReturns(body) : nil
    case .linesToLF: Self.returns(in: body) == body.count { $0 == 0x0A } ? Self.withoutReturns(body) : nil
    case .linesFromCR: body.contains(0x0A) ? nil : body.map { $0 == 0x0D ? 0x0A : $0 }
    case .nulAdded: body.last == 0 ? nil : body + [0]
    }
  }

  /// How many newlines have a carriage return before them.
  private static func returns(in body: [UInt8]) -> Int {
    zip(body, body.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
  }

  /// The body before this happened to it; nil where it can't have happened.
  func undone(_ body: [UInt8]) -> [UInt8]? {
    guard let original = result(body), original != body else { return nil }
    return original
  }

  private func result(_ body: [UInt8]) -> [UInt8]? {
    switch self {
    case .newlineAdded: body.last == 0x0A ? body.dropLast() : nil
    case .crlfAdded: body.suffix(2).elementsEqual([0x0D, 0x0A]) ? body.dropLast(2) : nil
    case .trailingSpaceAdded: Array(Self.trimmedEnd(body[...]))
    case .surroundingSpaceAdded: Array(body.trimmed(where: Self.isSpace))
    case .newlineDropped: body + [0x0A]
    case .crlfDropped: body + [0x0D, 0x0A]
    case .markAdded: body.starts(with: Self.mark) ? Array(body.dropFirst(3)) : nil
    case .markDropped: body.starts(with: Self.mark) ? nil : Self.mark + body
    case .linesToCRLF: Self.withoutReturns(body)
    case .linesToLF: Self.withReturns(body)
    case .linesFromCR: body.contains(0x0D) ? nil : body.map { $0 == 0x0A ? 0x0D : $0 }
    case .nulAdded: body.last == 0 ? Array(body[..<((body.lastIndex { $0 != 0 }).map { $0 + 1 } ?? 0)]) : nil
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private static func trimmedEnd(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    body[..<((body.lastIndex { !isSpace($0) }).map { $0 + 1 } ?? body.startIndex)]
  }

  private static func withoutReturns(_ body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    for (index, byte) in body.enumerated() {
      guard byte == 0x0D, index + 1 < body.count, body[index + 1] == 0x0A else {
        result.append(byte)
        continue
      }
    }
    return result
  }

  private static func withReturns(_ body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count + body.count { $0 == 0x0A })
    for (index, byte) in body.enumerated() {
      if byte == 0x0A, index == 0 || body[index - 1] != 0x0D { result.append(0x0D) }
      result.append(byte)
    }
    return result
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .newlineAdded: "got a newline at its end"
    case .crlfAdded: "got a carriage return and a newline at its end"
    case .trailingSpaceAdded: "got white space at its end"
    case .surroundingSpaceAdded: "got white space around it"
    case .newlineDropped: "lost the newline at its end"
    case .crlfDropped: "lost the carriage return and newline at its end"
    case .markAdded: "got a byte order mark in front"
    case .markDropped: "lost the byte order mark in front"
    case .linesToCRLF: "got carriage returns before its newlines"
    case .linesToLF: "lost the carriage returns before its newlines"
    case .linesFromCR: "got newlines for its carriage returns"
    case .nulAdded: "got zero bytes at its end"
    }
  }
}
