internal import JSON

/// The end of a document that was cut off, and what closes it again where that was brackets only.
enum JSONClosing {
  /// More brackets than these in a row are not what a cut leaves open.
  private static let deepest = 1 << 16

  /// The body without its last `count` bytes; nil where it has no more.
  static func cut(_ count: Int, from body: [UInt8]) -> [UInt8]? {
    count < body.count ? body.dropLast(count) : nil
  }

  /// The closing brackets that `body` lacks; nil where it is whole, or lacks more than brackets.
  static func missing(from body: [UInt8]) -> [UInt8]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var open: [UInt8] = []
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        if token.kind == .beginObject { open.append(UInt8(ascii: "}")) }
        if token.kind == .beginArray { open.append(UInt8(ascii: "]")) }
        if token.kind.isClosing { open.removeLast() }
        guard open.count <= deepest else { return nil }
      }
      return nil
    } catch {
      guard case .cutOff(_, let due) = error, due == .commaOrBrace || due == .commaOrBracket else {
        return nil
      }
      return open.reversed()
    }
  }
}
