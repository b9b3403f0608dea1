internal import JSON

extension BodyKind {
  /// XML, each element on a line of its own, indented.
  static let xml: BodyKind = BodyKind(
    name: "XML", mediaTypes: ["application/xml", "text/xml", "+xml"],
    fits: { Markup.fits($0, isAnnounced: xml.isAnnounced(by: $0.type)) },
    layOut: { content, work throws(JSONFault) in
      try Markup.document(of: content, isHTML: false, work)
    })

  /// HTML, likewise; what it lets a sender leave out is closed with the element around it.
  static let html: BodyKind = BodyKind(
    name: "HTML", mediaTypes: ["text/html"],
    fits: { content in
      let isAnnounced = html.isAnnounced(by: content.type)
      guard Markup.fits(content, isAnnounced: isAnnounced), let start = content.start else { return false }
      return isAnnounced
        || ["<!doctype html", "<html"].contains { Markup.begins($0, at: start, in: content.bytes) }
    },
    layOut: { content, work throws(JSONFault) in
      try Markup.document(of: content, isHTML: true, work)
    })
}

/// Lays markup out by its tags, whether or not they match: what is wrong with them is seen, and nothing is left out but
/// white space between elements.
enum Markup {
  /// Whether it begins with a tag, and ends with one where nobody announced it.
  static func fits(_ content: BodyContent, isAnnounced: Bool) -> Bool {
    guard let start = content.start, content.bytes[start] == UInt8(ascii: "<") else { return false }
    let name = content.bytes[(start + 1)...].first ?? 0
    guard name.isASCIILetter || [0x21, 0x3F, 0x5F].contains(name) || name >= 0x80 else { return false }
    let last = content.bytes.last { !$0.isBlank }
    return last == UInt8(ascii: ">")
      || (isAnnounced || content.isCut) && content.bytes.contains(UInt8(ascii: ">"))
  }

  /// Whether `text`, in lower case, stands at a place, in either case.
  static func begins(_ text: String, at start: Int, in bytes: [UInt8]) -> Bool {
    bytes[start...].prefix(text.utf8.count).elementsEqual(text.utf8) { $0.asciiLowercased == $1 }
  }

  static func document(
    of content: BodyContent, isHTML: Bool, _ work: BodyWork
  ) throws(JSONFault) -> PayloadDocument {
    var layout = MarkupLayout(content.bytes, isHTML: isHTML, work.arranged())
    try layout.run()
    return PayloadDocument(layout.lines)
  }
}

/// Writes the pieces of markup line by line.
struct MarkupLayout {
  private static let indent = 2
  /// How far up an element is looked for that a closing tag ends: more are open only in what is hostile.
  private static let mostUnclosed = 64
  /// Elements of HTML that have no end.
  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]
  /// Elements of HTML whose content is no markup.
  private static let verbatim: Set<String> = ["script", "style", "textarea", "pre"]

  private let bytes: [UInt8]
  private let isHTML: Bool
  private var scanner: MarkupScanner
  private(set) var lines: ArrangedPayload
  /// The names of the elements that are open.
  private var open: [Range<Int>] = []

  init(_ bytes: [UInt8], isHTML: Bool, _ lines: ArrangedPayload) {
    self.bytes = bytes
    self.isHTML = isHTML
    self.lines = lines
    scanner = MarkupScanner(bytes)
  }

  mutating func run() throws(JSONFault) {
    while let piece = scanner.next() {
      switch piece.kind {
      case .text: try addText(piece.range)
      case .other: try lines.add(text: bytes, in: piece.range, .elision, indent: depth)
      case .empty: try addTag(piece)
      case .open: try addOpening(piece)
      case .close:
        leave(piece.name)
        try addTag(piece)
      }
    }
  }

  private var depth: Int { min(open.count * Self.indent, ArrangedPayload.deepestIndent) }

  /// A start tag, and on the same line its text and its end where there is nothing else in it.
  private mutating func addOpening(_ tag: MarkupPiece) throws(JSONFault) {
    try addTag(tag)
    if isHTML, isOne(of: Self.void, tag.name) { return }
    if isHTML, isOne(of: Self.verbatim, tag.name), let text = scanner.verbatim(until: tag.name) {
      open.append(tag.name)
      return try lines.add(text: bytes, in: text.range, .text, indent: 0)
    }
    var ahead = scanner
    var text: Range<Int>?
    var next = ahead.next()
    if let piece = next, piece.kind == .text, isShort(piece.range) {
      text = trimmed(piece.range)
      next = ahead.next()
    }
    guard let end = next, end.kind == .close, isSame(end.name, tag.name) else { return open.append(tag.name) }
    if let text { try lines.add(bytes[text], .text) }
    try lines.add(bytes[end.range], .key)
    scanner = ahead
  }

  /// The tag's name in one colour, the values of its attributes in another.
  private mutating func addTag(_ tag: MarkupPiece) throws(JSONFault) {
    try lines.begin(at: tag.range.lowerBound, indent: depth)
    var at = tag.range.lowerBound
    while let start = bytes[at..<tag.range.upperBound].firstIndex(where: { $0 == 0x22 || $0 == 0x27 }),
      let end = bytes[(start + 1)..<tag.range.upperBound].firstIndex(of: bytes[start])
    {
      try addFlat(at..<start, .key)
      try addFlat(start..<end + 1, .string)
      at = end + 1
    }
    try addFlat(at..<tag.range.upperBound, .key)
  }

  /// Adds what stands on several lines as one: attributes below each other.
  private mutating func addFlat(_ range: Range<Int>, _ kind: PayloadSegment.Kind) throws(JSONFault) {
    guard bytes[range].contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
      return try lines.add(bytes[range], kind)
    }
    var start = range.lowerBound
    while true {
      let (end, next) = bytes.lineEnd(from: start, before: range.upperBound)
      let shown = start == range.lowerBound ? start..<end : trimmed(start..<end)
      if start > range.lowerBound { try lines.begin(at: start, indent: depth + 2 * Self.indent) }
      try lines.add(bytes[shown], kind)
      guard let next else { return }
      start = next
    }
  }

  private mutating func addText(_ range: Range<Int>) throws(JSONFault) {
    let text = trimmed(range)
    var start = text.lowerBound
    while start < text.upperBound {
      let (end, next) = bytes.lineEnd(from: start, before: text.upperBound)
      let line = trimmed(start..<end)
      if !line.isEmpty {
        try lines.begin(at: line.lowerBound, indent: depth)
        try lines.add(bytes[line], .text)
      }
      guard let next else { return }
      start = next
    }
  }

  /// Closes the element of that name and those inside it; where none is open, nothing.
  private mutating func leave(_ name: Range<Int>) {
    let place = open.suffix(Self.mostUnclosed).lastIndex { isSame($0, name) }
    if let place { open.removeSubrange(place...) }
  }

  private func isShort(_ range: Range<Int>) -> Bool {
    !bytes[trimmed(range)].contains { $0 == 0x0A || $0 == 0x0D }
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    let rest = bytes[range].trimmed(where: \.isBlank)
    return rest.isEmpty ? range.lowerBound..<range.lowerBound : rest.startIndex..<rest.endIndex
  }

  private func isSame(_ name: Range<Int>, _ other: Range<Int>) -> Bool {
    guard isHTML else { return bytes[name] == bytes[other] }
    return bytes[name].elementsEqual(bytes[other]) { $0.asciiLowercased == $1.asciiLowercased }
  }

  private func isOne(of names: Set<String>, _ name: Range<Int>) -> Bool {
    name.count <= 8 && names.contains(String(decoding: bytes[name].map(\.asciiLowercased), as: UTF8.self))
  }
}
