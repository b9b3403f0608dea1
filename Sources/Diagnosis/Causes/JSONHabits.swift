internal import JSON
internal import Webhooks

/// What the form of a document tells of the library that wrote it: the order of its keys, its escapes and spaces.
struct JSONHabits: Equatable {
  /// A rule that all keys follow, where that can hardly be by chance.
  enum Order: Equatable {
    case sorted, byLength
  }

  private(set) var order: Order?
  private var spacing = Spacing.other
  private var escapesHTML = false
  private var escapesUppercase = false
  private var escapesSlash = false
  private var escapesBeyondASCII = false

  private enum Spacing: Equatable {
    case compact, spaced, indented, other
  }

  /// A larger body is not looked at.
  private static let limit = 1 << 20

  init?(_ body: [UInt8]) {
    guard body.count <= Self.limit, let outline = JSONOutline(body, limit: 1 << 12),
      outline.tokens.first?.kind.isOpening == true
    else { return nil }
    order = Self.order(outline)
    spacing = Self.spacing(outline)
    for token in outline.tokens where token.isEscaped { note(body[token.range]) }
  }

  private mutating func note(_ text: ArraySlice<UInt8>) {
    var at = text.startIndex
    while let place = text[at...].firstIndex(of: 0x5C), place + 1 < text.endIndex {
      let escape = text[(place + 1)...].prefix(5)
      if escape.first == UInt8(ascii: "/") { escapesSlash = true }
      if ["u003c", "u003e", "u0026"].contains(where: { escape.elementsEqual($0.utf8) }) {
        escapesHTML = true
      }
      if ["u003C", "u003E"].contains(where: { escape.elementsEqual($0.utf8) }) { escapesUppercase = true }
      let isBeyond = escape.first == UInt8(ascii: "u") && !escape.dropFirst().starts(with: "00".utf8)
      if isBeyond
        || (escape.first == UInt8(ascii: "u") && escape.dropFirst(3).first.map { $0 >= 0x38 } == true)
      {
        escapesBeyondASCII = true
      }
      at = place + 2
    }
  }

  /// The rule that the keys of all objects follow, if they are enough: chance orders them so less than once in 24.
  private static func order(_ outline: JSONOutline) -> Order? {
    var ways = 1
    var (isSorted, isByLength) = (true, true)
    for index in outline.tokens.indices where outline.tokens[index].kind == .beginObject {
      let keys = outline.keys(ofObjectAt: index).map(outline.text)
      for (place, pair) in zip(keys, keys.dropFirst()).enumerated() {
        ways = min(ways * (place + 2), 1 << 20)
        if !pair.0.lexicographicallyPrecedes(pair.1) { isSorted = false }
        if (pair.0.count, pair.0.lexicographicallyPrecedes(pair.1) ? 0 : 1) > (pair.1.count, 0) {
          isByLength = false
        }
      }
      guard isSorted || isByLength else { return nil }
    }
    guard ways >= 24 else { return nil }
    return isSorted ? .sorted : .byLength
  }

  private static func spacing(_ outline: JSONOutline) -> Spacing {
    let gaps = zip(outline.tokens, outline.tokens.dropFirst()).map { outline.body[$0.end..<$1.start] }
    if gaps.contains(where: { $0.contains(0x0A) }) { return .indented }
    let spaces = gaps.count { $0.contains(0x20) }
    if spaces == 0 { return .compact }
    let marked = gaps.filter { $0.contains(0x2C) || $0.contains(0x3A) }
    return marked.allSatisfy { $0.last == 0x20 && $0.count == 2 } ? .spaced : .other
  }

  /// The order of the keys and whose habit it is, as a sentence; nil if it tells nothing.
  var orderWords: String? {
    switch order {
    case nil: return nil
    case .byLength: return "Shorter keys come first, as PostgreSQL's jsonb holds them"
    case .sorted:
      if escapesHTML {
        return "Keys come sorted and <, > and & are escaped, as Go's encoding/json writes a map"
      }
      if spacing == .spaced {
        return "Keys come sorted and spaced, as Python's json.dumps with sort_keys writes them"
      }
      if spacing == .indented { return "Keys come sorted and indented, as jq -S writes them" }
      return "Keys come sorted, as Go's maps, jq -S and Python's sort_keys write them"
    }
  }

  /// Whose habit the spaces and escapes are, as a sentence; nil if they are nothing special.
  var writingWords: String? {
    if escapesHTML { return "<, > and & are escaped, as Go's encoding/json writes them" }
    if escapesUppercase {
      return "<, > and & are escaped in upper case, as .NET's System.Text.Json writes them"
    }
    if escapesSlash { return "Slashes are escaped, as PHP's json_encode writes them" }
    guard spacing == .spaced else { return nil }
    let ascii = escapesBeyondASCII ? ", and all letters beyond ASCII are escaped" : ""
    return "There is a space after commas and colons\(ascii), as Python's json.dumps writes"
  }
}

/// Question marks that have replaced other characters.
enum LostCharacters {
  /// The offset of the first one, or nil. A question mark that ends a sentence or begins a URL's query is not a loss.
  static func offset(in body: [UInt8]) -> Int? {
    guard body.count <= 1 << 20, body.contains(0x3F), let outline = JSONOutline(body, limit: 1 << 12) else {
      return nil
    }
    for token in outline.tokens where token.kind == .string || token.kind == .key {
      let text = body[token.start + 1..<token.end - 1]
      guard text.contains(0x3F), !text.contains(0x3D), !text.contains(0x2F) else { continue }
      if let place = place(in: text) { return place }
    }
    return nil
  }

  private static func place(in text: ArraySlice<UInt8>) -> Int? {
    let words = text.split { $0 == 0x20 || $0 == 0x5C }
    for (number, word) in words.enumerated() {
      guard let first = word.firstIndex(of: 0x3F) else { continue }
      let next = number + 1 < words.count ? words[number + 1] : nil
      if isLost(in: word, at: first, before: next) { return first }
    }
    return nil
  }

  /// Whether another character must have been where the first question mark of a word is.
  private static func isLost(in word: ArraySlice<UInt8>, at place: Int, before next: ArraySlice<UInt8>?)
    -> Bool
  {
    if word.allSatisfy({ $0 == 0x3F }) {
      // French puts a space before a question mark, behind the last word of a sentence.
      return word.count > 1 || next.map { $0.first.map { !(0x41...0x5A ~= $0) } ?? false } == true
    }
    let isOfLetters = word.allSatisfy { $0.isASCIILetter || $0 >= 0x80 || signs.contains($0) }
    let rest = word[place...].drop { $0 == 0x3F }
    return isOfLetters && rest.first.map { $0.isASCIILetter || $0 >= 0x80 } == true
  }

  /// What is beside letters in words of a text.
  private static let signs = Set("?'-.,;:!()".utf8)
}

/// Whether bytes that are not UTF-8 are text all the same, in a character set that needs no more than a byte for most
/// characters, or in UTF-16.
enum OtherCharset {
  static func isLikely(_ body: [UInt8]) -> Bool {
    let head = body.prefix(4096)
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return true }
    let isWide = head.count > 3 && head.count { $0 == 0 } * 5 > head.count * 2
    let isPrintable = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || 0x09...0x0D ~= $0 }
    return isWide || (isPrintable && head.count { $0 >= 0x80 } * 2 < head.count)
  }
}

/// In which respect two documents differ, whatever the order of their keys and the way they are written.
enum JSONDifference: Equatable {
  case none
  /// One integer grew, and all else is the same; the name is printable.
  case raised(name: String, from: Int, to: Int)
  case other

  init(from original: [UInt8], to received: [UInt8]) {
    guard let original = Self.canonical(original), let received = Self.canonical(received) else {
      self = .other
      return
    }
    self = original == received ? .none : Self.raise(from: original, to: received) ?? .other
  }

  private static func canonical(_ body: [UInt8]) -> [UInt8]? {
    guard body.count <= 1 << 20,
      let outline = JSONOutline(EdgeChange.markAdded.undone(body) ?? body, limit: 1 << 12)
    else { return nil }
    let style = JSONStyle(
      spacing: .compact, order: .sorted, strings: JSONStringStyle(), hasScriptNumbers: true)
    return JSONRendering.bytes(of: outline, style: style, plan: .sorted(outline), limit: 8 << 20)
  }

  private static func raise(from original: [UInt8], to received: [UInt8]) -> JSONDifference? {
    guard let old = JSONOutline(original), let new = JSONOutline(received),
      old.tokens.count == new.tokens.count
    else { return nil }
    let changed = old.tokens.indices.filter {
      original[old.tokens[$0].range] != received[new.tokens[$0].range]
    }
    guard changed.count == 1, let place = changed.first, place > 0, old.tokens[place].kind == .number,
      let from = Int(String(decoding: original[old.tokens[place].range], as: UTF8.self)),
      let to = Int(String(decoding: received[new.tokens[place].range], as: UTF8.self)), to > from
    else { return nil }
    let isMember = old.tokens[place - 1].kind == .key
    let name = isMember ? String(decoding: old.text(at: place - 1), as: UTF8.self) : "a number"
    return .raised(name: Printable.short(name, limit: 24), from: from, to: to)
  }
}
