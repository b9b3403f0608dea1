import JSON
import Testing

@testable import Webhooks

/// Endpoints: which one a request is sent to, what is verified there, and what does not belong there.
struct EndpointTests {
  private static let staging = Endpoint("staging", path: "/staging/*", provider: .parlay)
  private static let production = Endpoint("production", path: "/prod*")
  private static let endpoints = Endpoints([staging, production])

  private static let targets: [(String, String?)] = [
    ("/staging/a", "staging"), ("/staging/", "staging"), ("/staging", nil), ("/prod", "production"),
    ("/production?x=/staging/", "production"), ("/", nil), ("/x?y=/staging/a", nil),
  ]

  @Test("the path decides, and no query", arguments: targets)
  func target(text: String, name: String?) {
    #expect(Self.endpoints.of(ByteString(text))?.name == name)
  }

  private static let oddities: [(String, Livemode, String?)] = [
    ("staging", .live, "a live event on staging"), ("staging", .test, nil), ("staging", .notApplicable, nil),
    ("production", .test, "a test event on production"), ("production", .live, nil),
    ("my-dev-2", .live, "a live event on my-dev-2"), ("device", .live, nil), ("hooks", .live, nil),
    ("Prod", .test, "a test event on Prod"),
  ]

  @Test("a live event on staging, or a test event on production, is odd", arguments: oddities)
  func oddity(name: String, mode: Livemode, words: String?) {
    #expect(Endpoint(name).oddity(of: mode) == words)
  }

  private static func secret(_ text: String, _ endpoint: Endpoint?) throws -> SigningSecret {
    var secret = try SigningSecret(text, label: text, provider: .parlay)
    secret.endpoint = endpoint
    return secret
  }

  private static func status(
    _ keyring: Keyring, signedWith secret: SigningSecret, to endpoint: Endpoint?
  ) -> Verdict.Status {
    let now = Timestamp(seconds: 1_745_518_397)
    let request = Request(headers: Headers(secret.fields(signing: [1], at: now)), body: [1])
    return Verifier(keyring: keyring).verify(request, provider: .parlay, endpoint: endpoint, at: now).status
  }

  @Test("an endpoint's secrets verify there alone, and only they do; others have those of no endpoint")
  func secrets() throws {
    let (own, other) = (try Self.secret("a", Self.staging), try Self.secret("b", nil))
    let keyring = Keyring([own, other])
    #expect(Self.status(keyring, signedWith: own, to: Self.staging) == .valid)
    #expect(Self.status(keyring, signedWith: other, to: Self.staging) == .mismatch)
    #expect(Self.status(keyring, signedWith: own, to: Self.production) == .mismatch)
    #expect(Self.status(keyring, signedWith: other, to: Self.production) == .valid)
    #expect(Self.status(keyring, signedWith: own, to: nil) == .mismatch)
    #expect(Self.status(keyring, signedWith: other, to: nil) == .valid)
    #expect(Self.status(Keyring([own]), signedWith: own, to: nil) == .unchecked)
  }

  private static let headers: [(String, Provider?)] = [
    ("X-Parlay-Signature", .parlay), ("x-parable-signature", .parable), ("X-Other", .parlay),
  ]

  /// What is read of a request that was sent to staging.
  private static func envelope(of request: Request) -> Envelope {
    Verifier(keyring: Keyring()).judge(
      request, among: .builtIn, on: staging, at: Timestamp(seconds: 1_745_518_397)
    ).envelope
  }

  @Test("an endpoint's provider is that of requests whose headers speak of none", arguments: headers)
  func provider(header: String, provider: Provider?) {
    let request = Request(headers: [Headers.Field(header, "x")], body: [])
    #expect(Self.envelope(of: request).provider == provider)
    let both = Request(
      headers: [Headers.Field("x-parable-event", "e"), Headers.Field("X-Parlay-Signature", "x")], body: [])
    #expect(Self.envelope(of: both).provider == .parlay)
  }

  @Test("of senders that have a header in common, an endpoint's own is meant")
  func shared() throws {
    let svix = Endpoint("calls", path: "/calls", provider: Providers.builtIn["svix"])
    let request = Request(headers: [Headers.Field("webhook-signature", "v1,x")], body: [])
    func provider(on endpoint: Endpoint?) -> String? {
      Verifier(keyring: Keyring()).judge(
        request, among: .builtIn, on: endpoint, at: Timestamp(seconds: 1_745_518_397)
      ).envelope.provider?.name
    }
    #expect(provider(on: svix) == "svix" && provider(on: nil) == "standard-webhooks")
  }

  @Test("a session's lines name the endpoint, and the filter takes it")
  func lines() throws {
    let request = Request(target: "/staging/a", headers: [], body: [])
    let delivery = Delivery(
      sequence: 1, receivedAt: Timestamp(seconds: 1), request: request, envelope: Envelope(),
      verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1, answer: nil, endpoint: Self.staging)
    var writer = SessionWriter()
    writer.write(delivery)
    #expect(String(decoding: writer.bytes, as: UTF8.self).hasSuffix(#""endpoint":"staging"}"# + "\n"))
    guard case .delivery(let read) = try SessionRecord(line: writer.bytes, providers: .builtIn) else {
      throw SessionError.notAnObject
    }
    #expect(read.endpoint == Self.staging)
    for (text, isMatch) in [
      ("endpoint:staging", true), ("endpoint:st*", true), ("endpoint:prod", false), ("endpoint:-", false),
    ] {
      let filter = try Filter(text, providers: .builtIn, zone: .utc)
      #expect(filter.matches(read) == isMatch, "\(text)")
      #expect(filter.description == text)
    }
  }

  @Test("a rule of an endpoint is for no other")
  func rule() throws {
    let rules = AnswerRules([
      try AnswerRule("status 500", endpoint: Self.staging, providers: .builtIn, zone: .utc)
    ])
    func delivery(_ endpoint: Endpoint?) -> Delivery {
      Delivery(
        sequence: 1, receivedAt: Timestamp(seconds: 1), request: Request(headers: [], body: []),
        envelope: Envelope(), verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1, answer: nil,
        endpoint: endpoint)
    }
    #expect(rules.take(for: delivery(nil)) == nil && rules.take(for: delivery(Self.production)) == nil)
    #expect(rules.take(for: delivery(Self.staging))?.name.text == "endpoint:staging status 500")
  }
}
