public import JSON

extension JSONLexer {
  /// All tokens of `body`, in order; throws the first fault.
  public static func tokens(
    of body: [UInt8], maximumDepth: Int = JSONLexer.viewDepth
  ) throws(JSONFault) -> [JSONToken] {
    var lexer = JSONLexer(maximumDepth: maximumDepth)
    var tokens: [JSONToken] = []
    while let token = try lexer.next(in: body.span) { tokens.append(token) }
    return tokens
  }
}
