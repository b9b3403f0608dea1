import Testing
import Webhooks

@Suite struct ProviderTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let headers: [(String, String)]
    let provider: Provider?
    var testDescription: String { name }
  }

  @Test(
    "a provider is known by its signature, then event, then delivery header, then user agent",
    arguments: [
      Case(name: "nothing", headers: [("Host", "a")], provider: nil),
      Case(name: "signature", headers: [("x-parable-signature", "")], provider: .parable),
      Case(name: "other case", headers: [("X-PARABLE-SIGNATURE", "")], provider: .parable),
      Case(name: "event", headers: [("X-Parlay-Event", "")], provider: .parlay),
      Case(name: "delivery", headers: [("X-Parlay-Delivery", "")], provider: .parlay),
      Case(name: "agent", headers: [("user-agent", "parlay-webhook/2")], provider: .parlay),
      Case(name: "another agent", headers: [("user-agent", "curl parlay-webhook/1")], provider: nil),
      Case(
        name: "signature before event",
        headers: [("X-Parlay-Event", ""), ("x-parable-signature", "")], provider: .parable),
      Case(
        name: "event before delivery",
        headers: [("X-Parlay-Delivery", ""), ("x-parable-event", "")], provider: .parable),
      Case(
        name: "delivery before agent",
        headers: [("User-Agent", "parlay-webhook/1"), ("x-parable-delivery", "")], provider: .parable),
      Case(
        name: "both signatures: the first row of the table",
        headers: [("x-parable-signature", ""), ("X-Parlay-Signature", "")], provider: .parlay),
    ])
  func precedence(example: Case) {
    let headers = Headers(example.headers.map { .init($0.0, $0.1) })
    #expect(Providers.builtIn.of(headers) == example.provider)
  }

  @Test("providers are named as options and files name them")
  func names() {
    #expect(Providers.builtIn["parlay"] == .parlay)
    #expect(Providers.builtIn["parable"] == .parable)
    #expect(Providers.builtIn["Parlay"] == nil)
    #expect(Providers.builtIn[""] == nil)
  }
}
