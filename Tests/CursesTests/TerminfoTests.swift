import Testing

@testable import Curses

struct TerminfoTests {
  @Test(
    "a capability loses its delays, and nothing else",
    arguments: [
      "\u{1B}[?1049l": "\u{1B}[?1049l", "\u{1B}[H$<50>": "\u{1B}[H", "a$<5/>b$<1*>c": "abc",
      "$<5": "$<5", "$5>": "$5>", "": "",
    ])
  func padding(capability: String, expected: String) {
    let result = Terminfo.withoutPadding(Array(capability.utf8))
    #expect(String(decoding: result, as: UTF8.self) == expected)
  }
}
