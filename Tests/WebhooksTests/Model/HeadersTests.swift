import JSON
import Testing
@testable import Webhooks

@Suite struct HeadersTests {
  private let headers = Headers([
    .init("Host", "a"), .init("X-Parlay-Signature", "one"), .init("x-parlay-SIGNATURE", "two"),
    .init("Empty", ""),
  ])

  @Test(
    "names are found whatever the case of their letters",
    arguments: [
      ("host", "a"), ("HOST", "a"), ("x-parlay-signature", "one"), ("empty", ""), ("x-parlay-signatur", nil),
      ("", nil),
    ] as [(String, String?)])
  func first(name: String, value: String?) {
    #expect(headers.first(name)?.text == value)
  }

  @Test("all values of a name come in the order they were sent")
  func all() {
    #expect(headers.all("X-PARLAY-signature") == ["one", "two"])
    #expect(headers.all("none").isEmpty)
  }

  @Test("the fields keep order, case and repetitions")
  func fields() {
    #expect(headers.map(\.name) == ["Host", "X-Parlay-Signature", "x-parlay-SIGNATURE", "Empty"])
  }
}
