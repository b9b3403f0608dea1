import Foundation
import TestSupport
import Testing

@testable import JSON

/// Bodies of any bytes: each reader of JSON in the program takes and refuses the same, and none changes a byte.
@Suite("Fuzz: JSON")
struct JSONFuzzTests {
  private static let seeds: [[UInt8]] = [
    #"{"id":"evt_1","event":"webhook.test","livemode":false,"created_at":1745518397,"data":{"a":[1,2.50,-0e+1]}}"#,
    #"{"event":"capture.processed","delivery_id":"d","emitted_at":"2026-11-21","data":{"id":"c","x":null}}"#,
    "[]", "{}", "null", " true ", "\"\"", "-0", "1e9999", "[[[[[[]]]]]]", #"{"a":{"a":{"a":{}}}}"#,
    #"["\ud83d\ude00","\ud83d","\ude00","\u0000","\\\"\/\b\f\n\r\t"]"#, #"{"a":1,"a":2,"":3}"#,
    "[1,]", "[,1]", "{\"a\" 1}", "{'a':1}", "[01]", "[1.]", "[.5]", "[+1]", "[NaN]", "nul", "[1 2]",
    "\u{FEFF}{}",
    "{}{}", "\"\u{7F}é漢\u{1F600}\u{2028}\"", "[1]//x", "/*x*/[1]", "[0x10]", "[-]", "[1e]", "\u{B}[]",
    "12345678901234567890.12345678901234567890e-300", #"{"abcdefghijklmnop":"qrstuvwxyz0123456789"}"#,
  ].map { Array($0.utf8) }

  private static let pieces: [[UInt8]] = [
    "[", "]", "{", "}", "\"", ":", ",", "\\", "\\u", "\\u00e9", "\\ud800", "\\n", "0", "1", "-", "+", ".",
    "e", "E",
    "true", "false", "null", " ", "\n", "\t", "\r", "\u{0}", "\u{1F}", "\u{7F}", "é", "/", "'", "\"a\":",
    "[[", "]]",
    "{\"a\":", "}}", "\u{FEFF}", "\u{A0}",
  ].map { Array($0.utf8) }

  private static let query = JSONFieldQuery([["id"], ["event"], ["livemode"], ["data", "id"]])

  @Test("any body is taken apart into tokens that cover it, and is taken by all readers or by none")
  func readers() {
    let outcome = Fuzz("JSON").run { round in
      round.input = Self.body(&round.random)
      let result = Result { () throws(JSONFault) in try JSONLexer.tokens(of: round.input) }
      switch result {
      case .success(let tokens): try Self.expectCover(tokens, round)
      case .failure(let fault):
        try round.expect(0...round.input.count ~= fault.offset, "the fault is at \(fault.offset)")
        try round.expect(fault.sentence.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(fault.sentence)")
      }
      let isTaken = (try? result.get()) != nil
      round.count(isTaken ? "taken" : "refused")
      try round.expect(Self.query.fields(in: round.input).isJSON == isTaken, "the field query disagrees")
      try Self.expectView(isTaken, &round)
      try Self.expectFoundation(result, &round)
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("taken", oneIn: 8))
    #expect(outcome.reached("refused", oneIn: 4))
    #expect(outcome.reached("as Foundation", oneIn: 2))
  }

  private static func body(_ random: inout SeededRandom) -> [UInt8] {
    if random.isOne(in: 3) {
      let json = Array(random.json(depth: 3).utf8)
      return random.isOne(in: 2) ? json : random.mutated(json, seeds: seeds, pieces: pieces)
    }
    return random.input(like: seeds, pieces: pieces, longest: 2000)
  }

  /// The tokens stand in order and cover all but white space.
  private static func expectCover(_ tokens: [JSONToken], _ round: Fuzz.Round) throws {
    var end = 0
    for token in tokens {
      try round.expect(token.start >= end && token.end > token.start, "\(token) overlaps")
      try round.expect(isBlank(round.input[end..<token.start]), "something stands before \(token)")
      end = token.end
    }
    try round.expect(isBlank(round.input[end...]), "something stands behind the last token")
  }

  private static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  /// The body pane shows the bytes as sent, folded or not, and knows where each stands.
  private static func expectView(_ isTaken: Bool, _ round: inout Fuzz.Round) throws {
    var document = PayloadDocument(round.input, mode: .pretty)
    try round.expect((document.fault == nil) == isTaken, "the view disagrees")
    let shown = PayloadText.sentBytes(document)
    let due = isTaken ? PayloadText.compacted(round.input) : round.input.filter { $0 != 0x0A }
    try round.expect(shown == due, "the view shows other bytes")
    for _ in 0..<3 {
      let line = round.random.number(below: document.lineCount)
      document.fold(line: line)
      let offset = round.random.number(below: round.input.count)
      let shownLine =
        round.random.isOne(in: 2) ? document.reveal(offset: offset) : document.line(containing: offset)
      try round.expect(0..<document.lineCount ~= shownLine, "byte \(offset) is shown on line \(shownLine)")
      let range = document.byteRange(ofLine: shownLine)
      try round.expect(0...round.input.count ~= range.upperBound, "line \(shownLine) shows \(range)")
    }
    document.unfoldAll()
    try round.expect(PayloadText.sentBytes(document) == due, "folding and unfolding changes the view")
  }

  /// Another reader of JSON takes and refuses the same, but for what is listed.
  private static func expectFoundation(
    _ result: Result<[JSONToken], JSONFault>, _ round: inout Fuzz.Round
  ) throws {
    guard String(validating: round.input, as: UTF8.self) != nil else { return }
    let data = Data(round.input)
    let isTakenThere = (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
    switch result {
    case .success(let tokens) where !isTakenThere:
      let isKnown = tokens.contains { isBeyondFoundation($0, in: round.input) }
      try round.expect(isKnown, "Foundation refuses it")
      round.count("refused by Foundation alone")
    case .failure(let fault) where isTakenThere:
      try round.expect(isTakenByFoundation(fault, in: round.input), "Foundation takes it")
      round.count("taken by Foundation alone")
    default: round.count("as Foundation")
    }
  }

  /// RFC 8259 allows surrogates without a partner and numbers of any size, and only a reader of values minds.
  private static func isBeyondFoundation(_ token: JSONToken, in body: [UInt8]) -> Bool {
    if token.kind == .number { return Double(token.text(in: body.span))?.isFinite != true }
    return token.isEscaped && token.text(in: body.span).unicodeScalars.contains("\u{FFFD}")
  }

  /// A byte order mark, a comma before a closing bracket or brace, and what Foundation takes for UTF-16 or UTF-32.
  private static func isTakenByFoundation(_ fault: JSONFault, in body: [UInt8]) -> Bool {
    switch fault {
    case .byteOrderMark: return true
    case .unexpected(UInt8(ascii: "]"), let at, .value), .unexpected(UInt8(ascii: "}"), let at, .key):
      return body[..<at].last { !isBlank([$0]) } == UInt8(ascii: ",")
    default: return body.prefix(4).contains(0)
    }
  }
}
