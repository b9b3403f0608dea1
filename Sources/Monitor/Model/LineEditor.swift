internal import Screen

/// One line of text being typed, with a cursor and the usual editing keys.
public struct LineEditor: Sendable, Equatable {
  public private(set) var characters: [Character]
  /// Where the next character goes, counted in characters.
  public private(set) var cursor: Int
  /// What was last cut out, up to a word or more at once.
  private var cut: [Character] = []

  public init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  public var text: String { String(characters) }

  /// Takes a key; false if it is none of an editor's.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert([character])
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .backspace, .control("h"): remove(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): remove(cursor..<min(characters.count, cursor + 1))
    case .controlLeft, .alt(.character("b")): cursor = wordStart
    case .controlRight, .alt(.character("f")): cursor = wordEnd
    case .control("u"): cut(0..<cursor)
    case .control("k"): cut(cursor..<characters.count)
    case .control("w"), .alt(.backspace): cut(wordStart..<cursor)
    case .alt(.character("d")): cut(cursor..<wordEnd)
    case .control("y"): insert(cut)
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

  private var wordEnd: Int {
    let after = characters[cursor...]
    let word = after.firstIndex { !$0.isWhitespace } ?? characters.count
    return after[word...].firstIndex { $0.isWhitespace } ?? characters.count
  }

  private mutating func cut(_ range: Range<Int>) {
    cut = Array(characters[range])
    remove(range)
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
