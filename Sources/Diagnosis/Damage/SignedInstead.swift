internal import JSON
internal import Webhooks

/// A text that a sender signed in place of the body: a value as its language prints it, or a part of the document.
enum SignedInstead: Sendable, Equatable {
  case pythonBytes, pythonValue, rubyValue, rubySpacedValue
  case jsonString, jsonStringTwice
  case nothing, fixed(String)
  /// The value of one member of the outermost object, as it was sent.
  case member(String)

  /// All but the members, the most common ones first.
  private static let all: [SignedInstead] = [
    .pythonBytes, .pythonValue, .jsonString, .nothing, .fixed("[object Object]"), .rubyValue,
    .rubySpacedValue, .jsonStringTwice, .fixed("undefined"), .fixed("null"), .fixed("{}"), .fixed("None"),
    .fixed("Array"), .fixed("\"\""),
  ]

  /// Hands each text that may have been signed in place of `body` to `visit`, until that says to stop; gives whether it
  /// did.
  static func visit(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (SignedInstead, [UInt8]) -> Bool
  ) -> Bool {
    for instead in all {
      if let text = instead.text(for: body, memory), visit(instead, text) { return true }
    }
    return members(of: body, memory).contains { visit(.member($0.name), $0.value) }
  }

  /// The text that was signed for `body`; nil where the body is of another kind, has more tokens than allowed, or is
  /// asked for a member, which only `visit` finds.
  func text(for body: [UInt8], _ memory: SearchMemory = .byHand) -> [UInt8]? {
    switch self {
    case .pythonBytes: return PythonText.bytes(body)
    case .pythonValue: return PrintedValue.python.text(for: body, memory)
    case .rubyValue: return PrintedValue.ruby.text(for: body, memory)
    case .rubySpacedValue: return PrintedValue.rubySpaced.text(for: body, memory)
    case .jsonString: return BodyWrapping.jsonString.applied(to: body)
    case .jsonStringTwice:
      return BodyWrapping.jsonString.applied(to: body).flatMap(BodyWrapping.jsonString.applied)
    case .nothing: return []
    case .fixed(let text): return Array(text.utf8)
    case .member: return nil
    }
  }

  /// The members of the outermost object that hold an object, an array or text, as they stand in `body`.
  private static func members(of body: [UInt8], _ memory: SearchMemory) -> [(name: String, value: [UInt8])] {
    guard let outline = JSONOutline(body, limit: memory.tokens), outline.tokens.first?.kind == .beginObject
    else { return [] }
    return outline.keys(ofObjectAt: 0).prefix(32).map { key in
      let end = outline.tokens[outline.end(of: key + 1)].end
      let name = Printable.short(String(decoding: outline.text(at: key), as: UTF8.self), limit: 24)
      return (name, Array(body[outline.tokens[key + 1].start..<end]))
    }
  }

  /// What was signed, as the object of a sentence.
  var words: String {
    switch self {
    case .pythonBytes: "the body as Python prints bytes, b'...'"
    case .pythonValue: "the parsed body as Python prints it, {'key': True}"
    case .rubyValue: "the parsed body as Ruby prints it, {\"key\"=>true}"
    case .rubySpacedValue: "the parsed body as Ruby prints it, {\"key\" => true}"
    case .jsonString: "the body encoded as a JSON string once more"
    case .jsonStringTwice: "the body encoded as a JSON string twice more"
    case .nothing: "an empty body"
    case .fixed(let text): "the text \(text)"
    case .member(let name): "only the member \(name) of the body"
    }
  }
}

/// How a language prints the values of a parsed JSON document.
private struct PrintedValue: Sendable {
  let colon: String
  let yes: String
  let no: String
  let null: String
  let string: @Sendable ([UInt8], inout [UInt8]) -> Void

  static let python = PrintedValue(
    colon: ": ", yes: "True", no: "False", null: "None", string: PythonText.append)
  static let ruby = PrintedValue(colon: "=>", yes: "true", no: "false", null: "nil", string: rubyString)
  static let rubySpaced = PrintedValue(
    colon: " => ", yes: "true", no: "false", null: "nil", string: rubyString)

  func text(for body: [UInt8], _ memory: SearchMemory) -> [UInt8]? {
    guard let outline = JSONOutline(body, limit: memory.tokens) else { return nil }
    var output: [UInt8] = []
    var needsComma = false
    for (index, token) in outline.tokens.enumerated() {
      if needsComma, !token.kind.isClosing { output += [UInt8(ascii: ","), 0x20] }
      needsComma = token.kind != .key && !token.kind.isOpening
      append(token, at: index, of: outline, to: &output)
      guard output.count <= memory.candidate else { return nil }
    }
    return output
  }

  private func append(_ token: JSONToken, at index: Int, of outline: JSONOutline, to output: inout [UInt8]) {
    switch token.kind {
    case .key, .string: string(outline.text(at: index), &output)
    case .true: output += yes.utf8
    case .false: output += no.utf8
    case .null: output += null.utf8
    default: output += outline.body[token.range]
    }
    if token.kind == .key { output += colon.utf8 }
  }

  @Sendable private static func rubyString(_ text: [UInt8], _ output: inout [UInt8]) {
    let letters: [UInt8: String] = [
      0x22: #"\""#, 0x5C: #"\\"#, 0x0A: #"\n"#, 0x0D: #"\r"#, 0x09: #"\t"#, 0x1B: #"\e"#,
    ]
    output.append(0x22)
    for byte in text { if let letter = letters[byte] { output += letter.utf8 } else { output.append(byte) } }
    output.append(0x22)
  }
}

/// Text and bytes as Python's `repr` prints them.
private enum PythonText {
  static func bytes(_ body: [UInt8]) -> [UInt8] {
    var output = [UInt8(ascii: "b")]
    let quote = quote(of: body)
    output.append(quote)
    for byte in body { append(byte, quote, escapesHigh: true, to: &output) }
    return output + [quote]
  }

  /// Text keeps its letters; control characters of the first page become `\xNN`.
  @Sendable static func append(_ text: [UInt8], to output: inout [UInt8]) {
    let quote = quote(of: text)
    output.append(quote)
    for byte in text { append(byte, quote, escapesHigh: false, to: &output) }
    output.append(quote)
  }

  /// Single quotes, unless these would need a backslash and double ones would not.
  private static func quote(of text: [UInt8]) -> UInt8 {
    text.contains(UInt8(ascii: "'")) && !text.contains(UInt8(ascii: "\""))
      ? UInt8(ascii: "\"") : UInt8(ascii: "'")
  }

  private static func append(_ byte: UInt8, _ quote: UInt8, escapesHigh: Bool, to output: inout [UInt8]) {
    switch byte {
    case 0x5C, quote: output += [0x5C, byte]
    case 0x0A: output += #"\n"#.utf8
    case 0x0D: output += #"\r"#.utf8
    case 0x09: output += #"\t"#.utf8
    case 0x20..<0x7F: output.append(byte)
    case 0x80... where !escapesHigh: output.append(byte)
    default: output += (#"\x"# + Hex.text([byte])).utf8
    }
  }
}
