internal import JSON
internal import Screen
internal import Webhooks

extension BodyKind {
  /// JSON, or what was meant to be: the view says where it is wrong.
  static let json: BodyKind = BodyKind(
    name: "JSON", mediaTypes: jsonTypes,
    fits: { JSONGuess.fits($0) },
    layOut: { content, work throws(JSONFault) in
      guard content.isCut else {
        return PayloadDocument(
          content.bytes, mode: .pretty, hexWidth: work.hexWidth, isCancelled: work.isCancelled)
      }
      return try beginning(of: content, work)
    })

  /// The first lines, without those that close what was cut off, which stand elsewhere in the body; as sent where that
  /// is no JSON.
  private static func beginning(
    of content: BodyContent, _ work: BodyWork
  ) throws(JSONFault) -> PayloadDocument {
    guard let beginning = JSONBeginning(of: content.bytes, atMost: content.bytes.count) else {
      return PayloadDocument(content.bytes, mode: .raw, hexWidth: work.hexWidth)
    }
    let document = PayloadDocument(beginning.text, mode: .pretty)
    let shown = min(BodyBeginning.most, document.lineCount - beginning.closed)
    var lines = work.arranged()
    try lines.add(document, lines: 0..<shown, indent: 0) { $0 }
    return PayloadDocument(lines)
  }

  /// Text that the header calls JSON, and nothing: the view says why it is none.
  static let announcedJSON: BodyKind = BodyKind(
    name: json.name, mediaTypes: jsonTypes,
    fits: { content in
      content.bytes.isEmpty || json.isAnnounced(by: content.type) && text.fits(content)
    }, layOut: json.layOut)

  private static let jsonTypes = ["application/json", "text/json", "+json"]
}

/// Tells JSON from other text by its first tokens: what is JSON for that long and then breaks is broken JSON.
enum JSONGuess {
  /// How many tokens are read; a log line in brackets has fewer before it breaks.
  private static let tokens = 12

  static func fits(_ content: BodyContent) -> Bool {
    guard let start = content.start else { return false }
    let first = content.bytes[start]
    let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    // The lexer says that a byte order mark must not be there.
    if content.bytes.first == 0xEF { return isContainer && content.bytes.starts(with: [0xEF, 0xBB, 0xBF]) }
    var lexer = JSONLexer()
    var count = 0
    do throws(JSONFault) {
      while count < tokens {
        guard try lexer.next(in: content.bytes.span) != nil else { return true }
        count += 1
      }
      return true
    } catch {
      if content.isCut, error.isOfTheEnd { return true }
      return isContainer && count >= needed(for: error, isObject: first == UInt8(ascii: "{"))
    }
  }

  /// How many tokens make broken JSON of text.
  private static func needed(for fault: JSONFault, isObject: Bool) -> Int {
    switch fault {
    case .openString where isObject: 1
    case .cutOff, .openString: 2
    default: isObject ? 3 : 4
    }
  }
}

extension JSONFault {
  /// Whether nothing is wrong but that there is no more.
  fileprivate var isOfTheEnd: Bool {
    switch self {
    case .cutOff, .openString: true
    default: false
    }
  }
}
