import JSON
import TestSupport
import Testing

@testable import Receiver
@testable import Webhooks

/// What senders are told over HTTP who ask whether they have reached the right receiver.
@Suite struct ChallengeTests {
  private static let zoom = #"{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6U"}}"#
  private static let slack = #"{"type":"url_verification","token":"t","challenge":"3eZbrw1aBm2r"}"#

  /// An intake with the secrets of two senders and the public key of a third.
  private struct Bench {
    let ring = Journal()
    let discord = PrivateKey(for: .ed25519)
    let intake: Intake
    private let secrets: [Provider: SigningSecret]

    init(
      _ policy: AnswerPolicy = .verified, explains: Bool = false, rules: [String] = [],
      knowsSecrets: Bool = true,
      app: StandInApp? = nil
    ) throws {
      secrets = [
        .zoom: try SigningSecret("s", label: "zoom", provider: .zoom),
        .slack: try SigningSecret("s", label: "slack", provider: .slack),
      ]
      let key = try SigningSecret(discord.publicText, label: "discord", provider: .discord)
      intake = Intake(
        providers: .builtIn, verifier: Verifier(keyring: Keyring(knowsSecrets ? secrets.values + [key] : [])),
        answerPolicy: policy, explains: explains, forwarding: app,
        rules: AnswerRules(try rules.map { try AnswerRule($0, providers: .builtIn, zone: .utc) }),
        journal: ring,
        clock: { Samples.arrival })
    }

    /// A signed request; `changed` is sent in place of the body that was signed.
    func request(_ provider: Provider, _ text: String, changed: String? = nil) -> Request {
      let body = Array(text.utf8)
      let time = provider.scheme.timeText(at: Samples.arrival)
      let fields =
        secrets[provider]?.fields(signing: body, at: Samples.arrival)
        ?? provider.scheme.fields(with: discord.signature(of: time + body), time: time, id: [])
      return Request(headers: Headers(fields), body: changed.map { Array($0.utf8) } ?? body, peer: "p")
    }

    func response(to request: Request) throws -> Response {
      let plan = intake.plan(for: IncomingRequest(request), at: Samples.moment)
      guard case .now(let response) = plan else { throw Unexpected() }
      return response
    }
  }

  private struct Unexpected: Error {}

  /// An app that answers at once.
  private struct StandInApp: Forwarding {
    let status: Int
    func takes(_ delivery: Delivery) -> Bool { true }
    func forward(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void) {
      done(
        Exchange(
          at: Samples.arrival, url: "http://app/", response: .init(status: status), failure: nil,
          milliseconds: .init(total: 1)))
    }
  }

  private static func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

  @Test("a verified challenge gets the documented answer, which the delivery says")
  func answered() throws {
    let bench = try Bench()
    let zoom = try bench.response(to: bench.request(.zoom, Self.zoom))
    #expect(zoom.status == 200 && zoom.fields.map(\.value) == ["application/json"])
    #expect(Self.text(zoom).hasPrefix(#"{"plainToken":"qgg8vlvZRS6U","encryptedToken":""#))
    let slack = try bench.response(to: bench.request(.slack, Self.slack))
    #expect(slack.status == 200 && Self.text(slack) == "3eZbrw1aBm2r")
    #expect(slack.fields.map(\.name) == ["Content-Type"])
    let interaction = try bench.response(to: bench.request(.discord, #"{"type":1}"#))
    #expect(interaction.status == 200 && Self.text(interaction) == #"{"type":1}"#)
    #expect(interaction.fields.map(\.value) == ["application/json"])
    #expect(try bench.response(to: bench.request(.discord, #"{"type":0}"#)) == Response(204))
    let deliveries = bench.ring.deliveries
    #expect(deliveries.map(\.answer?.status) == [200, 200, 200, 204])
    #expect(
      deliveries.map { $0.envelope.event?.text } == [
        "endpoint.url_validation", "url_verification", "PING", "PING",
      ])
    #expect(deliveries.allSatisfy { $0.answer?.rule == .challenge && $0.verdict.status == .valid })
  }

  @Test(
    "a forged one gets no body: 401, or 200 where all are answered so; nor does one that nobody can verify",
    arguments: [
      (.verified, true, 401), (.always, true, 200), (.verified, false, 200), (.always, false, 200),
    ] as [(AnswerPolicy, Bool, Int)])
  func forged(policy: AnswerPolicy, knowsSecrets: Bool, status: Int) throws {
    let bench = try Bench(policy, knowsSecrets: knowsSecrets)
    let requests = [
      bench.request(.zoom, "{}", changed: Self.zoom), bench.request(.slack, "{}", changed: Self.slack),
      bench.request(.discord, #"{"type":0}"#, changed: #"{"type":1}"#),
    ]
    for request in requests { #expect(try bench.response(to: request) == Response(status)) }
    #expect(bench.ring.deliveries.allSatisfy { $0.answer?.rule == nil })
  }

  @Test("an event of theirs is answered as any other")
  func event() throws {
    let bench = try Bench()
    #expect(try bench.response(to: bench.request(.zoom, #"{"event":"meeting.started"}"#)) == Response(200))
    #expect(bench.ring.deliveries[0].answer?.rule == nil)
  }

  @Test("with the verdict asked for in the body, the challenge has its own answer")
  func explained() throws {
    let bench = try Bench(explains: true)
    #expect(Self.text(try bench.response(to: bench.request(.slack, Self.slack))) == "3eZbrw1aBm2r")
  }

  @Test("a rule that says what is answered wins, one for others does not")
  func rules() throws {
    for (rule, status, body) in [
      ("status 503", 503, ""), ("body 'no'", 200, "no"), ("type:url_verification : status 404", 404, ""),
      ("type:other : status 404", 200, "3eZbrw1aBm2r"),
    ] {
      let bench = try Bench(rules: [rule])
      let response = try bench.response(to: bench.request(.slack, Self.slack))
      #expect(response.status == status && Self.text(response) == body, "\(rule)")
    }
    let late = try Bench(rules: ["delay 5s"])
    let plan = late.intake.plan(for: IncomingRequest(late.request(.slack, Self.slack)), at: Samples.moment)
    guard case .later(let response?, .seconds(5)) = plan else { throw Unexpected() }
    #expect(Self.text(response) == "3eZbrw1aBm2r")
  }

  @Test(
    "where an app answers, it decides whether the challenge is answered, and hooktop writes what it asks for",
    arguments: [(200, 200, "3eZbrw1aBm2r"), (204, 200, "3eZbrw1aBm2r"), (500, 500, ""), (404, 404, "")])
  func forwarded(status: Int, due: Int, body: String) throws {
    let bench = try Bench(.forward, app: StandInApp(status: status))
    let plan = bench.intake.plan(for: IncomingRequest(bench.request(.slack, Self.slack)), at: Samples.moment)
    guard case .elsewhere(_, _, let start) = plan else { throw Unexpected() }
    let told = Told()
    start(Reply(body: BodyClaim(on: BodyBudget(limit: 1))) { told.response = $0 })
    #expect(told.response?.status == due && told.response.map(Self.text) == body)
    #expect(bench.ring.outcomes(of: 1).answer(to: bench.ring.deliveries[0])?.status == due)
  }

  /// Told on this thread: the app answers at once.
  private final class Told: @unchecked Sendable { var response: Response? }
}
