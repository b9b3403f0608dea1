import JSON
import Testing

@testable import Webhooks

/// Each sender that hooktop comes with, signed by its own library or by Python: the verdict, the reason and the words.
@Suite struct SenderVerdictTests {
  private static let names = [
    "parlay", "parable", "stripe", "standard-webhooks", "svix", "github", "shopify", "slack", "zoom",
    "paddle",
    "linear", "workos", "elevenlabs", "retell", "calendly", "hubspot", "square", "typeform", "zendesk",
    "lemon-squeezy", "razorpay", "sentry", "vercel", "intercom", "discord", "sendgrid", "gitlab",
  ]

  @Test("every sender has its name and a vector")
  func complete() {
    #expect(Providers.builtIn.all.map(\.name) == Self.names)
    #expect(Set(SenderVector.all.map(\.name)) == Set(Self.names))
  }

  @Test("what the sender signs is valid, and known as its own", arguments: SenderVector.all)
  func valid(vector: SenderVector) throws {
    let verdict = try vector.verdict(vector.request)
    #expect(verdict.reason == .ok)
    #expect(verdict.secret?.text == vector.name)
    #expect(Providers.builtIn.of(vector.request.headers) == vector.provider)
  }

  @Test("another secret is told from the right one", arguments: SenderVector.all)
  func otherSecret(vector: SenderVector) throws {
    for verdict in [
      try vector.verdict(vector.other), try vector.verdict(vector.request, secret: vector.otherSecret),
    ] {
      #expect(verdict.status == .mismatch)
      #expect(verdict.reason == (vector.scheme.kind == .token ? .tokenDiffers : .noV1Matches))
      #expect(verdict.macMatches == false)
      #expect(verdict.usableSignatureCount == 1)
    }
  }

  @Test(
    "a changed byte of the body is noticed, but for a token, which signs none", arguments: SenderVector.all)
  func changedByte(vector: SenderVector) throws {
    var request = vector.request
    request.body[request.body.count / 2] ^= 1
    let isToken = vector.scheme.kind == .token
    #expect(try vector.verdict(request).reason == (isToken ? .ok : .noV1Matches))
    request = vector.request
    request.body.append(0x0A)
    #expect(try vector.verdict(request).reason == (isToken ? .ok : .noV1Matches))
  }

  @Test("only what signs a time gets too old, by its own window", arguments: SenderVector.all)
  func stale(vector: SenderVector) throws {
    let scheme = vector.scheme
    let window = scheme.window ?? 300
    let hasTime = scheme.time != .nowhere
    #expect(try vector.verdict(vector.request, after: window - 1).reason == .ok)
    #expect(try vector.verdict(vector.request, after: window + 1).reason == (hasTime ? .tooOld : .ok))
    let isRefused = hasTime && scheme.refusesFuture
    #expect(try vector.verdict(vector.request, after: -window - 1).reason == (isRefused ? .inFuture : .ok))
    #expect((try vector.verdict(vector.request).ageSeconds == 1) == hasTime)
  }

  /// Facts of the senders' documentation and libraries.
  @Test(
    "windows are the senders' own",
    arguments: [
      ("stripe", 300, false), ("standard-webhooks", 300, true), ("slack", 300, true), ("zoom", 300, true),
      ("paddle", 5, false), ("linear", 60, true), ("workos", 180, false), ("elevenlabs", 1800, false),
      ("retell", 300, true), ("calendly", 180, false), ("hubspot", 300, false), ("discord", nil, true),
      ("github", nil, true),
    ] as [(String, Double?, Bool)])
  func window(name: String, window: Double?, refusesFuture: Bool) throws {
    let scheme = try #require(Providers.builtIn[name]).scheme
    #expect(scheme.window == window)
    #expect(scheme.time == .nowhere || scheme.refusesFuture == refusesFuture)
  }

  @Test("a header that is missing, empty or there twice says so", arguments: SenderVector.all)
  func header(vector: SenderVector) throws {
    #expect(try vector.verdict(vector.request(signature: nil)).reason == .noHeader)
    #expect(try vector.verdict(vector.request(signature: [])).reason == .headerEmpty)
    #expect(try vector.verdict(vector.request(signature: [0x20, 0x09])).reason == .headerEmpty)
    var twice = vector.request
    twice.headers.append(Headers.Field(ByteString(vector.scheme.header), ByteString(vector.signature)))
    #expect(try vector.verdict(twice).reason == .headerRepeated)
  }

  @Test(
    "a signature that is cut short, or holds a sign that it can't, is malformed", arguments: SenderVector.all)
  func malformed(vector: SenderVector) throws {
    guard vector.scheme.kind != .token else {
      #expect(
        try vector.verdict(vector.request(signature: vector.signature.dropLast())).reason == .tokenDiffers)
      return
    }
    for broken in [vector.signature.dropLast(2), vector.signature.dropLast(2) + Array("!!".utf8)] {
      let verdict = try vector.verdict(vector.request(signature: Array(broken)))
      #expect(verdict.status == .malformed)
      #expect(verdict.usableSignatureCount == 0)
      let scheme = vector.scheme
      #expect(!verdict.reason.summary(under: scheme).isEmpty && !verdict.reason.remedy(under: scheme).isEmpty)
    }
  }

  @Test("what is signed beside the body is needed", arguments: SenderVector.all)
  func parts(vector: SenderVector) throws {
    func without(_ names: [String]) throws -> Verdict.Reason {
      var request = vector.request
      request.headers = Headers(
        request.headers.filter { field in !names.contains(where: field.name.equalsIgnoringASCIICase) })
      return try vector.verdict(request).reason
    }
    if case .headers(let names) = vector.scheme.time { #expect(try without(names) == .noT) }
    if !vector.scheme.idHeaders.isEmpty { #expect(try without(vector.scheme.idHeaders) == .noID) }
  }

  @Test(
    "a time that can't be read is malformed",
    arguments: [
      ("slack", "soon", .tNotCanonicalDecimal), ("zendesk", "yesterday", .tNotCanonicalDecimal),
      ("hubspot", "1e9", .tNotCanonicalDecimal), ("discord", "", .tNotCanonicalDecimal),
    ] as [(String, String, Verdict.Reason)])
  func time(name: String, text: String, reason: Verdict.Reason) throws {
    let vector = SenderVector.named(name)
    guard case .headers(let names) = vector.scheme.time else { return }
    var request = vector.request
    request.headers = Headers(
      request.headers.map { names.contains($0.name.text) ? Headers.Field($0.name, ByteString(text)) : $0 })
    #expect(try vector.verdict(request).reason == reason)
  }

  @Test("the URL and the method count where they are signed")
  func url() throws {
    for vector in [SenderVector.named("hubspot"), .named("square")] {
      var request = vector.request
      request.target = "/in?a=2"
      #expect(try vector.verdict(request).reason == .noV1Matches)
      request = vector.request
      request.method = "PUT"
      #expect(try vector.verdict(request).reason == (vector.name == "square" ? .ok : .noV1Matches))
    }
  }

  @Test("the URL is the user's, else a proxy's, else the host's, in bytes")
  func address() throws {
    let received = PublicAddress.received(isSecure: false)
    func url(_ address: PublicAddress, _ fields: [(String, String)], target: ByteString = "/x") -> String {
      let headers = Headers(fields.map { Headers.Field($0.0, $0.1) })
      return String(
        decoding: address.url(of: Request(target: target, headers: headers, body: [])), as: UTF8.self)
    }
    #expect(url(received, [("Host", "a:1")]) == "http://a:1/x")
    #expect(url(.received(isSecure: true), [("Host", "a:1")]) == "https://a:1/x")
    let proxies = [("Host", "a"), ("X-Forwarded-Host", "b, c"), ("X-Forwarded-Proto", "https,http")]
    #expect(url(received, proxies) == "https://b/x")
    #expect(url(.fixed("https://d"), proxies) == "https://d/x")
    #expect(url(received, []) == "http:///x")
    #expect(url(received, [("Host", "a")], target: "http://e/y") == "http://e/y")
    let known = Providers.builtIn.reached(at: .fixed("https://hooks.example.test"))
    let square = try #require(known["square"])
    let vector = SenderVector.named("square")
    var request = vector.request
    request.headers = Headers(request.headers.filter { !$0.name.text.hasPrefix("X-Forwarded") })
    let secret = try SigningSecret(vector.secret, label: "square", provider: square)
    #expect(secret.provider.scheme.address == .fixed("https://hooks.example.test"))
    let verdict = Verifier(keyring: Keyring([secret]))
      .verify(request, provider: square, at: Timestamp(seconds: vector.now))
    #expect(verdict.reason == .ok)
    #expect(try vector.verdict(request).reason == .noV1Matches)
  }
}

/// The words of a verdict fit its sender.
@Suite struct SenderWordsTests {
  @Test(
    "a sentence says what the sender's scheme is about",
    arguments: [
      ("gitlab", .ok, "the token is the secret; the body is not signed"),
      ("gitlab", .tokenDiffers, "the token is not the secret"), ("gitlab", .noHeader, "no token header"),
      ("discord", .ok, "signed by the holder of the private key"),
      ("discord", .noV1Matches, "no public key verifies it"),
      ("sendgrid", .noSecret, "no public key to check it with"),
      ("github", .noV1Matches, "no secret matches"),
      ("slack", .noT, "X-Slack-Request-Timestamp is missing"),
      ("zendesk", .tNotCanonicalDecimal, "X-Zendesk-Webhook-Signature-Timestamp is not a date and time"),
      ("linear", .noT, "body.webhookTimestamp is missing"), ("paddle", .noV1, "the header has no h1"),
      ("retell", .noT, "the header has no v"),
      ("sendgrid", .signatureLength, "the signature has another length than its kind has"),
    ] as [(String, Verdict.Reason, String)])
  func summaries(name: String, reason: Verdict.Reason, words: String) throws {
    #expect(reason.summary(under: try #require(Providers.builtIn[name]).scheme) == words)
  }

  @Test(
    "a remedy shows what the sender's header looks like",
    arguments: [
      ("github", .format, "Send the header as sha256=<hex>, with nothing before or after."),
      ("typeform", .format, "Send the header as sha256=<base64>, with nothing before or after."),
      ("retell", .format, "Send the header as v=<milliseconds>,d=<hex>, with nothing before or after."),
      (
        "gitlab", .tokenDiffers,
        "Compare the secret with the token that is set at the sender; it is sent unchanged."
      ),
      (
        "discord", .noV1Matches,
        "Compare the public key with the provider's, and verify the raw bytes, not parsed JSON."
      ),
      (
        "hubspot", .noV1Matches,
        "Compare the secret with the provider's, and verify the raw bytes, not parsed JSON."
      ),
    ] as [(String, Verdict.Reason, String)])
  func remedies(name: String, reason: Verdict.Reason, words: String) throws {
    #expect(reason.remedy(under: try #require(Providers.builtIn[name]).scheme) == words)
  }

  @Test(
    "no sentence of a sender's speaks of a header, a time or a digest that it does not send",
    arguments: Providers.builtIn.all.filter { !["v1"].contains($0.scheme.format.signatureName) })
  func foreign(provider: Provider) {
    for reason in Verdict.Reason.allCases {
      for sentence in [reason.summary(under: provider.scheme), reason.remedy(under: provider.scheme)] {
        #expect(!sentence.contains(#/\bv1\b(?!,)/#), "\(sentence)")
      }
    }
  }
}
