import TestSupport
import Testing

@testable import JSON

@Suite("hex view")
struct HexPayloadTests {
  @Test("sixteen bytes a line with address, two groups and ASCII, short lines aligned")
  func layout() {
    let body = Array("0123456789abcdef\u{1B}[é~".utf8) + Array("0123456".utf8)
    let document = PayloadDocument(body + Array("89abXYZ".utf8), mode: .hex)
    #expect(
      PayloadText.lines(document) == [
        "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef",
        "00000010  1b 5b c3 a9 7e 30 31 32  33 34 35 36 38 39 61 62  .[..~012345689ab",
        "00000020  58 59 5a                                          XYZ",
      ])
  }

  @Test("the ASCII column stands at the same place whatever the length of the line", arguments: 1...16)
  func alignment(count: Int) {
    let document = PayloadDocument([UInt8](repeating: 0x21, count: count), mode: .hex)
    let line = PayloadText.line(document, 0)
    #expect(line.utf8.count == 60 + count)
    #expect(line.hasSuffix(String(repeating: "!", count: count)))
  }

  @Test("an empty body shows its address alone")
  func empty() {
    #expect(PayloadText.lines(PayloadDocument([], mode: .hex)) == ["00000000"])
  }

  @Test("each byte is shown once in digits and once in ASCII, in order")
  func sources() {
    let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let document = PayloadDocument(body, mode: .hex)
    let segments = (0..<document.lineCount).flatMap { document.line(at: $0).segments }
    for kind in [PayloadSegment.Kind.hex, .ascii] {
      let bytes = segments.filter { $0.kind == kind }.flatMap { Array($0.source ?? 0..<0) }
      #expect(bytes == Array(0..<1000))
    }
    let digits = segments.filter { $0.kind == .hex }.flatMap {
      PayloadText.text(of: $0, in: body).split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    #expect(digits == body)
    for offset in body.indices {
      #expect(document.line(containing: offset) == offset / 16)
    }
    #expect(document.byteOffset(ofLine: 3) == 48)
    #expect(document.line(containing: 5000) == document.lineCount - 1)
    #expect(document.line(at: 63).segments.isEmpty)
  }
}
