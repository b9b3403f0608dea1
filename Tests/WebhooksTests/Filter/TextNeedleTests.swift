import Testing
@testable import Webhooks

@Suite struct TextNeedleTests {
  private static let request = Request(
    headers: Headers([.init("X-Name", "Value One"), .init("Empty", "")]), body: Array("Body TEXT é".utf8))

  @Test(
    "a text is found in body, header names and header values, whatever the case of its ASCII letters",
    arguments: [
      ("body", true), ("BODY text", true), ("x-NAME", true), ("value one", true), ("ONE", true),
      ("empty", true),
      ("é", true), ("É", false), ("name: value", false), ("value onex", false), ("bodytext", false),
      ("e", true),
      ("value one value", false), ("", true),
    ])
  func finding(text: String, isThere: Bool) {
    #expect(TextNeedle(text).occurs(in: Self.request) == isThere)
  }

  @Test("needles are the same but for the case of ASCII letters")
  func equality() {
    #expect(TextNeedle("Foo") == TextNeedle("fOO"))
    #expect(TextNeedle("É") != TextNeedle("é"))
    #expect(TextNeedle("FooÉ").text == "fooÉ")
  }
}
