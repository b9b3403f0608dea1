import JSON
import Testing
@testable import Webhooks

@Suite struct GlobTests {
  @Test(
    "a star stands for any characters, a question mark for one",
    arguments: [
      ("", "", true), ("", "a", false), ("a", "", false), ("*", "", true), ("*", "abc", true),
      ("**", "abc", true),
      ("?", "", false), ("?", "a", true), ("?", "ab", false), ("?", "é", true), ("?", "日", true),
      ("?", "👍", true),
      ("??", "日", false), ("*??", "日", false), ("*??bc", "日bc", false), ("*?", "日", true), ("?*", "日本", true),
      ("*本", "日本", true),
      ("a*c", "abbc", true), ("a*c", "abcd", false), ("*a*", "bab", true), ("a?c", "abc", true),
      ("*.completed", "analysis.completed", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false),
      ("abc", "ABC", false), ("a**?", "ab", true), ("a*?", "a", false), ("[a]", "a", false),
      ("[a]", "[a]", true),
    ])
  func matching(pattern: String, text: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(ByteString(text)) == isMatch)
  }

  @Test("a byte that begins no character stands for itself, and takes no other along")
  func notUTF8() {
    let stray = ByteString([0x61, 0xFF, 0x63])
    #expect(Glob("a?c").matches(stray))
    #expect(!Glob("a?").matches(stray))
    #expect(Glob("a?").matches(ByteString([0x61, 0xE2, 0x82])))
  }

  @Test("where there is no text nothing matches")
  func noText() {
    #expect(!Glob("*").matches(nil))
  }

  @Test("a hostile pattern on a hostile text ends", .timeLimit(.minutes(1)))
  func hostile() {
    let pattern = String(repeating: "*a", count: 500) + "*b"
    #expect(!Glob(pattern).matches(ByteString(String(repeating: "a", count: 20_000))))
  }

  @Test("every pattern agrees with the definition, on all short texts")
  func definition() {
    let patterns = Self.texts(over: "ab*?", upTo: 4)
    let texts = Self.texts(over: "ab", upTo: 4)
    for pattern in patterns {
      let glob = Glob(pattern)
      for text in texts
      where glob.matches(ByteString(text)) != Self.reference(Array(pattern)[...], Array(text)[...]) {
        Issue.record("\(pattern) on \(text)")
      }
    }
  }

  private static func texts(over alphabet: String, upTo length: Int) -> [String] {
    var all = [""]
    var last = [""]
    for _ in 0..<length {
      last = last.flatMap { text in alphabet.map { text + String($0) } }
      all += last
    }
    return all
  }

  private static func reference(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return reference(pattern.dropFirst(), text) || (!text.isEmpty && reference(pattern, text.dropFirst()))
    }
    guard let character = text.first, first == "?" || first == character else { return false }
    return reference(pattern.dropFirst(), text.dropFirst())
  }
}
