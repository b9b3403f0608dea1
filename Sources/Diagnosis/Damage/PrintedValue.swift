internal import JSON

/// How a language prints the values of a parsed JSON document.
struct PrintedValue: Sendable {
  typealias Writer = @Sendable ([UInt8], inout [UInt8]) -> Void

  let colon: String
  var comma = ", "
  var object = (open: "{", close: "}")
  var yes = "true"
  var no = "false"
  let null: String
  let string: Writer
  /// How keys are written, where not as strings are.
  var key: Writer?
  var isSorted = false

  static let python = PrintedValue(
    colon: ": ", yes: "True", no: "False", null: "None", string: PythonText.append)
  static let ruby = PrintedValue(colon: "=>", null: "nil", string: rubyString)
  static let rubySymbols = PrintedValue(
    colon: "=>", null: "nil", string: rubyString, key: { $1 += [0x3A] + $0 })
  static let rubySymbolKeys = PrintedValue(colon: ": ", null: "nil", string: rubyString, key: plain)
  static let rubySpaced = PrintedValue(colon: " => ", null: "nil", string: rubyString)
  /// Maps of Java and Go have no quotes around anything; Go sorts their keys.
  static let java = PrintedValue(colon: "=", null: "null", string: plain)
  static let go = PrintedValue(
    colon: ":", comma: " ", object: ("map[", "]"), null: "<nil>", string: plain, isSorted: true)

  /// Returns the parsed body as the language prints it, or nil if it is not JSON or takes too much memory.
  func text(for body: [UInt8], _ memory: SearchMemory) -> [UInt8]? {
    // A parser passes over a mark, which therefore shows in nothing that is printed.
    let body = EdgeChange.markAdded.undone(body) ?? body
    guard let received = JSONOutline(body, limit: memory.tokens) else { return nil }
    let style = JSONStyle(spacing: .compact, order: .sorted)
    let sorted = isSorted ? Reserialisations.written(body, in: style, memory: memory) : nil
    guard let outline = sorted.map({ JSONOutline($0, limit: memory.tokens) }) ?? received else { return nil }
    var output: [UInt8] = []
    var needsComma = false
    for (index, token) in outline.tokens.enumerated() {
      if needsComma, !token.kind.isClosing { output += comma.utf8 }
      needsComma = token.kind != .key && !token.kind.isOpening
      append(token, at: index, of: outline, to: &output)
      guard output.count <= memory.candidate else { return nil }
    }
    return output
  }

  private func append(_ token: JSONToken, at index: Int, of outline: JSONOutline, to output: inout [UInt8]) {
    switch token.kind {
    case .key: (key ?? string)(outline.text(at: index), &output)
    case .string: string(outline.text(at: index), &output)
    case .true: output += yes.utf8
    case .false: output += no.utf8
    case .null: output += null.utf8
    case .beginObject: output += object.open.utf8
    case .endObject: output += object.close.utf8
    default: output += outline.body[token.range]
    }
    if token.kind == .key { output += colon.utf8 }
  }

  @Sendable private static func plain(_ text: [UInt8], _ output: inout [UInt8]) { output += text }

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
enum PythonText {
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
