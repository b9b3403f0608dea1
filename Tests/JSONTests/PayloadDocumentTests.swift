import TestSupport
import Testing

@testable import JSON

@Suite("payload document")
struct PayloadDocumentTests {
  @Test("a body is shown in the view asked for", arguments: PayloadMode.allCases)
  func modes(mode: PayloadMode) {
    let document = PayloadDocument(Array("[1]".utf8), mode: mode)
    #expect(document.mode == mode)
    #expect(document.fault == nil)
  }

  @Test("what has no pretty view is shown raw, with the reason and the offset")
  func fallback() {
    let document = PayloadDocument(Array("[1,\n2,]".utf8), mode: .pretty)
    #expect(document.mode == .raw)
    #expect(document.fault == .unexpected(UInt8(ascii: "]"), at: 6, due: .value))
    #expect(PayloadText.lines(document) == ["[1,", "2,]"])
  }

  @Test("10 000 levels are laid out and 10 001 are not")
  func depth() {
    func nested(_ depth: Int) -> PayloadDocument {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return PayloadDocument(Array(text.utf8), mode: .pretty)
    }
    #expect(nested(10_000).lineCount == 19_999)
    #expect(PayloadText.line(nested(10_000), 9_999) == String(repeating: " ", count: 19_998) + "[]")
    #expect(nested(10_001).fault == .tooDeep(limit: 10_000, at: 10_000))
  }

  @Test("views without nodes have nothing to fold", arguments: [PayloadMode.raw, .hex])
  func noFolds(mode: PayloadMode) {
    let body = Array("[\n1,\n2\n]".utf8)
    var document = PayloadDocument(body, mode: mode)
    let lines = PayloadText.lines(document)
    #expect(document.fold(line: 0) == 0)
    document.foldAll()
    document.unfoldAll()
    #expect(document.mode == mode && PayloadText.lines(document) == lines)
    #expect(document.reveal(offset: 2) == document.line(containing: 2))
  }

  @Test("a view made of any bytes has a line and shows it", arguments: PayloadMode.allCases)
  func anyBytes(mode: PayloadMode) {
    var random = SeededRandom(seed: 8)
    for _ in 0..<500 {
      let count = Int.random(in: 0...80, using: &random)
      let body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let document = PayloadDocument(body, mode: mode)
      #expect(document.lineCount >= 1)
      #expect(PayloadText.lines(document).count == document.lineCount)
      #expect((document.fault == nil) == (document.mode == mode))
    }
  }
}
