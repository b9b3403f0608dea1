import JSON
import Testing

@Suite struct ByteStringTests {
  @Test(
    "other bytes are another text, even where Unicode calls both the same",
    arguments: [("caf\u{E9}", "cafe\u{301}"), ("\u{212B}", "\u{C5}"), ("\u{301}\u{316}", "\u{316}\u{301}")])
  func canonicallyEqual(left: String, right: String) {
    #expect(left == right)
    #expect(ByteString(left) != ByteString(right))
    #expect(Set([ByteString(left), ByteString(right)]).count == 2)
    #expect((ByteString(left) < ByteString(right)) != (ByteString(right) < ByteString(left)))
  }

  @Test("bytes that are no text differ where they differ, and are drawn with U+FFFD")
  func invalid() {
    let (one, other) = (ByteString([0x61, 0xFF]), ByteString([0x61, 0xFE]))
    #expect(one != other)
    #expect(one.text == other.text)
    #expect(one.text == "a\u{FFFD}")
  }

  @Test("a part equals, hashes and sorts as a copy of it does")
  func parts() {
    let storage = Array("one two".utf8)
    let part = ByteString(storage, in: 4..<7)
    #expect(part == "two")
    #expect(part.hashValue == ByteString("two").hashValue)
    #expect(part.copied == part)
    #expect(Array(part) == Array("two".utf8))
    #expect(ByteString(storage, in: 0..<3) < part)
    #expect(part.cut(to: 2) == "tw")
    #expect(ByteString(storage, in: 3..<7).trimmingSpaces == part)
  }

  @Test(
    "only ASCII letters lose their case",
    arguments: [
      ("abc", "ABC", true), ("a-z", "A-Z", true), ("@", "`", false), ("[", "{", false), ("é", "É", false),
      ("a", "ab", false), ("", "", true), ("\u{212A}", "k", false), ("cafe\u{301}", "caf\u{E9}", false),
      ("é", "é", true), ("ſ", "s", false),
    ])
  func caseFolding(left: String, right: String, same: Bool) {
    #expect(ByteString(left).equalsIgnoringASCIICase(right) == same)
    #expect(ByteString(right).equalsIgnoringASCIICase(left) == same)
  }

  @Test(
    "trimming takes what is at the ends, and never more",
    arguments: [
      ("", ""), (" \t", ""), ("a", "a"), (" a b\t", "a b"), ("\na ", "\na"), ("a  ", "a"), ("  a", "a"),
    ])
  func trimming(text: String, rest: String) {
    #expect(ByteString(text).trimmingSpaces == ByteString(rest))
    #expect(Array(text.utf8)[...].trimmingSpaces.elementsEqual(rest.utf8))
  }

  @Test("what is trimmed away as a whole leaves the end, so that places in it still count")
  func trimmedAway() {
    let spaces = Array("ab   cd".utf8)[2..<5].trimmingSpaces
    #expect(spaces.startIndex == 5 && spaces.isEmpty)
  }

  @Test("a number in hexadecimal has zeros in front up to its width, and is never cut to it")
  func hexadecimal() {
    #expect(Hex.text(UInt8(7), width: 2) == "07")
    #expect(Hex.text(0xABC, width: 2, uppercase: true) == "ABC")
    #expect(Hex.text(UInt64.max, width: 4) == "ffffffffffffffff")
    #expect(Hex.text(0, width: 6) == "000000")
  }

  @Test("empty text is the same wherever it was cut out")
  func empty() {
    #expect(ByteString([1, 2, 3], in: 2..<2) == ByteString(""))
    #expect(ByteString("").text.isEmpty)
  }
}
