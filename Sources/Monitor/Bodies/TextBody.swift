internal import JSON

extension BodyKind {
  /// Text of any kind, with its line breaks.
  static let text: BodyKind = BodyKind(
    name: "text", mediaTypes: ["text/plain"], plainView: .raw, fits: { isText($0.bytes) },
    layOut: { content, work throws(JSONFault) in
      // What has no carriage returns has the lines of the raw view.
      guard content.bytes.contains(UInt8(ascii: "\r")) else {
        return PayloadDocument(content.bytes, mode: .raw, hexWidth: work.hexWidth)
      }
      var lines = work.arranged()
      try lines.add(text: content.bytes, in: 0..<content.bytes.count, .text, indent: 0)
      return PayloadDocument(lines)
    })

  /// What is nothing else: its bytes in hexadecimal.
  static let binary: BodyKind = BodyKind(
    name: "binary", mediaTypes: ["application/octet-stream"], plainView: .hex, fits: { _ in true },
    layOut: { content, work in PayloadDocument(content.bytes, mode: .hex, hexWidth: work.hexWidth) })

  /// How many bytes tell text from other data.
  private static let sample = 64 << 10

  /// Whether the bytes are text: no NUL, and few that are neither characters nor white space. Text in an older charset
  /// has some of those.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    let sample = bytes.prefix(sample)
    var odd = 0
    var at = 0
    while at < sample.count {
      if sample[at] == 0 { return false }
      let character = UTF8.scalar(at: at, before: bytes.count) { bytes[$0] }
      if character == nil || isControl(sample[at]) { odd += 1 }
      at += character?.length ?? 1
    }
    return odd * 10 <= sample.count
  }

  /// Whether it is a control character that text does not hold: all but white space, backspace and escape.
  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && !byte.isBlank && byte != 0x08 && byte != 0x1B || byte == 0x7F
  }
}
