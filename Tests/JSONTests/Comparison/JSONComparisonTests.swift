import TestSupport
import Testing

@testable import JSON

@Suite("Two JSON texts compared")
struct JSONComparisonTests {
  private func differences(_ left: String, _ right: String) throws -> Differences {
    let outlines = try [left, right].map { try #require(JSONOutline(Array($0.utf8))) }
    return try #require(JSONComparison.differences(outlines[0], outlines[1]))
  }

  /// `~ .a 1 -> 2 sameNumber`.
  private func words(_ difference: Difference) -> String {
    let sign =
      switch difference.kind {
      case .added: "+"
      case .removed: "-"
      case .changed: "~"
      case .moved: ">"
      }
    var words = [sign, difference.place.text]
    if let left = difference.left { words.append(left.bytes.text) }
    if difference.kind == .changed { words.append("->") }
    if let right = difference.right { words.append(right.bytes.text) }
    if let note = difference.note { words.append("\(note)".replacing("place(left: ", with: "(")) }
    return words.joined(separator: " ")
  }

  @Test(
    "tell what was added, removed, changed and moved, by path",
    arguments: [
      ("{}", "{}", []),
      (#"{"a":1}"#, #" { "a" : 1 } "#, []),
      (#"{"a":1}"#, #"{"a":2}"#, ["~ .a 1 -> 2"]),
      (#"{"a":1}"#, #"{"a":1,"b":"x"}"#, [#"+ .b "x""#]),
      (#"{"a":1,"b":[1]}"#, #"{"a":1}"#, ["- .b [1]"]),
      (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, ["> .a (1, right: 2)"]),
      (#"{"a":1,"b":2,"c":3}"#, #"{"c":3,"a":1,"b":9}"#, ["~ .b 2 -> 9", "> .c (3, right: 1)"]),
      (#"{"a":{"b":{"c":1}}}"#, #"{"a":{"b":{"c":true}}}"#, ["~ .a.b.c 1 -> true"]),
      (#"{"a":null}"#, #"{"a":{"b":1}}"#, [#"~ .a null -> {"b":1}"#]),
      // Arrays: what stands between elements that are in both is compared in order.
      ("[1,2,3]", "[1,3]", ["- .[1] 2"]),
      ("[1,3]", "[0,1,3]", ["+ .[0] 0"]),
      ("[1,2,3]", "[1,9,3]", ["~ .[1] 2 -> 9"]),
      ("[1,2,3]", "[3,1,2]", ["> .[2] (3, right: 1)"]),
      ("[1,1,2]", "[1,2]", ["- .[1] 1"]),
      ("[1,2]", "[3,4,5]", ["~ .[0] 1 -> 3", "~ .[1] 2 -> 4", "+ .[2] 5"]),
      (#"[{"id":1,"n":1},{"id":2}]"#, #"[{"id":1,"n":2},{"id":2}]"#, ["~ .[0].n 1 -> 2"]),
      // Keys that stand twice: the first with the first.
      (#"{"a":1,"a":2}"#, #"{"a":1,"a":3}"#, ["~ .a 2 -> 3"]),
      (#"{"a":1,"a":2}"#, #"{"a":1}"#, ["- .a 2"]),
      // Paths as jq writes them.
      (#"{"a b":[{"":1}]}"#, #"{"a b":[{"":2}]}"#, [#"~ .["a b"][0][""] 1 -> 2"#]),
      (#"{"1a":1}"#, "{}", [#"- .["1a"] 1"#]),
      ("1", "2", ["~ . 1 -> 2"]), ("[]", "{}", ["~ . [] -> {}"]), ("[[1]]", "[[2]]", ["~ .[0][0] 1 -> 2"]),
      // A key that is spelled otherwise is the same key.
      (#"{"\u0061":1}"#, #"{"a":1}"#, []),
    ] as [(String, String, [String])])
  func table(left: String, right: String, expected: [String]) throws {
    let found = try differences(left, right)
    #expect(found.list.map(words).sorted() == expected.sorted())
    #expect(found.count == expected.count)
  }

  @Test(
    "numbers and strings are compared as sent, with a note where they mean the same",
    arguments: [
      ("1", "1.0", .sameNumber), ("100", "1e2", .sameNumber), ("0.10", "1.0E-1", .sameNumber),
      ("-0", "0", .sameNumber), ("0.0", "-0e9", .sameNumber), ("12e-1", "1.2", .sameNumber),
      ("1200", "12e+2", .sameNumber), ("0.001", "1e-3", .sameNumber), ("1", "-1", nil), ("10", "1", nil),
      ("1e2", "1e3", nil), ("0.1", "0.01", nil), ("1e99999999999999999999", "2e99999999999999999999", nil),
      ("9007199254740993", "9007199254740992", .sameDouble), ("0.1", "0.10000000000000001", .sameDouble),
      ("1e999", "2e999", nil), (#""a""#, #""\u0061""#, .sameText), (#""/""#, #""\/""#, .sameText),
      (#""a""#, #""b""#, nil), ("1", #""1""#, nil), ("true", "false", nil),
    ] as [(String, String, Difference.Note?)])
  func notes(left: String, right: String, note: Difference.Note?) throws {
    let found = try differences(left, right)
    #expect(found.list.count == 1 && found.list.first?.note == note && found[.changed] == 1)
  }

  @Test("of a long value the part is shown where it differs, and no character is cut in two")
  func excerpt() throws {
    let text = String(repeating: "é", count: 500)
    let found = try differences("\"\(text)a\(text)\"", "\"\(text)b\(text)\"")
    let (left, right) = (try #require(found.list[0].left), try #require(found.list[0].right))
    #expect(left.bytes.text.contains("éaé") && right.bytes.text.contains("ébé"))
    #expect(left.before + left.bytes.count + left.after == 2003 && left.before > 900 && left.after > 700)
    #expect(left.bytes.text.first == "é" && left.bytes.count <= Excerpt.limit + 3)
  }

  @Test(
    "what differs is near the start of what is shown, also at the end of a long text",
    arguments: [0, 500, 999])
  func place(offset: Int) throws {
    var texts = [[UInt8]](repeating: Array(repeating: 0x61, count: 1000), count: 2)
    texts[1][offset] = 0x62
    let found = Difference.change(at: ".", from: ByteString(texts[0]), to: ByteString(texts[1]))
    let right = try #require(found.right)
    #expect(right.bytes.prefix(30).contains(0x62))
    #expect(right.before + right.bytes.count + right.after == 1000 && right.bytes.count <= Excerpt.limit)
  }

  @Test("a long path has its ends")
  func path() throws {
    let nested = { (value: Int) in
      String(repeating: #"{"a":"#, count: 50) + "\(value)" + String(repeating: "}", count: 50)
    }
    let place = try differences(nested(1), nested(2)).list[0].place.text
    #expect(place == ".a.a.a.a.a.a (34 more) .a.a.a.a.a.a.a.a.a.a")
  }

  @Test("what stands at the end of a path of 200,000 steps is named at no cost of its length")
  func longPath() {
    func cost(_ count: Int) -> Int {
      let path = JSONPath(steps: (0..<count).map { .index($0) })
      return Cost.ofThread { for place in 0..<300 { #expect(path.text(to: .index(place)).count > 20) } }
    }
    let found = Cost(factor: 4, slack: 5_000_000, plain: { cost(40) }, hostile: { cost(200_000) })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("two numbers are compared as doubles up to 400 digits", arguments: [(300, true), (500, false)])
  func longNumbers(zeros: Int, isSame: Bool) {
    let number = { (last: Int) in ByteString("1." + String(repeating: "0", count: zeros) + "\(last)") }
    #expect(JSONNumber.note(number(1), number(2)) == (isSame ? .sameDouble : nil))
  }

  @Test("depth costs no stack", arguments: DeepBody.all)
  func deep(body: DeepBody) throws {
    guard let outline = JSONOutline(body.bytes) else { return }
    var changed = body.bytes
    let place = try #require(changed.firstIndex(of: UInt8(ascii: "0")))
    changed[place] = UInt8(ascii: "1")
    let other = try #require(JSONOutline(changed))
    let found = SmallStack.run { JSONComparison.differences(outline, other) } ?? nil
    #expect(found?.count == 1)
  }

  @Test("many keys, in another order and all changed, are counted, and the first are listed")
  func many() throws {
    let members = (1...50_000).map { "\"k\($0)\":\($0)" }
    let left = "{" + members.joined(separator: ",") + "}"
    let right = "{" + members.reversed().map { $0 + "0" }.joined(separator: ",") + "}"
    let found = try differences(left, right)
    #expect(found[.changed] == 50_000 && found[.moved] == 49_999)
    #expect(found.list.count == Differences.limit)
    #expect(try differences(left, "{}")[.removed] == 50_000)
  }

  @Test("equal elements and elements in another order cost no square of their number")
  func elements() throws {
    let ones = "[" + String(repeating: "1,", count: 50_000) + "2]"
    #expect(try differences(ones, "[2," + String(repeating: "1,", count: 50_000) + "3]").count == 2)
    let up = "[" + (0..<20_000).map(String.init).joined(separator: ",") + "]"
    let down = "[" + (0..<20_000).reversed().map(String.init).joined(separator: ",") + "]"
    #expect(try differences(up, down)[.moved] == 19_999)
  }

  @Test("once nobody waits it ends without a result")
  func cancelled() throws {
    let left = try #require(JSONOutline(Array(("[" + String(repeating: "1,", count: 9000) + "1]").utf8)))
    let right = try #require(JSONOutline(Array(("[" + String(repeating: "2,", count: 9000) + "2]").utf8)))
    #expect(JSONComparison.differences(left, right) { true } == nil)
  }

  @Test("equal texts have no difference, whatever they are", arguments: 0..<40)
  func equal(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let outline = try #require(JSONOutline(Array(random.json().utf8)))
    #expect(JSONComparison.differences(outline, outline)?.count == 0)
  }
}

@Suite("Two lists aligned")
struct AlignmentTests {
  @Test(
    "as few elements as can be have moved",
    arguments: [
      ("abc", "abc", ""), ("abc", "cab", "c"), ("abcd", "bcda", "a"), ("abcdef", "abedcf", "ce"),
      ("aab", "aba", "a"), ("", "abc", ""), ("abc", "", ""), ("xay", "az", ""),
    ])
  func moved(left: String, right: String, moved: String) {
    let (one, other) = (Array(left), Array(right))
    let alignment = Alignment(one, other)
    let found = alignment.pairs.filter(\.isMoved).map { one[$0.left] }
    #expect(found.count == moved.count && (moved.count > 1 || String(found) == moved))
    // Every element is told once.
    #expect((alignment.pairs.map(\.left) + alignment.onlyLeft).sorted() == Array(one.indices))
    #expect((alignment.pairs.map(\.right) + alignment.onlyRight).sorted() == Array(other.indices))
    #expect(alignment.pairs.allSatisfy { one[$0.left] == other[$0.right] })
    #expect(alignment.pairs.map(\.left) == alignment.pairs.map(\.left).sorted())
  }
}
