import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// What is tried, and what no more: where each guess of the search ends.
@Suite("The bounds of what is tried")
struct BoundTests {
  private static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
  private static let sent = SignedTime(text: Array("1763716800".utf8), origin: .asSent)

  @Test(
    "a time is shifted by time zones from -12 h to +14 h, quarters of hours among them, and by ten seconds",
    arguments: [1, 1000])
  func shifts(scale: Int) {
    let time = SignedTime(text: Array(String(1_763_716_800 * scale).utf8), origin: .asSent)
    let found = Set(time.shifted(unitsPerSecond: scale).compactMap { Int(Self.text($0.text)) })
    let due = [-43_200, 50_400, 20_700, -20_700, 31_500, 45_900, 49_500, 1800, 1, -1, 10, -10]
    for shift in due { #expect(found.contains((1_763_716_800 + shift) * scale), "\(shift)") }
    for shift in [0, 11, -11, 52_200, -45_000, 900] {
      #expect(!found.contains((1_763_716_800 + shift) * scale), "\(shift)")
    }
    #expect(
      SignedTime(text: Array("17637168000000000".utf8), origin: .asSent).shifted(unitsPerSecond: 1).isEmpty)
  }

  @Test("each millisecond of a second is tried, of whole unix seconds only")
  func milliseconds() {
    let found = Self.sent.milliseconds().map { Self.text($0.text) }
    #expect(found.count == 999 && found.first == "1763716800001" && found.last == "1763716800999")
    #expect(SignedTime(text: Array("1763716800482".utf8), origin: .asSent).milliseconds().isEmpty)
  }

  @Test("five minutes around the arrival are guessed, the nearest second first")
  func around() {
    let found = SignedTime.around(Timestamp(seconds: 1_763_716_800)).map { Int(Self.text($0.text)) ?? 0 }
    #expect(Array(found.prefix(3)) == [1_763_716_800, 1_763_716_799, 1_763_716_801])
    #expect(found.count == 601 && found.min() == 1_763_716_500 && found.max() == 1_763_717_100)
  }

  @Test("only what may be a time is one, in whichever unit, and as many as are bounded")
  func elsewhere() {
    let times = { (text: String) in
      SignedTime.all(of: Array(text.utf8)[...], from: "x").map { Self.text($0.text) }
    }
    #expect(times("123456789").isEmpty && times("x").isEmpty)
    #expect(times("1763716800").contains("1763716800000"))
    let units = { (text: String) in SignedTime.all(of: Array(text.utf8)[...]).map(\.origin) }
    #expect(units("99999999999999").contains(.secondsOfMilliseconds))
    #expect(!units("100000000000000").contains(.secondsOfMilliseconds))
    #expect(units("100000000000000").contains(.secondsOfMicroseconds))
    let body = "[" + (0..<500).map { "\(1_763_716_800 + $0)" }.joined(separator: ",") + "]"
    #expect((1..<SignedTime.limit + 8).contains(SignedTime.inBody(Array(body.utf8)).count))
  }

  @Test("a second is written as dates and fractions")
  func otherWords() {
    let found = Set(Self.sent.inOtherWords().map { Self.text($0.text) })
    let due = [
      "2025-11-21T09:20:00Z", "2025-11-21T09:20:00", "1763716800.0", "1763716800.00", "1763716800.000",
    ]
    #expect(found.isSuperset(of: due), "\(found)")
  }

  @Test(
    "a printed value is read back, and nothing else is taken for one",
    arguments: [
      (PrintedReading.pythonValue, "{'a': 1e5, 'b': True}", #"{"a": 1e5, "b": true}"#),
      (.pythonValue, #"{"a":"\u00e9"}"#, nil), (.pythonValue, "{'a': 1} and more: word", nil),
      (.pythonBytes, #"b'{"a":"\xc3\xa9"}'"#, #"{"a":"é"}"#), (.pythonBytes, "b'{}' more", nil),
      (.rubyValue, #"{"a" => nil}"#, #"{"a": null}"#), (.rubyValue, "{:a=>true}", #"{"a":true}"#),
    ] as [(PrintedReading, String, String?)])
  func printed(reading: PrintedReading, body: String, due: String?) {
    #expect(reading.document(Array(body.utf8)).map { Self.text($0) } == due)
  }

  @Test("a value is printed without the mark before it, in the quotes of its language, within the memory")
  func printedValues() {
    let memory = SearchMemory(1 << 20)
    let python = { (text: String) in
      PrintedValue.python.text(for: Array(text.utf8), memory).map { Self.text($0) }
    }
    #expect(python("\u{FEFF}{\"a\":1}") == "{'a': 1}")
    #expect(python(#"["it's","\"it's\"","x"]"#) == #"["it's", '"it\'s"', 'x']"#)
    let small = SearchMemory(4096)
    let long = Array(#"["\#(String(repeating: "x", count: small.candidate))"]"#.utf8)
    #expect(PrintedValue.python.text(for: long, small) == nil)
  }

  @Test(
    "the integers that one double stands for are tried, and those of others are not",
    arguments: [
      ("9007199254740992", ["9007199254740993"]), ("9007199254740991", []), ("9007199254740993", []),
      ("-9007199254740992", ["-9007199254740993"]), ("9007199254740994", []),
      (
        "9007199254740996", ["9007199254740995", "9007199254740997"]
      ),
    ] as [(String, [String])])
  func rounded(text: String, due: [String]) {
    let found = NumberEdit.originals(Array(text.utf8), .rounded).map { Self.text($0) }
    #expect(found.sorted() == due, "\(found)")
  }

  @Test("a large integer keeps its double, whatever is tried for it")
  func largeIntegers() {
    for text in ["1234567890123456768", "9223372036854774784", "-1234567890123456768"] {
      let found = NumberEdit.originals(Array(text.utf8), .rounded).map { Self.text($0) }
      #expect(found.count > 100 && found.allSatisfy { Double($0) == Double(text) }, "\(text)")
    }
    #expect(NumberEdit.originals(Array("100000000000000000000".utf8), .rounded).isEmpty)
  }

  @Test("an exponent is written out, and back, up to 64 digits; counters have three digits")
  func exponents() {
    let size = { (text: String, edit: ValueEdit) in
      NumberEdit.originals(Array(text.utf8), edit).map(\.count).max() ?? 0
    }
    #expect(size("1e64", .exponentCollapsed) > 60 && size("1e65", .exponentCollapsed) == 0)
    #expect(size("1e9000000", .exponentCollapsed) == 0)
    #expect(size("1" + String(repeating: "0", count: 63), .exponentExpanded) > 0)
    #expect(size("1" + String(repeating: "0", count: 64), .exponentExpanded) == 0)
    #expect(size("999", .counterRaised) == 3 && size("1000", .counterRaised) == 0)
  }

  @Test("letters are taken apart whole, and put together only where they are one")
  func letters() {
    let apart = { (text: String) in Self.text(LetterForms.decomposed(Array(text.utf8))).unicodeScalars.count }
    #expect(apart("\u{1EAF}") == 3 && apart("\u{AC00}") == 2 && apart("\u{AC01}") == 3)
    let together = { (text: String) in Self.text(LetterForms.composed(Array(text.utf8))).unicodeScalars.count
    }
    #expect(together("\u{AC00}\u{11A8}") == 1 && together("\u{AC01}\u{11A8}") == 2)
    let changes = { (text: [UInt8], isComposed: Bool) in
      LetterForms.letters(of: text, composed: isComposed).map { [$0.range.count] + $0.texts.map(\.count) }
    }
    #expect(changes(Array("\u{304B}\u{3099}x".utf8), false) == [[6, 3]])
    #expect(changes(Array("\u{304C}".utf8), true) == [[3, 6]])
    #expect(changes(Array("\u{E9}x".utf8) + [0xFF], true).isEmpty)
  }

  @Test("what is no wrapping is not unwrapped")
  func wrappings() {
    let undone = { (wrapping: BodyWrapping, text: String) in
      wrapping.undone(Array(text.utf8)).map { Self.text($0) }
    }
    #expect(undone(.base64, "data:application/json;base64,eyJhIjoxfQ==") == #"{"a":1}"#)
    #expect(
      undone(.form(field: "b"), #"{"a":"x&b=1&c"}"#) == nil && undone(.form(field: "b"), "a=2&b=1") == "1")
    #expect(BodyWrapping.base64Removed.applied(to: Array("eyJhIjoxfR==".utf8)) == nil)
    #expect(BodyWrapping.base64Removed.applied(to: Array("eyJhIjoxfQ==".utf8)) != nil)
    let mark = Array("\u{FEFF}{}".utf8)
    #expect(BodyWrapping.jsonString.applied(to: mark) == [0x22, 0xEF, 0xBB, 0xBF] + Array("{}\"".utf8))
    let fields = (0..<100).map { "f\($0)=\($0)" }.joined(separator: "&")
    #expect(undone(.form(field: "f60"), fields) == "60" && undone(.form(field: "f80"), fields) == nil)
    let part = { (size: Int) in
      "--b\r\nX: \(String(repeating: "x", count: size))\r\n\r\n{}\r\n--b--\r\n"
    }
    #expect(undone(.multipart, part(3000)) == "{}" && undone(.multipart, part(5000)) == nil)
  }

  @Test("no wrapping is made that takes more than its share of memory")
  func memory() {
    let memory = SearchMemory(10_000)
    for (size, due) in [(90, true), (200, false), (1900, false)] {
      var (made, most, isTooLarge) = (0, 0, false)
      _ = BodyWrapping.visitRemoved([UInt8](repeating: 0x7B, count: size), memory) { _, bytes in
        made += 1
        most = max(most, bytes?.count ?? 0)
        isTooLarge = isTooLarge || bytes == nil
        return false
      }
      #expect(isTooLarge != due && most <= memory.candidate && (size < 1600) == (most > 0), "\(size)")
      if due { #expect(made > 10) } else { #expect(made <= 2) }
    }
  }

  @Test("a digest that is written wrong has the size of one, whatever its form")
  func digests() {
    let hex = String(repeating: "0a", count: 32)
    let read = { (form: DigestForm, text: String) in form.read(Array(text.utf8)[...], size: 32)?.count }
    #expect(read(.separated, hex) == nil && read(.separated, hex.replacing("0a", with: "0a-")) == 32)
    let list = { (number: Int) in [String](repeating: "\(number)", count: 32).joined(separator: ", ") }
    #expect(read(.listed, list(255)) == 32 && read(.listed, list(-128)) == 32)
    #expect(read(.listed, list(256)) == nil && read(.listed, list(-129)) == nil)
    #expect(read(.hexOfHex, String(repeating: "30", count: 64)) == 32)
    #expect(read(.hexOfHex, String(repeating: "30", count: 60)) == nil)
    let fits = { (form: DigestForm, count: Int) in
      form.fits([UInt8](repeating: 0x61, count: count)[...], size: 32)
    }
    #expect(fits(.zerosDropped, 32) && fits(.zerosDropped, 63))
    #expect(!fits(.zerosDropped, 31) && !fits(.zerosDropped, 64))
  }

  @Test("sixteen digits of a digest prove nothing, thirty-two do")
  func cutDigests() throws {
    let scheme = Provider.parlay.scheme
    let targets = { (count: Int) in
      SignatureTarget.all(in: [UInt8](repeating: 0x61, count: count)[...], oddities: [], scheme: scheme)
        .filter {
          $0.form == nil && !$0.isOtherEncoding
        }
    }
    let mac = try #require(MAC([UInt8](repeating: 0xAA, count: 32)))
    let longer = try #require(MAC([UInt8](repeating: 0xAA, count: 64)))
    #expect(targets(30).isEmpty && targets(32).contains { $0.matches(mac) })
    #expect(!targets(32).contains { $0.matches(longer) })
  }

  private func keyOrders(_ body: String) -> KeyOrders? {
    let request = Request(headers: Headers(), body: Array(body.utf8))
    let subject = DiagnosisSubject(
      request: request, receivedAt: Timestamp(seconds: 1_763_716_800), verdict: Verdict(.noV1Matches))
    return KeyOrders(BodyCandidates(for: subject, Neighbours(of: subject, in: []), memory: .byHand))
  }

  private static func object(_ keys: some Sequence<Int>) -> String {
    "{" + keys.map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
  }

  @Test("nine keys that came sorted are put in every order, and seven others; no more")
  func orders() {
    #expect(keyOrders(Self.object(1...9))?.sheets.isEmpty == false)
    #expect(keyOrders("{\"k0\":1," + Self.object(1...9).dropFirst())?.sheets.isEmpty == true)
    #expect(keyOrders(Self.object([2, 1, 3, 4, 5, 6, 7]))?.sheets.isEmpty == false)
    #expect(keyOrders(Self.object([2, 1, 3, 4, 5, 6, 7, 8]))?.sheets.isEmpty == true)
    #expect(keyOrders(Self.object([2, 1]))?.sheets.contains { $0.style.endsWithNewline } == true)
  }

  @Test(
    "keys of one length are in the order of jsonb only where they are sorted",
    arguments: [
      (#"{"a":1,"c":2,"bb":3,"ccc":4}"#, true), (#"{"b":1,"a":2,"cc":3,"ddd":4}"#, false),
      (#"{"to":1,"by":2,"id":3,"at":4}"#, false),
    ])
  func jsonb(body: String, isByLength: Bool) {
    #expect((JSONHabits(Array(body.utf8))?.orderWords?.contains("jsonb") == true) == isByLength)
  }

  @Test("objects with the same keys have them in the same order; more than 64 objects are not put in order")
  func objects() {
    let alike = keyOrders(
      "[" + [String](repeating: Self.object([2, 1]), count: 3).joined(separator: ",") + "]")
    #expect(
      alike?.sheets.first.map { Set($0.shapes.values).count } == 1 && alike?.sheets[0].shapes.count == 3)
    let others = { (count: Int) in
      "[" + (0..<count).map { Self.object([$0 + 1000, $0]) }.joined(separator: ",") + "]"
    }
    #expect(keyOrders(others(64)) != nil && keyOrders(others(65)) == nil)
    #expect(keyOrders("[" + String(repeating: "1,", count: 20_000) + Self.object([2, 1]) + "]") == nil)
  }
}
