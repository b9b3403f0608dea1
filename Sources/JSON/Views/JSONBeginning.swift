/// The beginning of a long JSON text as a JSON text of its own: what is open where it is cut off is closed.
///
/// It can be laid out like any other, at once, while the whole is still being read.
public struct JSONBeginning: Sendable {
  /// What stands in the text up to its last whole value, or as far as a long string was read, and the brackets that
  /// close what is open there. A string that was cut off ends with an ellipsis.
  public let text: [UInt8]
  /// How many brackets that are.
  public let closed: Int

  /// Reads at most the first `limit` bytes of `body`; nil if they are not JSON, or end inside a first value that is not
  /// a string.
  public init?(of body: [UInt8], atMost limit: Int) {
    let bytes = Array(body.prefix(limit))
    guard let beginning = Self(cuttingStringOf: bytes) ?? Self(upToLastCommaOf: bytes) else { return nil }
    self = beginning
  }

  /// Closes the string that the bytes end in; nil if they do not end in a string, or end in the name of a member.
  private init?(cuttingStringOf bytes: [UInt8]) {
    var reading = Reading()
    guard case .openString(let start, _)? = reading.fault(in: bytes.span), !reading.isKeyDue else {
      return nil
    }
    closed = reading.brackets.count
    let end = Self.end(ofCutStringFrom: start, in: bytes)
    text = bytes[..<end] + "…\"".utf8 + reading.brackets.reversed()
  }

  private init?(upToLastCommaOf bytes: [UInt8]) {
    // No number, word or escape holds a comma, so that none is cut in two.
    guard let cut = bytes.lastIndex(of: UInt8(ascii: ",")) else { return nil }
    var reading = Reading()
    switch reading.fault(in: bytes.span.extracting(..<cut)) {
    case .cutOff, .openString: break
    // A whole text, which nothing may follow, or none.
    default: return nil
    }
    guard reading.end > 0 else { return nil }
    closed = reading.depth
    text = bytes[..<reading.end] + reading.brackets.prefix(closed).reversed()
  }

  /// Where the last whole escape or character ends of a string that was cut off.
  private static func end(ofCutStringFrom start: Int, in bytes: [UInt8]) -> Int {
    var at = start + 1
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "\\") else {
        at += 1
        continue
      }
      let isCode = at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "u")
      guard at + (isCode ? 6 : 2) <= bytes.count else { return at }
      at += isCode ? 6 : 2
    }
    return max(start + 1, bytes.endOfWholeCharacters)
  }

  /// How far the last whole value reaches.
  private struct Reading {
    var end = 0
    /// How many brackets are open there.
    var depth = 0
    /// What closes those that were opened.
    var brackets: [UInt8] = []
    /// Whether the next token is the name of a member.
    var isKeyDue = false

    /// Reads the bytes and returns the first fault; nil if they are a whole JSON text.
    mutating func fault(in bytes: Span<UInt8>) -> JSONFault? {
      var lexer = JSONLexer()
      do throws(JSONFault) {
        while let token = try lexer.next(in: bytes) { take(token) }
        return nil
      } catch {
        return error
      }
    }

    private mutating func take(_ token: JSONToken) {
      isKeyDue = false
      switch token.kind {
      case .beginObject:
        brackets.append(UInt8(ascii: "}"))
        isKeyDue = true
      case .beginArray: brackets.append(UInt8(ascii: "]"))
      case .comma: isKeyDue = brackets.last == UInt8(ascii: "}")
      case .key, .colon: break
      case .endObject, .endArray:
        brackets.removeLast()
        (end, depth) = (token.end, brackets.count)
      case .string, .number, .true, .false, .null: (end, depth) = (token.end, brackets.count)
      }
    }
  }
}
