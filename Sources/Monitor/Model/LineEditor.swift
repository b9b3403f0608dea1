internal import Screen

/// One line of text being typed, with a cursor and the usual editing keys.
public struct LineEditor: Sendable, Equatable {
  public private(set) var characters: [Character]
  /// Where the next character goes, counted in characters.
  public private(set) var cursor: Int

  public init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  public var text: String { String(characters) }

  /// Takes a key; false where it is none of an editor's.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert([character])
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .backspace, .control("h"): remove(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): remove(cursor..<min(characters.count, cursor + 1))
    case .control("u"): remove(0..<cursor)
    case .control("k"): remove(cursor..<characters.count)
    case .control("w"): remove(wordStart..<cursor)
    default: return false
    }
    return true
  }

  /// Takes pasted text; line breaks become spaces, since the line is one.
  mutating func paste(_ text: String) {
    insert(text.map { $0.isNewline ? " " : $0 })
  }

  private var wordStart: Int {
    let before = characters[..<cursor]
    let word = before.lastIndex { !$0.isWhitespace } ?? 0
    return before[..<word].lastIndex { $0.isWhitespace }.map { $0 + 1 } ?? 0
  }

  private mutating func insert(_ new: [Character]) {
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }
}
