import JSON
import Testing
import Webhooks

@testable import Monitor

/// What the screen says of senders that sign in another way than Parlay, among all that hooktop comes with.
@Suite struct OtherSenderTests {
  private static let token = "glt-a-token-of-gitlab"

  /// Shows a request that was verified with these secrets.
  private static func screen(
    _ request: Request, _ secrets: [(provider: Provider, text: String)] = [], after seconds: Double = 1,
    keys: String = ""
  ) throws -> String {
    let keyring = Keyring(
      try secrets.map { try SigningSecret($0.text, label: $0.provider.name, provider: $0.provider) })
    var app = try App(columns: 160, rows: 48, providers: .builtIn, keyring: keyring)
    let arrival = Timestamp(seconds: Fixture.start.seconds + seconds)
    let (envelope, verdict) = Verifier(keyring: keyring).judge(request, among: .builtIn, at: arrival)
    try app.receive([
      Arrival(
        receivedAt: arrival, request: request, envelope: envelope, verdict: verdict,
        answer: Answer(status: 200, milliseconds: 1))
    ])
    app.type(keys)
    return app.screen
  }

  private static func signed(_ provider: Provider, _ secret: String, _ body: String = #"{"id":"a"}"#) throws
    -> Request
  {
    let signer = try SigningSecret(secret, label: "a", provider: provider)
    let fields = signer.fields(signing: Array(body.utf8), at: Fixture.start, id: Array("m_1".utf8))
    return Request(headers: Headers(fields), body: Array(body.utf8))
  }

  @Test("a sender that signs no time is said to")
  func noTime() throws {
    let screen = try Self.screen(try Self.signed(.gitHub, "s"), [(.gitHub, "s")])
    #expect(screen.contains("GitHub signs no time: a replay can't be told from a new delivery"))
    #expect(screen.contains("✓ valid: signed by the holder of the secret"))
  }

  @Test("a challenge is shown as an event, with what it was answered")
  func challenge() throws {
    let body = #"{"type":"url_verification","challenge":"abc"}"#
    let request = try Self.signed(.slack, "s", body)
    let keyring = Keyring([try SigningSecret("s", label: "slack", provider: .slack)])
    var app = try App(columns: 160, rows: 48, providers: .builtIn, keyring: keyring)
    let (envelope, verdict) = Verifier(keyring: keyring).judge(request, among: .builtIn, at: Fixture.start)
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: envelope, verdict: verdict,
        answer: Answer(status: 200, milliseconds: 1, rule: .challenge))
    ])
    #expect(app.screen.contains(" url_verification "))
    #expect(app.screen.contains("200, to its challenge; Slack takes it as delivered"))
    #expect(!app.screen.contains("not answered"))
    let odd = try Self.signed(.slack, "s", body.replacing("abc", with: "v0:1:{}"))
    #expect(
      try Self.screen(odd, [(.slack, "s")]).contains(
        "The challenge is not answered: body.challenge"))
    #expect(try !Self.screen(odd, [(.slack, "other")]).contains("not answered"))
  }

  @Test("the window is the sender's own")
  func window() throws {
    let request = try Self.signed(.paddle, "s")
    #expect(try Self.screen(request, [(.paddle, "s")]).contains("inside 5 s"))
    #expect(try Self.screen(request, [(.paddle, "s")], after: 9).contains("outside 5 s"))
  }

  @Test("a token is compared, and stands nowhere on the screen", arguments: ["", "3", "4", "1"])
  func token(keys: String) throws {
    let request = try Self.signed(.gitLab, Self.token)
    let screen = try Self.screen(request, [(.gitLab, Self.token)], keys: keys)
    #expect(!screen.contains(Self.token) && !screen.contains(Self.token.prefix(8)))
    if keys.isEmpty {
      #expect(screen.contains("the token is the secret; the body is not signed"))
      #expect(screen.contains("not shown"))
    }
    let wrong = try Self.screen(request, [(.gitLab, "other")], keys: keys)
    #expect(!wrong.contains(Self.token) && !wrong.contains(Self.token.prefix(8)))
    #expect(!keys.isEmpty || wrong.contains("the token is not the secret"))
  }

  @Test("an unknown sender's signature is said to look like that of those who write theirs so")
  func resemblance() throws {
    let hex = String(repeating: "ab", count: 32)
    func screen(_ value: String) throws -> String {
      try Self.screen(Request(headers: [.init("X-Acme-Signature", value)], body: Array("{}".utf8)))
    }
    #expect(try screen("sha256=\(hex)").contains("X-Acme-Signature is written as GitHub does it"))
    #expect(try screen("t=1,v1=\(hex)").contains("is written as Parlay, Parable and 3 others do it"))
    #expect(try screen("what?").contains("looks like a signature of no known form"))
  }

  @Test("a failure is no claim on when the sender tries again")
  func retries() throws {
    let keyring = Keyring([try SigningSecret("other", label: "github", provider: .gitHub)])
    let request = try Self.signed(.gitHub, "s")
    var app = try App(columns: 160, rows: 48, providers: .builtIn, keyring: keyring)
    let (envelope, verdict) = Verifier(keyring: keyring).judge(request, among: .builtIn, at: Fixture.start)
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: envelope, verdict: verdict,
        answer: Answer(status: 401, milliseconds: 1))
    ])
    #expect(app.screen.contains("GitHub takes it as failed"))
    #expect(!app.screen.contains("gives up"))
  }

  @Test("the top line names those that have a secret, and the two that hooktop is documented with")
  func topLine() throws {
    let line =
      try Self.screen(try Self.signed(.gitHub, "s"), [(.gitHub, "s")]).split(separator: "\n").first ?? ""
    #expect(line.contains("parlay ? parable ? github ✓ "))
    #expect(!line.contains("stripe"))
  }

  @Test("a prompt for a sender's name has room for it among many")
  func prompt() throws {
    var app = try App(columns: 80, rows: 24, providers: .builtIn)
    app.type("Sa")
    #expect(app.frame[app.frame.count - 2] == " providers: parlay, parable, stripe and 24 more")
  }
}
