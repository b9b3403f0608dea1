internal import JSON

/// A piece of markup: a tag, what stands between tags, or something that is no element.
struct MarkupPiece {
  enum Kind {
    case text, open, close, empty
    /// A comment, a declaration, an instruction or a CDATA section.
    case other
  }

  let kind: Kind
  let range: Range<Int>
  /// Of a tag.
  var name = 0..<0
}

/// Cuts markup into pieces, one after the other; every byte is in one of them.
struct MarkupScanner {
  private let bytes: [UInt8]
  private var at = 0
  /// What ends a comment or the like and does not come any more: it is looked for once, and not for each beginning.
  private var missing: Set<String> = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> MarkupPiece? {
    guard at < bytes.count else { return nil }
    let piece = bytes[at] == UInt8(ascii: "<") ? tag(at) : nil
    let found = piece ?? MarkupPiece(kind: .text, range: at..<(index(of: 0x3C, from: at + 1) ?? bytes.count))
    at = found.range.upperBound
    return found
  }

  /// What stands up to the closing tag of an element whose content is no markup.
  mutating func verbatim(until name: Range<Int>) -> MarkupPiece? {
    let start = at
    while let open = index(of: 0x3C, from: at) {
      at = open + 1
      guard open + 1 < bytes.count, bytes[open + 1] == UInt8(ascii: "/") else { continue }
      let end = bytes[(open + 2)...].prefix(name.count)
      guard end.elementsEqual(bytes[name], by: { $0.asciiLowercased == $1.asciiLowercased }) else { continue }
      at = open
      return start < open ? MarkupPiece(kind: .text, range: start..<open) : nil
    }
    at = bytes.count
    return start < at ? MarkupPiece(kind: .text, range: start..<at) : nil
  }

  /// The tag or the like that begins at `start`; nil if it has no end or is none.
  private mutating func tag(_ start: Int) -> MarkupPiece? {
    for (opening, closing) in Self.others where bytes[start...].starts(with: opening.utf8) {
      guard !missing.contains(closing) else { return nil }
      if let end = end(of: Array(closing.utf8), from: start + opening.utf8.count) {
        return MarkupPiece(kind: .other, range: start..<end)
      }
      missing.insert(closing)
      return nil
    }
    let isClosing = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/")
    let name = nameRange(from: start + (isClosing ? 2 : 1))
    guard !name.isEmpty, let end = endOfTag(from: name.upperBound) else { return nil }
    let isEmpty = bytes[end - 2] == UInt8(ascii: "/")
    return MarkupPiece(kind: isClosing ? .close : isEmpty ? .empty : .open, range: start..<end, name: name)
  }

  private static let others = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]

  private func nameRange(from start: Int) -> Range<Int> {
    var end = start
    while end < bytes.count, !bytes[end].isBlank, ![0x2F, 0x3C, 0x3E].contains(bytes[end]) { end += 1 }
    return start..<end
  }

  /// Where a tag ends: a `>` in quotes is part of a value.
  private func endOfTag(from start: Int) -> Int? {
    var quote: UInt8?
    for index in start..<bytes.count {
      switch (bytes[index], quote) {
      case (let byte, let open?): if byte == open { quote = nil }
      case (0x22, nil), (0x27, nil): quote = bytes[index]
      case (0x3E, nil): return index + 1
      // The tag before was never ended.
      case (0x3C, nil): return nil
      default: break
      }
    }
    return nil
  }

  private func index(of byte: UInt8, from start: Int) -> Int? {
    start < bytes.count ? bytes[start...].firstIndex(of: byte) : nil
  }

  private func end(of closing: [UInt8], from start: Int) -> Int? {
    var at = start
    while let found = index(of: closing[0], from: at) {
      if bytes[found...].starts(with: closing) { return found + closing.count }
      at = found + 1
    }
    return nil
  }
}
