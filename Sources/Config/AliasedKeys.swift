/// Looks for keys that may hold aliases before anything is composed: Yams hashes keys, and to hash what a few lines of
/// aliases of aliases stand for takes for ever.
///
/// It may find one where there is none, as in a multi-line text, and misses none.
struct AliasedKeys {
  private let bytes: [UInt8]

  /// Where the first one is in a text that names anchors.
  static func first(in bytes: [UInt8]) -> Place? {
    let keys = AliasedKeys(bytes: bytes)
    let hasAnchor = bytes.indices.contains {
      bytes[$0] == UInt8(ascii: "&") && keys.isStart($0) && keys.isName($0 + 1)
    }
    return hasAnchor ? keys.first.map { Place(of: $0, in: bytes) } : nil
  }

  private var first: Int? {
    var index = 0
    while index < bytes.count {
      if let end = endOfQuotes(from: index) {
        index = end
      } else if isKey(index) {
        return index
      } else {
        index += 1
      }
    }
    return nil
  }

  /// Whether a key that is no plain word may begin, or end, at an index.
  private func isKey(_ index: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "*"):
      let name = bytes[(index + 1)...].prefix(while: Self.isNameByte)
      return isStart(index) && !name.isEmpty
        && (isColon(from: name.endIndex) || name.last == UInt8(ascii: ":"))
    case UInt8(ascii: "]"), UInt8(ascii: "}"): return isColon(from: index + 1)
    case UInt8(ascii: "?"): return isStart(index) && !isName(index + 1)
    default: return false
    }
  }

  /// Where a text in quotes ends that begins at an index and ends on the same line; nil if none does. Only where
  /// nothing else can begin with a quotation mark, such as the second line of a text without any.
  private func endOfQuotes(from index: Int) -> Int? {
    let mark = bytes[index]
    guard mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'"), isAfterIndicator(index) else { return nil }
    var at = index + 1
    while at < bytes.count, bytes[at] != 0x0A {
      if bytes[at] == mark { return at + 1 }
      at += bytes[at] == UInt8(ascii: "\\") && mark == UInt8(ascii: "\"") ? 2 : 1
    }
    return nil
  }

  /// Whether an indicator stands before an index, with or without an anchor and a tag behind it.
  private func isAfterIndicator(_ index: Int, properties: Int = 2) -> Bool {
    guard let before = bytes[..<index].lastIndex(where: { $0 != 0x20 }) else { return false }
    if bytes[before] == UInt8(ascii: ":") { return before + 1 < index }
    if ",[{".utf8.contains(bytes[before]) { return true }
    guard properties > 0, let blank = bytes[..<before].lastIndex(of: 0x20),
      "&!".utf8.contains(bytes[blank + 1])
    else { return false }
    return isAfterIndicator(blank + 1, properties: properties - 1)
  }

  private func isName(_ index: Int) -> Bool { index < bytes.count && Self.isNameByte(bytes[index]) }

  private static func isNameByte(_ byte: UInt8) -> Bool { byte > 0x20 && !",[]{}".utf8.contains(byte) }

  /// Whether a word may begin there.
  private func isStart(_ index: Int) -> Bool {
    index == 0 || !Self.isNameByte(bytes[index - 1]) || bytes[index - 1] == UInt8(ascii: ":")
  }

  private func isColon(from index: Int) -> Bool {
    bytes[index...].first { $0 > 0x20 } == UInt8(ascii: ":")
  }
}
