import Testing
import Webhooks

@Suite struct KnownTextTests {
  @Test(
    "a text stays the same, known or not",
    arguments: [
      "", "id", "X-Parlay-Signature", "x-parlay-signature", "application/json", "application/jsom",
      "analysis.completed", "Größenänderung, größer als 15 Bytes", String(repeating: "a", count: 5000),
    ])
  func same(text: String) {
    #expect(Array(KnownText.shared(text).utf8) == Array(text.utf8))
  }

  @Test("a text that is canonically equal to a known one, and of other bytes, keeps its bytes")
  func bytes() {
    let text = "application/json\u{37E} charset=utf-8"
    #expect(Array(KnownText.shared(text).utf8) == Array(text.utf8))
  }
}
