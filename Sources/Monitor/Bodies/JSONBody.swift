internal import JSON
internal import Screen
internal import Webhooks

extension BodyKind {
  /// JSON, or what was meant to be: the view says where it is wrong.
  static let json: BodyKind = BodyKind(
    name: "JSON", mediaTypes: jsonTypes,
    fits: { JSONGuess.fits($0) },
    layOut: { content, work in
      PayloadDocument(content.bytes, mode: .pretty, hexWidth: work.hexWidth, isCancelled: work.isCancelled)
    })

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

/// The first lines of a large JSON body, which are shown at once and until all of it has been read.
enum BodyBeginning {
  /// More lines than a screen has.
  private static let most = 500

  /// The lines as they will stand; none where the body is of another kind, or compressed.
  static func lines(of request: Request) -> [[TextRun]] {
    guard !BodyReading.mayBePacked(request),
      let beginning = JSONBeginning(of: request.body, atMost: Job.inlineLimit)
    else { return [] }
    let content = PaneContent.payload(PayloadDocument(beginning.text, mode: .pretty))
    // Those that close what was cut off stand elsewhere in the body.
    return (0..<min(most, content.lineCount - beginning.closed)).map { content.runs(line: $0, search: nil) }
  }
}
