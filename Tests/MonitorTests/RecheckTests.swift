import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// What is kept is verified again when the secrets change, and the verdict of arrival stays beside it.
@Suite struct RecheckTests {
  private let new = "whsec_rotated"

  private func signed(with text: String, id: String) throws -> Request {
    var request = try Fixture.parlay(id: id)
    let signer = try SigningSecret(text, label: "parlay", provider: .parlay)
    request.sign(
      signer.signatureHeader(timestamp: Fixture.start.microseconds / 1_000_000, body: request.body))
    return request
  }

  private func addSecret(_ app: inout App, _ name: String = "new") {
    app.type("Sa\(name)<Enter>")
    app.paste(new)
    app.type("<Enter><Esc>")
  }

  @Test("a secret that is added is tried on what is kept, and the verdict of arrival stays beside it")
  func added() throws {
    var app = try App()
    try app.receive([
      try signed(with: new, id: "a"), try signed(with: "whsec_third", id: "b"),
      try signed(with: new, id: "c"),
    ])
    #expect(!app.screen.contains("tried now"))
    addSecret(&app)
    #expect(app.screen.contains("✗ mismatch: no secret matches"))
    #expect(app.screen.contains("tried now: ✓ ok, parlay/new"))
    app.type("j")
    #expect(!app.screen.contains("tried now"), "what did not change has one verdict")
    #expect(app.model.list.kept.allSatisfy { $0.verdict.status == .mismatch })
  }

  @Test("the notice says how many more verify")
  func notice() throws {
    var app = try App()
    try app.receive([try signed(with: new, id: "a"), try Fixture.parlay()])
    app.type("Sanew<Enter>")
    app.paste(new)
    app.type("<Enter>")
    #expect(app.model.notice?.text.hasSuffix("Kept deliveries were checked again: 1 more verify now") == true)
  }

  @Test("a secret that is kept from the try-it panel is tried on what is kept as well")
  func kept() throws {
    var app = try App()
    try app.receive([try signed(with: new, id: "a")])
    app.type("is")
    app.paste(new)
    app.type("<Enter>anew<Enter><Esc>")
    #expect(app.screen.contains("tried now: ✓ ok, parlay/new"))
  }

  private func unchecked(_ request: Request) -> Arrival {
    Arrival(
      receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request),
      verdict: Verdict(.noSecret), answer: Answer(status: 200, milliseconds: 0))
  }

  @Test(
    "an unchecked delivery advises S, and is checked once there is a secret: its failure is diagnosed then")
  func uncheckedOnes() throws {
    var app = try App()
    try app.receive([
      unchecked(try signed(with: new, id: "a")), unchecked(try signed(with: "whsec_x", id: "b")),
    ])
    #expect(app.screen.contains("Press S to add the sender's secret"))
    #expect(!app.screen.contains("--secret"))
    addSecret(&app)
    #expect(app.screen.contains("tried now: ✗ mismatch") && app.screen.contains("cause   wrong secret"))
    #expect(!app.screen.contains("Press S to add"))
    app.type("j")
    #expect(app.screen.contains("? unchecked") && app.screen.contains("tried now: ✓ ok, parlay/new"))
    #expect(!app.screen.contains("Press S to add"))
  }

  @Test("a secret that is retired is tried no more, and the cause says so wherever a cause is shown")
  func retired() throws {
    var app = try App()
    try app.receive([try Fixture.parlay()])
    app.type("Sr<Esc>")
    #expect(app.screen.contains("✓ valid"))
    #expect(app.screen.contains("tried now: ✗ mismatch"))
    #expect(app.screen.contains("old secret after rotation  PROVEN"))
    app.type("i")
    #expect(app.screen.contains("tried now     ✗ mismatch") && !app.screen.contains("none: it"))
    app.type("<Esc>Sr<Esc>")
    #expect(!app.screen.contains("tried now"))
  }

  @Test(
    "a rotation is seen: what came before stays, what was on its way is explained, and the panel tells the time"
  )
  func rotated() throws {
    var app = try App(columns: 150)
    let old = try Fixture.keyring().secrets[0]
    let rotated = try SigningSecret(new, label: "parlay", provider: .parlay)
    try app.receive([try Fixture.parlay(id: "a")])
    app.take(.rotated([Rotation(from: old, to: rotated, at: Timestamp(seconds: Fixture.start.seconds + 5))]))
    #expect(app.model.notice?.text == "parlay was rotated at 18:13:22: the new secret is active")
    #expect(
      app.used?.secrets.filter { $0.retiredAt == nil }.map(\.fingerprint).contains(rotated.fingerprint)
        == true)
    #expect(app.screen.contains("✓ valid") && !app.screen.contains("tried now"), "\(app.screen)")
    let (request, arrival) = (try Fixture.parlay(id: "b"), Timestamp(seconds: Fixture.start.seconds + 6))
    let verdict = Verifier(keyring: app.model.keyring).verify(request, provider: .parlay, at: arrival)
    try app.receive([
      Arrival(
        receivedAt: arrival, request: request, envelope: Envelope(reading: request), verdict: verdict,
        answer: Answer(status: 401, milliseconds: 0))
    ])
    #expect(
      words(app).contains("signed with the secret from before the rotation at 18:13:22 PROVEN"),
      "\(app.screen)")
    app.type("S")
    #expect(app.screen.contains("rotated 18:13:22") && app.screen.contains("in use"))
  }

  @Test("a saved secret that is new is active at once, and known twice it is not said again")
  func found() throws {
    var app = try App()
    let rotation = Rotation(
      from: nil, to: try SigningSecret(new, label: "parlay/wh_1", provider: .parlay), at: Fixture.start)
    app.take(.rotated([rotation]))
    #expect(app.model.notice?.text == "The saved secret parlay/wh_1 is active")
    let generation = app.model.generation
    app.take(.rotated([rotation]))
    #expect(app.model.generation == generation && app.model.keyring.secrets.count == 3)
  }

  @Test("in the try-it panel the cause follows what is tried")
  func causeOfTrial() throws {
    var app = try App()
    try app.receive([try Fixture.parlay()])
    app.type("i")
    #expect(app.screen.contains("cause         none, as tried: it is valid"))
    app.type("s")
    app.paste("whsec_wrong")
    app.type("<Enter>")
    #expect(app.screen.contains("tried now     ✗ mismatch"))
    #expect(app.screen.contains("cause         what is tried: no secret matches"))
  }

  /// What the panes on the right say, without their borders and line breaks.
  private func words(_ app: App) -> String {
    let lines = app.frame.compactMap { $0.split(separator: "│").last }
    return lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
  }

  private func session(_ changes: (inout Request) -> Void = { _ in }, of id: String = "b") throws -> App {
    var app = try App(source: .session(name: "a.ndjson"))
    var loading = Loading()
    loading.isFinished = true
    try app.receive(
      try ["a", "b"].map { name in
        var request = try Fixture.parlay(id: name)
        let verdict = Verifier(keyring: try Fixture.keyring()).verify(
          request, provider: .parlay, at: Fixture.start)
        if name == id { changes(&request) }
        return Arrival(
          receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request), verdict: verdict,
          answer: Answer(status: 200, milliseconds: 0))
      })
    app.take(.loading(loading))
    return app
  }

  @Test("a recorded delivery that verifies no more warns that the file was changed")
  func changedFile() throws {
    var app = try session { $0.body[$0.body.count - 3] ^= 1 }
    #expect(app.screen.contains("✓ valid"))
    #expect(app.screen.contains("tried now: ✗ mismatch"))
    #expect(words(app).contains("The file was changed after it was recorded."))
    app.type("j")
    #expect(app.screen.contains("tried now: ✓ ok") && !app.screen.contains("was changed"))
  }

  @Test("where nothing shows that the secret is still the same, the warning says so")
  func otherSecret() throws {
    var app = try App(source: .session(name: "a.ndjson"))
    let request = try signed(with: new, id: "a")
    var verdict = Verdict(.ok)
    verdict.secret = "parlay"
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request), verdict: verdict,
        answer: Answer(status: 200, milliseconds: 0))
    ])
    var loading = Loading()
    loading.isFinished = true
    #expect(app.screen.contains("recorded as valid, not re-checked"))
    app.take(.loading(loading))
    #expect(
      words(app).contains("The file was changed after it was recorded, or parlay is another secret here."))
  }
}
