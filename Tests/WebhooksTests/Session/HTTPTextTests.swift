import JSON
import Testing
@testable import Webhooks

@Suite struct HTTPTextTests {
  @Test(
    "tokens, values and targets hold what HTTP allows in them",
    arguments: [
      ("POST", true, true, true), ("X-A_b.c!#$%&'*+^`|~9", true, true, true), ("", false, true, false),
      ("a b", false, true, false), ("a:b", false, true, true), ("a\tb", false, true, false),
      ("a\rb", false, false, false),
      ("a\nb", false, false, false), ("a\u{0}", false, false, false), ("a\u{7F}", false, false, false),
      ("é", false, true, true), ("/hook?a=b", false, true, true), ("http://a/", false, true, true),
    ])
  func classes(text: String, isToken: Bool, isValue: Bool, isTarget: Bool) {
    #expect(HTTPText.isToken(ByteString(text)) == isToken)
    #expect(HTTPText.isFieldValue(ByteString(text)) == isValue)
    #expect(HTTPText.isTarget(ByteString(text)) == isTarget)
  }
}
