import TestSupport
import Testing

@testable import JSON

@Suite("payload search")
struct PayloadSearchTests {
  static let cases: [(String, String, [Range<Int>])] = [
    ("abc", "xabcabc", [1..<4, 4..<7]),
    ("ABC", "xabcAbC", [1..<4, 4..<7]),
    ("aa", "aaaaa", [0..<2, 2..<4]),
    ("\"id\"", #"{"id":1,"ID":2}"#, [1..<5, 8..<12]),
    ("é", "éÉé", [0..<2, 4..<6]),
    ("[", "{[", [1..<2]),
    ("{", "[{", [1..<2]),
    ("@", "`@", [1..<2]),
    ("", "abc", []),
    ("abc", "ab", []),
    ("abc", "", []),
    ("b", "abcB", [1..<2, 3..<4]),
    ("\\u00E9", #"caf\u00e9"#, [3..<9]),
  ]

  @Test("all matches are found in order, ASCII letters in both cases", arguments: cases)
  func matches(needle: String, body: String, ranges: [Range<Int>]) {
    let search = PayloadSearch(needle)
    #expect(search.matches(in: Array(body.utf8)) == PayloadMatches(ranges: ranges, isTruncated: false))
    #expect(search.isFound(in: Array(body.utf8)) == (needle.isEmpty || !ranges.isEmpty))
  }

  @Test("a match across two stretches of a large body is found once", arguments: 65_533...65_537)
  func stretches(place: Int) {
    let body = Array(repeating: UInt8(ascii: "x"), count: place) + Array("abab".utf8) + Array("yyaab".utf8)
    #expect(PayloadSearch("aba").matches(in: body).ranges == [place..<place + 3])
    #expect(PayloadSearch("AB").matches(in: body).ranges.map(\.lowerBound) == [place, place + 2, place + 7])
    #expect(PayloadSearch("xx").matches(in: body).ranges.count == place / 2)
  }

  @Test("the number of matches is bounded, and a flag tells of more")
  func limit() {
    let body = [UInt8](repeating: 0x61, count: 10)
    let search = PayloadSearch("a")
    #expect(search.matches(in: body, limit: 10).isTruncated == false)
    #expect(search.matches(in: body, limit: 9).isTruncated)
    #expect(search.matches(in: body, limit: 9).ranges.count == 9)
    #expect(search.matches(in: body, limit: 0) == PayloadMatches(ranges: [], isTruncated: true))
  }

  @Test("random searches find what a plain comparison finds")
  func random() {
    var random = SeededRandom(seed: 9)
    let alphabet = Array("abAB\"@`[{\u{0}".utf8) + [0xC3, 0xE9, 0xC9]
    func bytes(_ range: ClosedRange<Int>) -> [UInt8] {
      (0..<Int.random(in: range, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
    }
    for _ in 0..<5000 {
      let needle = bytes(1...4)
      let body = bytes(0...60)
      let search = PayloadSearch(bytes: needle)
      let expected = plainMatches(needle, body)
      #expect(search.matches(in: body).ranges == expected)
      #expect(search.isFound(in: body) == !expected.isEmpty)
    }
  }

  private func plainMatches(_ needle: [UInt8], _ body: [UInt8]) -> [Range<Int>] {
    func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { 0x41...0x5A ~= $0 ? $0 + 32 : $0 } }
    var ranges: [Range<Int>] = []
    var at = 0
    while at + needle.count <= body.count {
      let isMatch = folded(body[at..<at + needle.count]) == folded(needle)
      if isMatch { ranges.append(at..<at + needle.count) }
      at += isMatch ? needle.count : 1
    }
    return ranges
  }
}
