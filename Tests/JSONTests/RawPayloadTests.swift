import TestSupport
import Testing

@testable import JSON

@Suite("raw view")
struct RawPayloadTests {
  static let split: [(String, [String])] = [
    ("", [""]),
    ("a", ["a"]),
    ("a\n", ["a", ""]),
    ("\n\n", ["", "", ""]),
    ("a\r\nb\u{2028}c\r\n", ["a\r", "b\u{2028}c\r", ""]),
  ]

  @Test(
    "a body whose lines would need a larger index than is allowed is not indexed, and one below the bound is")
  func indexLimit() throws {
    #expect(throws: JSONFault.indexTooLarge(size: 16, limit: 12)) {
      try RawPayload(Array("a\nb\nc\nd".utf8), memoryLimit: 12)
    }
    #expect(try RawPayload(Array("a\nb\nc".utf8), memoryLimit: 12).lineCount == 3)
    #expect(
      JSONFault.indexTooLarge(size: 1 << 30, limit: PayloadDocument.indexLimit).sentence
        == "the body has too many lines to format: their index would take more than 256 MiB")
  }

  @Test("lines end at line feeds alone, and a final one shows as an empty line", arguments: split)
  func lines(body: String, lines: [String]) {
    let document = PayloadDocument(Array(body.utf8), mode: .raw)
    #expect(PayloadText.lines(document) == lines)
    #expect(document.line(at: 0).foldState == .none)
  }

  @Test("every byte finds its line, the line feed being part of it")
  func offsets() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<1000 {
      let count = Int.random(in: 0...60, using: &random)
      let body: [UInt8] = (0..<count).map { _ in [0x0A, 0x0D, 0x61, 0xFF].randomElement(using: &random)! }
      let document = PayloadDocument(body, mode: .raw)
      let lines = body.split(separator: 0x0A, omittingEmptySubsequences: false)
      #expect(document.lineCount == lines.count)
      for offset in body.indices {
        let line = document.line(containing: offset)
        #expect(line == body[..<offset].count { $0 == 0x0A })
        #expect(document.byteRange(ofLine: line).contains(offset))
      }
      let shown = (0..<document.lineCount).map { document.line(at: $0).segments.compactMap(\.source) }
      #expect(shown.map { $0.flatMap { Array(body[$0]) } } == lines.map(Array.init))
    }
  }

  @Test("offsets and lines outside of the body give the nearest")
  func outside() {
    let document = PayloadDocument(Array("ab\ncd".utf8), mode: .raw)
    #expect(document.line(containing: -5) == 0)
    #expect(document.line(containing: 99) == 1)
    #expect(document.byteOffset(ofLine: -1) == 0)
    #expect(document.byteOffset(ofLine: 99) == 3)
    #expect(document.line(at: 2).segments.isEmpty)
  }

  @Test("a body over the size limit is refused")
  func sizeLimit() {
    #expect(throws: JSONFault.tooLarge(size: 2, limit: 1)) { try RawPayload([1, 2], sizeLimit: 1) }
  }
}
