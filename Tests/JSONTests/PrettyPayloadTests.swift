import TestSupport
import Testing

@testable import JSON

@Suite("pretty view")
struct PrettyPayloadTests {
  private func pretty(_ text: String) throws -> PayloadDocument {
    let document = PayloadDocument(Array(text.utf8), mode: .pretty)
    try #require(document.fault == nil)
    return document
  }

  private static let sample = #"{"a":[1,{"b":null} ,[]],"c" : { },"d":{"e":"x, y","f":[true]},"a":-0}"#

  static let laidOut: [(String, [String])] = [
    ("7", ["7"]),
    (" \"s\" ", ["\"s\""]),
    ("{ \n }", ["{}"]),
    ("[[],[ ]]", ["[", "  [],", "  []", "]"]),
    (
      sample,
      [
        "{", #"  "a": ["#, "    1,", "    {", #"      "b": null"#, "    },", "    []", "  ],",
        #"  "c": {},"#, #"  "d": {"#, #"    "e": "x, y","#, #"    "f": ["#, "      true", "    ]", "  },",
        #"  "a": -0"#, "}",
      ]
    ),
    (
      #"{"n":[1.0,-0,1E+2,100000000000000000000.000],"e":"\u00e9\/\ud800"}"#,
      [
        "{", #"  "n": ["#, "    1.0,", "    -0,", "    1E+2,", "    100000000000000000000.000", "  ],",
        #"  "e": "\u00e9\/\ud800""#, "}",
      ]
    ),
  ]

  @Test("members stand on lines of their own, written as they were sent", arguments: laidOut)
  func layout(body: String, lines: [String]) throws {
    #expect(PayloadText.lines(try pretty(body)) == lines)
  }

  @Test("segments have the kinds that the theme colours")
  func kinds() throws {
    let document = try pretty(#"{"k":"s","n":1,"t":true,"a":[null],"o":{}}"#)
    func kinds(_ line: Int) -> [PayloadSegment.Kind] { document.line(at: line).segments.map(\.kind) }
    #expect(kinds(0) == [.punctuation])
    #expect(kinds(1) == [.indent, .key, .punctuation, .indent, .string, .punctuation])
    #expect(kinds(2) == [.indent, .key, .punctuation, .indent, .number, .punctuation])
    #expect(kinds(3) == [.indent, .key, .punctuation, .indent, .literal, .punctuation])
    #expect(kinds(5) == [.indent, .literal])
    #expect(kinds(7) == [.indent, .key, .punctuation, .indent, .punctuation, .punctuation])
    #expect((0..<9).filter { document.line(at: $0).foldState == .open } == [0, 4])
  }

  @Test("a folded node shows how much it holds, and its comma")
  func folded() throws {
    var document = try pretty(Self.sample)
    #expect(document.fold(line: 9) == 9)
    #expect(document.fold(line: 1) == 1)
    #expect(
      PayloadText.lines(document) == [
        "{", #"  "a": [ … 3 items ],"#, #"  "c": {},"#, #"  "d": { … 2 keys },"#, #"  "a": -0"#, "}",
      ])
    #expect(document.line(at: 1).foldState == .folded)
    #expect(document.line(at: 1).segments.map(\.kind).contains(.elision))
    #expect(document.fold(line: 0) == 0)
    #expect(PayloadText.lines(document) == ["{ … 4 keys }"])
    var single = try pretty("[1]")
    single.fold(line: 0)
    #expect(PayloadText.lines(single) == ["[ … 1 item ]"])
  }

  @Test("folding a line inside a node folds that node and says where it is")
  func foldsContaining() throws {
    var document = try pretty(Self.sample)
    #expect(document.fold(line: 4) == 3)
    #expect(PayloadText.line(document, 3) == "    { … 1 key },")
    #expect(document.fold(line: 5) == 1)
    #expect(PayloadText.line(document, 1) == #"  "a": [ … 3 items ],"#)
    #expect(document.fold(line: 1) == 1)
    #expect(PayloadText.line(document, 3) == "    { … 1 key },")
    #expect(document.fold(line: 10) == 9)
  }

  @Test("fold all leaves the outermost node open, and unfold all shows everything again")
  func foldAll() throws {
    var document = try pretty(Self.sample)
    let whole = PayloadText.lines(document)
    document.foldAll()
    #expect(document.lineCount == 6)
    document.fold(line: 1)
    #expect(PayloadText.line(document, 3) == "    { … 1 key },")
    document.unfoldAll()
    #expect(PayloadText.lines(document) == whole)
  }

  @Test("revealing a byte opens the folds around it and no others")
  func reveal() throws {
    var document = try pretty(Self.sample)
    document.foldAll()
    let offset = try #require(PayloadSearch("null").matches(in: document.body).ranges.first).lowerBound
    #expect(document.line(containing: offset) == 1)
    #expect(document.reveal(offset: offset) == 4)
    #expect(PayloadText.line(document, 4) == #"      "b": null"#)
    #expect(document.lineCount == 12)
    #expect(document.reveal(offset: offset) == 4)
    document.foldAll()
    #expect(document.reveal(offset: 7) == 2)
    #expect(document.reveal(offset: 8) == 3)
    #expect(PayloadText.line(document, 3) == "    { … 1 key },")
  }

  @Test("a scalar has nothing to fold, and lines outside change nothing")
  func nothingToFold() throws {
    var scalar = try pretty("1")
    #expect(scalar.fold(line: 0) == 0)
    scalar.foldAll()
    #expect(scalar.lineCount == 1)
    var document = try pretty(Self.sample)
    #expect(document.fold(line: 99) == 99)
    #expect(document.fold(line: -1) == -1)
    #expect(document.lineCount == 17)
    #expect(document.line(at: 17).segments.isEmpty)
    #expect(document.line(at: -1).segments.isEmpty)
  }

  @Test("random documents show all that was sent, in order")
  func sentBytes() throws {
    var random = SeededRandom(seed: 4)
    for _ in 0..<2000 {
      let document = try pretty(random.json())
      #expect(PayloadText.sentBytes(document) == PayloadText.compacted(document.body))
    }
  }

  @Test("under random folds the lines' bytes tile the body and each byte finds its line")
  func folds() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<1500 {
      var document = try pretty(random.json())
      let whole = PayloadText.lines(document)
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let line = Int.random(in: 0..<document.lineCount, using: &random)
        let shown = document.fold(line: line)
        #expect(shown <= line && document.lineCount >= 1)
      }
      expectTiling(document)
      document.unfoldAll()
      #expect(PayloadText.lines(document) == whole)
    }
  }

  private func expectTiling(_ document: PayloadDocument) {
    var end = document.byteOffset(ofLine: 0)
    for line in 0..<document.lineCount {
      let range = document.byteRange(ofLine: line)
      #expect(range.lowerBound == end && !range.isEmpty)
      end = range.upperBound
      #expect(document.byteOffset(ofLine: line) == range.lowerBound)
      for offset in [range.lowerBound, (range.lowerBound + range.upperBound) / 2, range.upperBound - 1] {
        #expect(document.line(containing: offset) == line)
      }
    }
    #expect(end == document.body.count)
  }

  @Test("folding twice is as if nothing had happened")
  func foldTwice() throws {
    var random = SeededRandom(seed: 6)
    for _ in 0..<1500 {
      var document = try pretty(random.json())
      document.fold(line: Int.random(in: 0..<document.lineCount, using: &random))
      let before = PayloadText.lines(document)
      let line = Int.random(in: 0..<document.lineCount, using: &random)
      let shown = document.fold(line: line)
      #expect(document.fold(line: shown) == shown)
      #expect(PayloadText.lines(document) == before)
    }
  }
}
