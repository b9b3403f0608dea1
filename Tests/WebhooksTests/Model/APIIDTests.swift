import Testing
import Webhooks

/// What an API's ids look like.
struct APIIDTests {
  @Test("an id is safe as a part of a path", arguments: ["wh_2k4xJzaB", "a", "A-b_c.d", "9"])
  func ids(text: String) { #expect(APIID(text.utf8)?.text == text) }

  @Test(
    "what could leave its folder, or end its line, is no id",
    arguments: [
      "", ".", "..", ".x", "a/b", "../x", "a b", "a\n", "é", "a%2Fb", String(repeating: "x", count: 101),
    ])
  func notIDs(text: String) { #expect(APIID(text.utf8) == nil) }
}
