import Screen
import Testing
import Webhooks

@testable import Monitor

/// Endpoints on the screen: a column where there are several, and what does not belong where it was sent.
@Suite struct EndpointColumnTests {
  private static let staging = Endpoint("staging", provider: .parlay)
  private static let production = Endpoint("production")

  private static func row(_ text: String, of app: App) -> String {
    app.frame.first { $0.contains(text) } ?? ""
  }

  @Test("the list has a column for endpoints once deliveries were sent to more than one")
  func column() throws {
    var app = try App(columns: 160, rows: 30)
    try app.receive(Fixture.parlay(id: "evt_1", live: true), at: Self.staging)
    #expect(Self.row("provider", of: app).contains("endpoint") == false)
    #expect(app.screen.contains("✗ a live event on staging"))
    try app.receive(Fixture.parlay(id: "evt_2", live: true), at: Self.production)
    #expect(Self.row("provider", of: app).contains("endpoint") == true, "\(app.screen)")
    #expect(
      Self.row("staging !", of: app).isEmpty == false && Self.row("production", of: app).isEmpty == false)
    #expect(Self.row("production !", of: app).isEmpty == true)
  }

  @Test("a delivery of another sender than the endpoint's is pointed out")
  func otherSender() throws {
    var app = try App(columns: 160, rows: 30)
    try app.receive(Fixture.parable(), at: Self.staging)
    #expect(app.screen.contains("is for Parlay; the headers are of Parable"))
  }

  @Test("a changed configuration is told of, and its senders, tolerance and secrets are used from then on")
  func reconfigured() throws {
    var app = try App(columns: 160, rows: 30)
    try app.receive([Fixture.parlay()])
    let old = try Fixture.keyring().secrets
    let new = try SigningSecret("whsec_other", label: "parlay/new", provider: .parlay)
    let change = Reconfiguration(
      providers: Providers([.parlay]), endpoints: Endpoints([Self.staging, Self.production]), tolerance: 60,
      forward: "127.0.0.1:3000", secrets: KeyringChange(from: [old[0]], to: [new]), moment: Fixture.start,
      words: "hooktop.yaml has changed: secrets in force")
    app.take(.reconfigured(change))
    #expect(app.screen.contains("hooktop.yaml has changed: secrets in force"))
    #expect(app.model.keyring.secrets.map(\.label) == ["parlay", "parable", "parlay/new"])
    #expect(app.model.keyring.secrets.map { $0.retiredAt == nil } == [false, true, true])
    #expect(app.model.setting.tolerance == 60 && app.model.setting.providers.all == [.parlay])
    #expect(Self.row("provider", of: app).contains("endpoint") == true, "\(app.screen)")
  }
}
