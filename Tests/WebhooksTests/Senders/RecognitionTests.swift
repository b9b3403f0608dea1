import JSON
import Testing

@testable import Webhooks

/// Who sent a request: found by its headers alone, however many senders are known.
@Suite struct RecognitionTests {
  private static func headers(_ fields: (String, String)...) -> Headers {
    Headers(
      [
        ("Host", "127.0.0.1:4747"), ("Content-Type", "application/json"), ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"), ("User-Agent", "curl/8"), ("Content-Length", "12"),
        ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Proto", "https"),
      ].map { Headers.Field($0.0, $0.1) } + fields.map { Headers.Field($0.0, $0.1) })
  }

  private static func comparisons(_ providers: Providers, _ headers: Headers) -> Int {
    var comparisons = 0
    _ = providers.rivals(of: headers, counting: &comparisons)
    return comparisons
  }

  @Test("ten times as many senders take no more comparisons")
  func constant() {
    let others = (0..<250).map { number in
      Provider(
        "other-\(number)",
        scheme: SignatureScheme(
          headers: ["X-Other-\(number)-Signature"], format: .timeAndHex, text: .timeAndBody)
      ) {
        $0.eventHeader = "Other-\(number)-Event"
        $0.userAgentPrefix = "other-\(number)/"
      }
    }
    let many = Providers(Providers.builtIn.all + others)
    for headers in [
      Self.headers(("X-Parlay-Signature", "")), Self.headers(("X-Hub-Signature-256", "")),
      Self.headers(("X-Gitlab-Token", "")), Self.headers(),
    ] {
      // A request has eight or nine fields; a user agent is looked up by halves.
      #expect(Self.comparisons(.builtIn, headers) <= 9)
      #expect(Self.comparisons(many, headers) <= 20)
    }
    #expect(many.of(Self.headers(("x-other-249-signature", "")))?.name == "other-249")
    #expect(many.of(Self.headers(("OTHER-7-EVENT", "")))?.name == "other-7")
  }

  @Test("every name of every sender is found", arguments: Providers.builtIn.all)
  func names(provider: Provider) {
    for name in provider.scheme.headers + [provider.eventHeader, provider.deliveryHeader] where !name.isEmpty
    {
      #expect(
        Providers.builtIn.rivals(of: Self.headers((name.uppercased(), ""))).contains(provider), "\(name)")
    }
  }

  @Test(
    "the strongest hint decides",
    arguments: [
      ([("X-Hub-Signature-256", ""), ("X-Hub-Signature", "")], "github"),
      ([("X-Hub-Signature", "")], "intercom"),
      ([("X-Signature", "")], "lemon-squeezy"), ([("X-Signature", ""), ("X-Parlay-Event", "a")], "parlay"),
      ([("X-Signature", ""), ("X-Event-Name", "a")], "lemon-squeezy"), ([("svix-signature", "")], "svix"),
      ([("webhook-signature", "")], "standard-webhooks"), ([("webhook-id", "")], "standard-webhooks"),
      ([("X-GitHub-Event", "")], "github"), ([("X-Shopify-Topic", "")], "shopify"),
      ([("Request-ID", "")], "sentry"),
    ] as [([(String, String)], String)])
  func precedence(fields: [(String, String)], name: String) {
    let headers = Headers(fields.map { Headers.Field($0.0, $0.1) })
    #expect(Providers.builtIn.of(headers)?.name == name)
  }

  @Test(
    "a user agent is known by its beginning, where no header tells",
    arguments: [
      ("GitHub-Hookshot/044aadd", "github"), ("Stripe/1.0 (+https://stripe.com)", "stripe"),
      ("GitLab/17", "gitlab"),
      ("Svix-Webhooks/1.24", "svix"), ("parlay-webhook/1", "parlay"), ("GitHub", nil), ("", nil),
      ("zzz", nil),
      ("Stripe", nil),
    ] as [(String, String?)])
  func agents(agent: String, name: String?) {
    #expect(Providers.builtIn.of([Headers.Field("User-Agent", agent)])?.name == name)
  }

  private static func judged(_ vector: SenderVector, _ keyring: [(name: String, secret: String)]) throws -> (
    name: String?, reason: Verdict.Reason
  ) {
    let secrets = try keyring.map { name, secret in
      try SigningSecret(secret, label: name, provider: Providers.builtIn[name]!)
    }
    let (envelope, verdict) = Verifier(keyring: Keyring(secrets))
      .judge(vector.request, among: .builtIn, at: Timestamp(seconds: vector.now))
    return (envelope.provider?.name, verdict.reason)
  }

  @Test("of senders with the same header the one with a secret is meant, and of several the one that signed")
  func shared() throws {
    let vector = SenderVector.named("standard-webhooks")
    let (own, other) = (vector.secret, vector.otherSecret)
    func judged(_ keyring: (name: String, secret: String)...) throws -> (
      name: String?, reason: Verdict.Reason
    ) {
      try Self.judged(vector, keyring)
    }
    #expect(try judged() == ("standard-webhooks", .noSecret))
    #expect(try judged(("svix", own)) == ("svix", .ok))
    #expect(try judged(("svix", other)) == ("svix", .noV1Matches))
    #expect(try judged(("standard-webhooks", own)) == ("standard-webhooks", .ok))
    #expect(try judged(("standard-webhooks", other), ("svix", own)) == ("svix", .ok))
    #expect(try judged(("svix", other), ("standard-webhooks", own)) == ("standard-webhooks", .ok))
    #expect(try judged(("svix", other), ("standard-webhooks", other)) == ("standard-webhooks", .noV1Matches))
    #expect(try judged(("github", "x")) == ("standard-webhooks", .noSecret))
  }

  @Test(
    "the ids of a sender are where it says",
    arguments: [
      ("github", "X-GitHub-Delivery", "X-GitHub-Event"), ("razorpay", "x-razorpay-event-id", ""),
      ("gitlab", "X-Gitlab-Event-UUID", "X-Gitlab-Event"),
      ("standard-webhooks", "webhook-id", ""), ("svix", "webhook-id", ""), ("svix", "svix-id", ""),
    ])
  func ids(name: String, header: String, event: String) throws {
    let provider = try #require(Providers.builtIn[name])
    var fields = [Headers.Field(header, "id-1")]
    if !event.isEmpty { fields.append(Headers.Field(event, "push")) }
    let envelope = Envelope(reading: Request(headers: Headers(fields), body: []), of: provider)
    #expect(envelope.eventID == "id-1")
    #expect(envelope.deliveryID == "id-1")
    #expect(envelope.event == (event.isEmpty ? nil : "push"))
  }

  @Test("a test event is told by what means live, be that true, false or a text")
  func livemode() {
    func livemode(_ live: String?, _ body: String) -> Livemode {
      let provider = Provider("a", scheme: Provider.stripe.scheme) {
        $0.livemodePath = ["mode"]
        $0.liveValue = live
      }
      return Envelope(reading: Request(headers: [], body: Array(body.utf8)), of: provider).livemode
    }
    #expect(livemode(nil, #"{"mode":true}"#) == .live)
    #expect(livemode("false", #"{"mode":true}"#) == .test)
    #expect(livemode("false", #"{"mode":false}"#) == .live)
    #expect(livemode("production", #"{"mode":"production"}"#) == .live)
    #expect(livemode("production", #"{"mode":"Production"}"#) == .test)
    #expect(livemode("production", #"{"mode":1}"#) == .notApplicable)
  }
}

/// What an unknown sender's request looks like to those who know others.
@Suite struct UnknownSenderTests {
  private static func shape(_ name: String, _ value: String) -> SignatureShape? {
    SignatureShape(in: [Headers.Field("Host", "a"), Headers.Field(name, value)], among: .builtIn)
  }

  private static let hex = String(repeating: "ab", count: 32)

  @Test(
    "the senders are named who write their signature in that form",
    arguments: [
      ("X-Acme-Signature", "t=1,v1=\(hex)", ["parlay", "parable", "stripe", "workos", "calendly"]),
      ("X-Acme-Signature", "sha256=\(hex)", ["github"]), ("X-Acme-Sig", "v0=\(hex)", ["slack", "zoom"]),
      ("Acme-Hmac", "ts=1;h1=\(hex)", ["paddle"]), ("X-Acme-Signature", "what?", []),
      ("X-Acme", hex, ["linear", "lemon-squeezy", "razorpay", "sentry"]),
    ])
  func fitting(name: String, value: String, senders: [String]) throws {
    let shape = try #require(Self.shape(name, value))
    #expect(shape.name.text == name)
    #expect(shape.senders.map(\.name) == senders)
  }

  @Test(
    "what does not look like a signature is none",
    arguments: [("X-Id", "12"), ("X-Request", "t=1"), ("Signature-Time", "12")])
  func none(name: String, value: String) {
    #expect(Self.shape(name, value) == nil)
  }

  @Test("a draft describes the sender as far as its request shows it")
  func draft() throws {
    let headers: Headers = [
      Headers.Field("X-Acme-Signature", "sha512=" + String(repeating: "ab", count: 64)),
      Headers.Field("X-Acme-Timestamp", "1745518397000"), Headers.Field("X-Acme-Event", "order.paid"),
    ]
    let body = Array(#"{"id":"o_1","type":"order.paid"}"#.utf8)
    let draft = try #require(ProviderDraft(from: Request(headers: headers, body: body), among: .builtIn))
    for line in [
      "  mysender:", "      header: X-Acme-Signature", #"      format: "sha512={hex}""#,
      #"      text: "{t}.{body}""#,
      "      digest: sha512", "      time: X-Acme-Timestamp", "      unit: ms", "    event: body.type",
      "    event-header: X-Acme-Event",
    ] {
      #expect(draft.yaml.split(separator: "\n").contains(Substring(line)), "\(line) in \(draft.yaml)")
    }
    #expect(ProviderDraft(from: Request(headers: [], body: body), among: .builtIn) == nil)
  }

  @Test("no byte of a request stands in its draft but as a letter or an escape")
  func hostile() throws {
    let headers = [
      Headers.Field(
        ByteString(Array("X-Sig\u{1B}[2J\u{202E}\"\n: evil-signature".utf8)), ByteString("v9=" + Self.hex))
    ]
    let draft = try #require(
      ProviderDraft(from: Request(headers: Headers(headers), body: []), among: .builtIn))
    #expect(
      draft.yaml.unicodeScalars.allSatisfy {
        $0 == "\n" || (" "..."~").contains($0) || $0.properties.isAlphabetic
      })
    #expect(draft.yaml.contains(#""X-Sig\u001b[2J\u202e\"\u000a: evil-signature""#))
  }
}
