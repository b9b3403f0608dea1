internal import JSON

/// A change to newlines, white space or marks at a body's ends.
enum EdgeChange: Sendable, Equatable, CaseIterable {
  case newlineAdded, crlfAdded, trailingSpaceAdded, surroundingSpaceAdded
  case newlineDropped, crlfDropped
  case markAdded, markDropped
  case linesToCRLF, linesToLF, linesFromCR
  case nulAdded
  case spaceDropped, returnAdded, returnDropped, twoNewlinesDropped, nulDropped, newlineInFrontDropped,
    spaceInFrontDropped
  case tabDropped, controlZDropped, noBreakSpaceAdded, noBreakSpaceDropped, linesToCR, linesDoubled, sentTwice
  case textAround, framedInChunks

  /// All but text around a document: that is told only where it is nothing more certain, such as a form, and never of
  /// bytes that were put there by undoing another change.
  static let ofEnds = allCases.filter { $0 != .textAround }

  /// What happens to most bodies whose ends are changed.
  static let usual: [EdgeChange] = [
    .newlineAdded, .crlfAdded, .surroundingSpaceAdded, .newlineDropped, .crlfDropped, .markAdded,
    .markDropped,
    .linesToCRLF, .linesToLF,
  ]

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The body after this has happened to it; nil if it can't happen, or would not show afterwards.
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
    case .returnAdded: body + [0x0D]
    case .noBreakSpaceAdded: Self.withoutNoBreakSpaces(body) == body ? body + [0xC2, 0xA0] : nil
    case .linesToCR: body.contains(0x0D) || !body.contains(0x0A) ? nil : body.map { $0 == 0x0A ? 0x0D : $0 }
    case .linesDoubled: Self.doubled(body)
    case .sentTwice: body.last.map { $0 != 0x0A && $0 != 0x0D } == true ? body + body : nil
    case .framedInChunks: Self.framed(body)
    case .textAround:
      Self.document(in: body, isFramed: false)?.count == body.count
        ? Array("callback(".utf8) + body + Array(");".utf8) : nil
    default:
      dropped.flatMap { text, isInFront in
        isInFront
          ? body.starts(with: text) ? Array(body.dropFirst(text.count)) : nil
          : body.suffix(text.count).elementsEqual(text) ? body.dropLast(text.count) : nil
      }
    }
  }

  /// The text that was lost, and whether it was in front.
  private var dropped: (text: [UInt8], isInFront: Bool)? {
    switch self {
    case .spaceDropped: ([0x20], false)
    case .returnDropped: ([0x0D], false)
    case .twoNewlinesDropped: ([0x0A, 0x0A], false)
    case .nulDropped: ([0], false)
    case .tabDropped: ([0x09], false)
    case .controlZDropped: ([0x1A], false)
    case .noBreakSpaceDropped: ([0xC2, 0xA0], false)
    case .newlineInFrontDropped: ([0x0A], true)
    case .spaceInFrontDropped: ([0x20], true)
    default: nil
    }
  }

  /// How many newlines have a carriage return before them.
  private static func returns(in body: [UInt8]) -> Int {
    zip(body, body.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
  }

  /// The body before this happened to it; nil if it can't have happened.
  func undone(_ body: [UInt8]) -> [UInt8]? {
    guard let original = result(body), original != body else { return nil }
    return original
  }

  private func result(_ body: [UInt8]) -> [UInt8]? {
    switch self {
    case .newlineAdded: body.last == 0x0A ? body.dropLast() : nil
    case .crlfAdded: body.suffix(2).elementsEqual([0x0D, 0x0A]) ? body.dropLast(2) : nil
    case .trailingSpaceAdded: Array(body.trimmedEnd(where: Self.isSpace))
    case .surroundingSpaceAdded: Array(body.trimmed(where: Self.isSpace))
    case .newlineDropped: body + [0x0A]
    case .crlfDropped: body + [0x0D, 0x0A]
    case .markAdded: body.starts(with: Self.mark) ? Array(body.dropFirst(3)) : nil
    case .markDropped: body.starts(with: Self.mark) ? nil : Self.mark + body
    case .linesToCRLF: Self.withoutReturns(body)
    case .linesToLF: Self.withReturns(body)
    case .linesFromCR: body.contains(0x0D) ? nil : body.map { $0 == 0x0A ? 0x0D : $0 }
    case .nulAdded: body.last == 0 ? Array(body.trimmedEnd { $0 == 0 }) : nil
    case .returnAdded: body.last == 0x0D ? body.dropLast() : nil
    case .noBreakSpaceAdded: Self.withoutNoBreakSpaces(body)
    case .linesToCR: body.contains(0x0D) && !body.contains(0x0A) ? body.map { $0 == 0x0D ? 0x0A : $0 } : nil
    case .linesDoubled: Self.halved(body)
    case .sentTwice: Self.half(of: body)
    case .framedInChunks: Self.unframed(body)
    case .textAround: Self.document(in: body)
    default: dropped.map { text, isInFront in isInFront ? text + body : body + text }
    }
  }

  private static func withoutNoBreakSpaces(_ body: [UInt8]) -> [UInt8] {
    var kept = body[...]
    while kept.suffix(2).elementsEqual([0xC2, 0xA0]) { kept = kept.dropLast(2) }
    while kept.starts(with: [0xC2, 0xA0]) { kept = kept.dropFirst(2) }
    return Array(kept)
  }

  /// Each newline twice, as two conversions of line ends make it.
  private static func doubled(_ body: [UInt8]) -> [UInt8]? {
    body.contains(0x0A) && !zip(body, body.dropFirst()).contains { $0 == 0x0A && $1 == 0x0A }
      ? body.flatMap { $0 == 0x0A ? [0x0A, 0x0A] : [$0] } : nil
  }

  private static func halved(_ body: [UInt8]) -> [UInt8]? {
    let isDoubleReturn = zip(body, body.dropFirst()).contains { $0 == 0x0D && $1 == 0x0D }
    let mark: UInt8 = isDoubleReturn ? 0x0D : 0x0A
    guard isDoubleReturn || body.contains(0x0A) else { return nil }
    var output: [UInt8] = []
    var isFirst = true
    for byte in body {
      if byte == mark, !isFirst {
        isFirst = true
        continue
      }
      isFirst = byte != mark
      output.append(byte)
    }
    return output
  }

  /// Returns the text that the body repeats, with or without a line end between or after the copies.
  private static func half(of body: [UInt8]) -> [UInt8]? {
    let text = body.trimmedEnd { $0 == 0x0A || $0 == 0x0D }
    for size in [0, 1, 2] where text.count > size && (text.count - size) % 2 == 0 {
      let half = text.prefix((text.count - size) / 2)
      let between = text.dropFirst(half.count).prefix(size)
      if between.allSatisfy({ $0 == 0x0A || $0 == 0x0D }), text.suffix(half.count).elementsEqual(half) {
        return Array(half)
      }
    }
    return nil
  }

  /// From the first brace to the last, where a document of one object is framed by something else.
  private static func document(in body: [UInt8], isFramed: Bool = true) -> [UInt8]? {
    guard body.isUTF8, let start = body.firstIndex(of: 0x7B), let end = body.lastIndex(of: 0x7D), start < end,
      start < 1024, body.count - end < 1024
    else { return nil }
    // An array with the document in it, and bytes as Python prints them, are found as what they are.
    let front = EdgeChange.markAdded.undone(Array(body[..<start])) ?? Array(body[..<start])
    let head = front.drop { $0 <= 0x20 }
    let isPrinted = ["b'", "b\""].contains { head.starts(with: $0.utf8) }
    // White space and marks have changes of their own.
    let isSeen = !isFramed || (front + body[(end + 1)...]).contains { $0 > 0x20 }
    guard head.first != UInt8(ascii: "["), !isPrinted, isSeen else { return nil }
    return Array(body[start...end])
  }

  /// As one chunk of HTTP's chunked coding, with the last one behind it.
  private static func framed(_ body: [UInt8]) -> [UInt8]? {
    body.isEmpty
      ? nil : Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
  }

  private static func unframed(_ body: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var rest = body[...]
    while let end = rest.prefix(18).firstIndex(of: 0x0D) {
      guard let size = Int(String(decoding: rest[..<end].prefix { $0 != 0x3B }, as: UTF8.self), radix: 16),
        size >= 0
      else { return nil }
      if size == 0 { return output }
      guard rest.endIndex - end - 2 >= size else { return nil }
      output += rest[(end + 2)..<(end + 2 + size)]
      rest = rest[(end + 2 + size)...].dropFirst(2)
    }
    return output.isEmpty ? nil : output
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private static func withoutReturns(_ body: [UInt8]) -> [UInt8] {
    guard body.contains(0x0D) else { return body }
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
    guard body.contains(0x0A) else { return body }
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
    case .spaceDropped: "lost the space at its end"
    case .returnAdded: "got a carriage return at its end"
    case .returnDropped: "lost the carriage return at its end"
    case .twoNewlinesDropped: "lost two newlines at its end"
    case .nulDropped: "lost the zero byte at its end"
    case .tabDropped: "lost the tab at its end"
    case .controlZDropped: "lost the control-Z at its end"
    case .noBreakSpaceAdded: "got no-break spaces around it"
    case .noBreakSpaceDropped: "lost the no-break space at its end"
    case .newlineInFrontDropped: "lost the newline in front"
    case .spaceInFrontDropped: "lost the space in front"
    case .linesToCR: "got carriage returns for its newlines"
    case .linesDoubled: "had its line ends doubled"
    case .sentTwice: "was sent twice in one request"
    case .textAround: "got other text around the document"
    case .framedInChunks: "was left in the frames of chunked transfer"
    }
  }
}
