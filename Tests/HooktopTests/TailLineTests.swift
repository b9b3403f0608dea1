import Screen
import Testing
import Webhooks

@testable import hooktop

@Suite("The lines that tail prints")
struct TailLineTests {
  @Test(
    "of an app's URL no more columns are printed than a line can spare, whatever it is made of",
    arguments: ["a", "漢", "e\u{301}", "\u{202E}"])
  func longURL(sign: String) {
    let exchange = Exchange(
      at: .now(), url: "http://a/" + String(repeating: sign, count: 10_000), response: .init(status: 200),
      milliseconds: .init(total: 1))
    let line = TailLine.text(exchange, of: 1)
    #expect(SafeText.width(of: line) <= 160 && line.contains("to http://a/") && line.contains("  200  "))
  }
}
