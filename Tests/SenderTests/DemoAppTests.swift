import Diagnosis
import JSON
import Testing
import Webhooks

@testable import Sender

@Suite("The demo's app, and its two bugs")
struct DemoAppTests {
  private let app = DemoApp(secrets: Support.demo)

  /// What the app answers to a body, signed so many seconds ago with the provider's secret, or with `secret`.
  private func status(
    _ body: String, sent: String? = nil, age: Double = 0, of provider: Provider = .parlay,
    secret: SigningSecret? = nil
  ) throws -> Int {
    let secret = try #require(secret ?? Support.demo.secret(of: .provider, for: provider))
    var request = Request(
      headers: Headers([.init(provider.eventHeader, "a.b")]), body: Array(body.utf8), peer: "")
    request = request.signed(with: secret, as: provider, at: Support.now.adding(-age))
    request.body = Array((sent ?? body).utf8)
    return app.status(for: request, at: Support.now)
  }

  @Test("takes what is signed, and refuses what is not, as an app should")
  func right() throws {
    #expect(try status(#"{"id":"é","n":[1,true,null]}"#) == 200)
    #expect(try status(#"{"id":"a"}"#, of: .parable) == 200)
    #expect(try status(#"{"id":"a"}"#, sent: #"{"id":"b"}"#) == 401)
    #expect(try status("{}", secret: Support.parlay) == 401)
    let retired = try #require(Support.demo.keyring.secrets.first { $0.retiredAt != nil })
    #expect(try status("{}", secret: retired) == 401)
    #expect(try status("no JSON") == 400)
    #expect(
      app.status(for: Request(headers: Headers(), body: Array("{}".utf8), peer: ""), at: Support.now) == 401)
  }

  @Test(
    "refuses what it does not print as it was sent",
    arguments: ["[12.50]", "[90071992547409931]", "{ }", "[1.0]"])
  func parsed(body: String) throws { #expect(try status(body) == 401) }

  @Test("takes what was signed otherwise than it came, where it prints the one as the other")
  func reserialised() throws { #expect(try status(#"{"a":[1,2]}"#, sent: #"{ "a": [1, 2] }"#) == 200) }

  @Test("takes a signature of any age", arguments: [301.0, 86_400, -600])
  func stale(age: Double) throws { #expect(try status("{}", age: age) == 200) }

  @Test("a check finds both bugs and nothing else, on a delivery that it takes")
  func check() throws {
    let secret = try #require(Support.demo.secret(of: .provider, for: .parlay))
    let request = OutgoingDelivery(Support.sample("webhook.test")).request
    var report = CheckReport()
    for probe in Probe.all {
      let draft = SignedDraft(
        headers: request.headers, body: request.body, provider: .parlay, secret: secret, now: Support.now,
        providers: .documented)
      guard let draft = probe.applied(to: draft) else { continue }
      var sent = request
      (sent.headers, sent.body) = (draft.signedHeaders, draft.body)
      _ = report.add(probe, draft, status: app.status(for: sent, at: Support.now))
    }
    let wrong = report.rows.filter { $0.verdict == .wrong }.map(\.probe.id)
    #expect(wrong == ["stale", "future", "reserialised-body"] && report.count(.lenient) == 0)
  }

  @Test("of the demo's burst, it takes some good deliveries and refuses others, and takes stale ones")
  func burst() {
    var feed = DemoFeed(secrets: Support.demo, seed: 7)
    var seen: Set<String> = []
    for _ in 0..<DemoFeed.burstCount {
      let request = feed.next(at: Support.now).delivery.request
      let verdict = Verifier(keyring: Support.demo.keyring).verify(
        request, provider: Providers.documented.of(request.headers), at: Support.now)
      seen.insert("\(verdict.status.rawValue) \(app.status(for: request, at: Support.now))")
    }
    #expect(seen.isSuperset(of: ["valid 200", "valid 401", "stale 200", "mismatch 401", "missing 401"]))
  }
}
