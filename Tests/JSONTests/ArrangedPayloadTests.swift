import TestSupport
import Testing

@testable import JSON

@Suite struct ArrangedPayloadTests {
  /// `ab` from byte 10, then `c` in two kinds from byte 20, then an empty line.
  private func example() throws -> PayloadDocument {
    var lines = ArrangedPayload()
    try lines.begin(at: 10)
    try lines.add("ab", .key)
    try lines.begin(at: 20, indent: 4)
    try lines.add("c", .string)
    try lines.add("d", .punctuation)
    try lines.begin(at: 20)
    return PayloadDocument(lines)
  }

  @Test("lines stand as they were added, indented, each part in its kind")
  func lines() throws {
    let document = try example()
    #expect(PayloadText.lines(document) == ["ab", "    cd", ""])
    #expect(document.line(at: 1).segments.map(\.kind) == [.indent, .string, .punctuation])
    #expect(document.mode == .pretty && !document.folds && document.fault == nil)
    #expect(String(decoding: document.body, as: UTF8.self) == "ab\ncd\n")
  }

  @Test("a line is found by its bytes, and by those of the body that it comes from")
  func places() throws {
    let document = try example()
    #expect((0..<6).map(document.line(containing:)) == [0, 0, 0, 1, 1, 1])
    #expect((0..<3).map(document.origin(ofLine:)) == [10, 20, 20])
    #expect([0, 10, 19, 20, 99].map(document.line(from:)) == [0, 0, 0, 1, 1])
    #expect((0..<3).map(document.byteOffset(ofLine:)) == [0, 3, 6])
  }

  @Test("nothing at all is one empty line")
  func empty() {
    let document = PayloadDocument(ArrangedPayload())
    #expect(PayloadText.lines(document) == [""])
    #expect(document.origin(ofLine: 0) == 0 && document.line(from: 5) == 0)
    #expect(document.byteRange(ofLine: 0) == 0..<0)
  }

  @Test("what would take more memory than it may is not made, and nothing once nobody waits")
  func bounds() throws {
    var lines = ArrangedPayload(memoryLimit: 1000)
    #expect(throws: JSONFault.self) { for _ in 0..<100 { try lines.begin(at: 0) } }
    #expect(lines.lineCount > 10 && lines.indexBytes <= 1000)
    #expect(throws: JSONFault.indexTooLarge(size: 1041, limit: 1000)) {
      var line = ArrangedPayload(memoryLimit: 1000)
      try line.begin(at: 0)
      try line.add([UInt8](repeating: 0x61, count: 1041 - 8 - 16), .text)
    }
    var forgotten = ArrangedPayload { true }
    #expect(throws: JSONFault.cancelled) { try forgotten.begin(at: 0) }
  }

  @Test("a line of very many parts is drawn in a bounded number of segments, and loses none of its text")
  func manyParts() throws {
    var lines = ArrangedPayload()
    try lines.begin(at: 0)
    for _ in 0..<10_000 {
      try lines.add("a", .key)
      try lines.add("b", .string)
    }
    let document = PayloadDocument(lines)
    #expect(document.line(at: 0).segments.count <= 256)
    #expect(PayloadText.line(document, 0) == String(repeating: "ab", count: 10_000))
  }

  @Test("lines of another view keep their parts and their indentation, and hexadecimal is text")
  func others() throws {
    var lines = ArrangedPayload()
    try lines.add(PayloadDocument(Array("[1]".utf8), mode: .pretty), indent: 2) { 100 + $0 }
    try lines.add(PayloadDocument([0xFF], mode: .hex), indent: 2) { 200 + $0 }
    let document = PayloadDocument(lines)
    #expect(PayloadText.lines(document).prefix(3) == ["  [", "    1", "  ]"])
    #expect((0..<4).map(document.origin(ofLine:)) == [100, 101, 102, 200])
    #expect(!document.line(at: 3).segments.contains { $0.kind == .hex })
  }

  @Test("text is cut at LF, CRLF and CR", arguments: ["a\nb\r\nc\rd", "a\n\nb\n", "", "\r\n"])
  func breaks(text: String) throws {
    var lines = ArrangedPayload()
    let bytes = Array(text.utf8)
    try lines.add(text: bytes, in: 0..<bytes.count, .text, indent: 0)
    let expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    #expect(
      PayloadText.lines(PayloadDocument(lines))
        == expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }
}
