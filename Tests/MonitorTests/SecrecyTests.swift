import TestSupport
import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct SecrecyTests {
  @Test("no frame shows a secret, or the signature that a failed delivery should have had")
  func frames() throws {
    var app = try App(columns: 200, rows: 60)
    let signer = try SigningSecret("whsec_monitor_test", label: "parlay", provider: .parlay)
    var requests = try Fixture.mixed()
    var changed = try Fixture.parlay(id: "evt_changed")
    changed.body += Array("\n".utf8)
    requests.append(changed)
    try app.receive(requests)
    let expected = requests.map { signer.signature(timestamp: "1745518397", body: $0.body) }
    let sent = Set(
      requests.flatMap { $0.headers.all("X-Parlay-Signature") + $0.headers.all("x-parable-signature") })
    let unsent = expected.filter { mac in !sent.contains { $0.text.contains(mac) } }
    #expect(unsent.count >= 3)

    for keys in ["", "2<Enter>", "<Enter>3b", "bb", "4", "S", "<Esc>i", "b", "<Esc><Esc>?"] {
      app.type(keys)
      for _ in 0..<requests.count {
        let screen = app.screen
        #expect(!screen.contains("whsec_"))
        for mac in unsent { #expect(!screen.contains(mac.prefix(16))) }
        app.type("j")
      }
    }
  }
}
