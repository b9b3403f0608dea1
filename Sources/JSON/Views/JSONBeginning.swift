/// The beginning of a long JSON text as a JSON text of its own: what is open where it is cut off is closed.
///
/// It can be laid out like any other, at once, while the whole is still being read.
public struct JSONBeginning: Sendable {
  /// What stands in the text up to its last whole value, and the brackets that close what is open there.
  public let text: [UInt8]
  /// How many brackets that are.
  public let closed: Int

  /// Reads at most the first `limit` bytes of `body`, up to a comma there; nil where no whole value stands in them, or
  /// what does is no JSON.
  public init?(of body: [UInt8], atMost limit: Int) {
    // No number, word or escape holds a comma, so that none is cut in two.
    guard let cut = body.prefix(limit).lastIndex(of: UInt8(ascii: ",")) else { return nil }
    let bytes = Array(body[..<cut])
    var reading = Reading()
    guard reading.reads(bytes.span), reading.end > 0 else { return nil }
    closed = reading.depth
    text = bytes[..<reading.end] + reading.brackets.prefix(closed).reversed()
  }

  /// How far the last whole value reaches.
  private struct Reading {
    var end = 0
    /// How many brackets are open there.
    var depth = 0
    /// What closes those that were opened.
    var brackets: [UInt8] = []

    /// Returns whether the bytes are the beginning of a JSON text, and of no shorter one.
    mutating func reads(_ bytes: Span<UInt8>) -> Bool {
      var lexer = JSONLexer()
      do throws(JSONFault) {
        while let token = try lexer.next(in: bytes) { take(token) }
        return false
      } catch {
        switch error {
        case .cutOff, .openString: return true
        default: return false
        }
      }
    }

    private mutating func take(_ token: JSONToken) {
      switch token.kind {
      case .beginObject: brackets.append(UInt8(ascii: "}"))
      case .beginArray: brackets.append(UInt8(ascii: "]"))
      case .key, .colon, .comma: break
      case .endObject, .endArray:
        brackets.removeLast()
        (end, depth) = (token.end, brackets.count)
      case .string, .number, .true, .false, .null: (end, depth) = (token.end, brackets.count)
      }
    }
  }
}
