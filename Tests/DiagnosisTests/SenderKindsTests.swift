import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// What can be wrong with a token, with a signature of a private key, and with a URL that is signed.
@Suite struct SenderKindsTests {
  private static let now = Timestamp(seconds: 1_745_518_397)
  private static let body = Array(#"{"id":"evt_1","text":"Zoë <&> \u2028","list":[1,{}]}"#.utf8)

  private static func diagnosis(
    _ provider: Provider, _ headers: [Headers.Field], body: [UInt8] = body, target: String = "/in?a=1",
    ring: [SigningSecret], providers: Providers = .builtIn
  ) -> Diagnosis {
    let request = Request(target: ByteString(target), headers: Headers(headers), body: body)
    let keyring = Keyring(ring)
    let verdict = Verifier(keyring: keyring).verify(request, provider: provider, at: now)
    let subject = DiagnosisSubject(
      request: request, envelope: Envelope(reading: request, of: provider), receivedAt: now, verdict: verdict,
      providers: providers)
    return Diagnosis(
      of: subject, keyring: keyring, budget: DiagnosisBudget(candidates: 20_000, nanoseconds: .max) { 0 })
  }

  private static func found(_ diagnosis: Diagnosis) -> String {
    diagnosis.findings.map { "\($0.id.rawValue) \($0.level.rawValue): \($0.detail)" }.joined(separator: "\n")
  }

  private static let tokens: [(header: String, value: String, words: String)] = [
    (
      "X-Gitlab-Token", "\"Tok-3n of 2\"",
      "digest-form proven: The token is right, but there are quotes around it"
    ),
    (
      "X-Gitlab-Token", "Bearer Tok-3n of 2",
      "digest-form proven: The token is right, but Bearer is in front of the token"
    ),
    (
      "X-Gitlab-Token", "Tok-3n%20of%202",
      "digest-form proven: The token is right, but it is percent-encoded, as if for a URL"
    ),
    (
      "X-Gitlab-Token", "Tok-3n of 2Tok-3n of 2",
      "damaged-secret proven: The token is the secret new written twice, not as it is configured here"
    ),
    (
      "X-Gitlab-Token", "Tok-3n f 2",
      "damaged-secret proven: The token is the secret new without one character, not as it is configured here"
    ),
    (
      "X-Gitlab-Token", "'TOK-3N OF 2",
      "digest-form proven: Also, there are quotes around it"
    ),
    (
      "X-Gitlab-Token", "an older one",
      "retired-secret proven: The token is old, retired 17:13 UTC"
    ),
    (
      "X-Gitlab-Token", "whsec_b2YgcGFybGF5", "other-secret proven: The token is parlay, the secret of Parlay"
    ),
    (
      "Gitlab-Token", "Tok-3n of 2", "no-signature-header proven: Found Gitlab-Token; expected X-Gitlab-Token"
    ),
    (
      "Authorization", "Bearer Tok-3n of 2",
      "no-signature-header proven: The right token is in Authorization; expected X-Gitlab-Token"
    ),
  ]

  @Test("what is wrong with a token is named, and the token is not shown", arguments: tokens.indices)
  func token(index: Int) throws {
    let (header, value, words) = Self.tokens[index]
    let secret = "Tok-3n of 2"
    let found = Self.diagnosis(
      .gitLab, [.init("X-Gitlab-Event", "Push Hook"), .init(header, value)],
      ring: [
        try SigningSecret(secret, label: "new", provider: .gitLab),
        try SigningSecret(
          "an older one", label: "old", provider: .gitLab,
          retiredAt: Timestamp(seconds: Self.now.seconds - 3600)),
        try SigningSecret("whsec_b2YgcGFybGF5", label: "parlay", provider: .parlay),
      ])
    #expect(Self.found(found).contains(words), "\(Self.found(found))")
    #expect(!Self.found(found).lowercased().contains(secret.lowercased()))
    #expect(found.proof != nil)
  }

  @Test("a token that is nothing like the secret takes few candidates, none of them a body")
  func otherToken() throws {
    let found = Self.diagnosis(
      .gitLab, [.init("X-Gitlab-Token", "something else")],
      ring: [try SigningSecret("Tok-3n", label: "new", provider: .gitLab)])
    #expect(found.findings.first?.id == "wrong-secret")
    #expect(
      found.findings.first?.detail.hasPrefix("None of \(found.candidatesTried) candidates is the token")
        == true)
    // Each secret one or two changes away, and one character more in front and at the end.
    #expect((200..<3000).contains(found.candidatesTried), "\(found.candidatesTried)")
  }

  private static let discord = PrivateKey(for: .ed25519)
  private static let sendGrid = PrivateKey(for: .ecdsaP256)

  private static func signed(_ text: [UInt8], _ write: ([UInt8]) -> [UInt8]) -> [Headers.Field] {
    [
      .init("X-Signature-Timestamp", "1745518397"),
      .init("X-Signature-Ed25519", ByteString(write(discord.signature(of: text)))),
    ]
  }

  private static func hex(_ bytes: [UInt8]) -> [UInt8] { Array(Hex.text(bytes).utf8) }

  private static var discordRing: [SigningSecret] {
    get throws { [try SigningSecret(discord.publicText, label: "discord", provider: .discord)] }
  }

  @Test("a body that was changed after a private key had signed it is proven by the public one")
  func changedBody() throws {
    let text = Array("1745518397".utf8) + Self.body
    let ring = try Self.discordRing
    let newline = Self.diagnosis(.discord, Self.signed(text, Self.hex), body: Self.body + [0x0A], ring: ring)
    #expect(Self.found(newline).hasPrefix("newline-or-bom proven"), "\(Self.found(newline))")
    let printed = try #require(Reserialisations.written(Self.body, in: .python))
    let spaced = Self.diagnosis(.discord, Self.signed(text, Self.hex), body: printed, ring: ring)
    #expect(Self.found(spaced).hasPrefix("body-reserialised proven"), "\(Self.found(spaced))")
    #expect(spaced.proof?.signedText.body == Self.body)
  }

  @Test("another text that a private key has signed is named without a word of HMAC")
  func otherText() throws {
    let found = Self.diagnosis(.discord, Self.signed(Self.body, Self.hex), ring: try Self.discordRing)
    #expect(
      Self.found(found)
        == "other-signed-text proven: The signature is the Ed25519 signature of the body alone; expected: Ed25519 "
        + "signature of t and body without a dot in hexadecimal", "\(Self.found(found))")
    #expect(found.findings.first?.remedy == "Sign t and body without a dot, and send it in hexadecimal.")
  }

  @Test("a signature in the other encoding is read")
  func base64() throws {
    let text = Array("1745518397".utf8) + Self.body
    let found = Self.diagnosis(.discord, Self.signed(text, Base64.encoded), ring: try Self.discordRing)
    #expect(
      Self.found(found).hasPrefix("digest-form proven: the signature is in base64, expected hexadecimal"),
      "\(Self.found(found))")
  }

  @Test("the two numbers of an ECDSA signature are read without DER, with zeros in front as well")
  func withoutDER() throws {
    let ring = [try SigningSecret(Self.sendGrid.publicText, label: "sendgrid", provider: .sendGrid)]
    // One signature in a hundred has a number with a zero in front, one in two a number with its first bit set.
    for round in 0..<40 {
      let body = Self.body + [0x30 + UInt8(round)]
      let der = Self.sendGrid.signature(of: Array("1745518397".utf8) + body)
      let raw = try #require(Self.numbers(der))
      let found = Self.diagnosis(
        .sendGrid,
        [
          .init("X-Twilio-Email-Event-Webhook-Timestamp", "1745518397"),
          .init("X-Twilio-Email-Event-Webhook-Signature", ByteString(Base64.encoded(raw))),
        ], body: body, ring: ring)
      #expect(
        Self.found(found).contains(
          "digest-form proven: The signature is right, but the signature is its two numbers"),
        "\(Self.found(found))")
    }
  }

  /// The two numbers of a signature in DER, of 32 bytes each.
  private static func numbers(_ der: [UInt8]) -> [UInt8]? {
    guard der.count > 8, der[0] == 0x30 else { return nil }
    let first = der[4..<4 + Int(der[3])]
    let second = der[(first.endIndex + 2)...]
    return [first, second].flatMap { number -> [UInt8] in
      let digits = number.drop { $0 == 0 }
      return [UInt8](repeating: 0, count: 32 - digits.count) + digits
    }
  }

  @Test("a retired public key and one with two digits exchanged are proven")
  func otherKeys() throws {
    let text = Array("1745518397".utf8) + Self.body
    let current = PrivateKey(for: .ed25519)
    let new = try SigningSecret(current.publicText, label: "new", provider: .discord)
    let old = try SigningSecret(
      Self.discord.publicText, label: "old", provider: .discord,
      retiredAt: Timestamp(seconds: Self.now.seconds - 3600))
    let found = Self.diagnosis(.discord, Self.signed(text, Self.hex), ring: [new, old])
    #expect(
      Self.found(found).hasPrefix("retired-secret proven: Signed with the private key of old, retired"),
      "\(Self.found(found))")

    var digits = Array(Self.discord.publicText.utf8)
    let place = try #require(digits.indices.dropLast().first { digits[$0] != digits[$0 + 1] })
    digits.swapAt(place, place + 1)
    let wrong = try SigningSecret(
      String(decoding: digits, as: UTF8.self), label: "discord", provider: .discord)
    let swapped = Self.diagnosis(.discord, Self.signed(text, Self.hex), ring: [wrong])
    #expect(
      Self.found(swapped).contains(
        "damaged-secret proven: It verifies with the public key discord with two characters exchanged"),
      "\(Self.found(swapped))")
  }

  private static let urls: [(signed: String, headers: [Headers.Field], remedy: String)] = [
    (
      "https://hooks.example.test/in?a=1", [.init("Host", "hooks.example.test")],
      "Give --public-url https://hooks.example.test when hooktop starts."
    ),
    (
      "https://hooks.example.test/in?a=1", [.init("Host", "hooks.example.test:4747")],
      "Give --public-url https://hooks.example.test when hooktop starts."
    ),
    (
      "https://hooks.example.test/in?a=1",
      [.init("Host", "127.0.0.1:4747"), .init("X-Original-Host", "hooks.example.test")],
      "Give --public-url https://hooks.example.test when hooktop starts."
    ),
    (
      "http://127.0.0.1:4747/in?a=1",
      [
        .init("Host", "127.0.0.1:4747"), .init("X-Forwarded-Host", "proxy.test"),
        .init("X-Forwarded-Proto", "https"),
      ],
      "Give --public-url http://127.0.0.1:4747 when hooktop starts."
    ),
    ("http://h.test/in/?a=1", [.init("Host", "h.test")], passOn),
    ("http://h.test/in", [.init("Host", "h.test")], passOn),
    ("https://h.test/in", [.init("Host", "h.test:80")], passOn),
    ("http://h.test/api/in?a=1", [.init("Host", "h.test"), .init("X-Forwarded-Prefix", "/api")], passOn),
  ]
  private static let passOn =
    "Have the proxy pass path and query on as they are, or give the sender the URL that arrives."

  @Test("the URL that a sender signed is found, and what to do about it", arguments: urls.indices)
  func otherURL(index: Int) throws {
    let (signed, headers, remedy) = Self.urls[index]
    let secret = try SigningSecret("s3cr3t of square", label: "square", provider: .square)
    let key = try #require(MACKey(secret.bytes))
    let mac = try #require(key.digest([Array(signed.utf8), Self.body]))
    let fields = headers + [.init("x-square-hmacsha256-signature", ByteString(Base64.encoded(mac)))]
    let found = Self.diagnosis(.square, fields, ring: [secret])
    let finding = try #require(found.findings.first)
    #expect(finding.id == "other-url" && finding.level == .proven, "\(Self.found(found))")
    #expect(finding.detail.hasPrefix("The sender signed \(signed); hooktop took http"), "\(finding.detail)")
    #expect(finding.remedy == remedy)
    // With a newline behind the body as well.
    let both = Self.diagnosis(.square, fields, body: Self.body + [0x0A], ring: [secret])
    #expect(Set(both.findings.map(\.id)) == ["other-url", "newline-or-bom"], "\(Self.found(both))")
  }

  @Test("--public-url that says another address is found to be wrong")
  func publicURL() throws {
    let providers = Providers.builtIn.reached(at: .fixed("https://wrong.example.test"))
    let provider = try #require(providers["square"])
    let secret = try SigningSecret("s3cr3t of square", label: "square", provider: provider)
    let key = try #require(MACKey(secret.bytes))
    let mac = try #require(key.digest([Array("https://h.test/in?a=1".utf8), Self.body]))
    let found = Self.diagnosis(
      provider,
      [.init("Host", "h.test"), .init("x-square-hmacsha256-signature", ByteString(Base64.encoded(mac)))],
      ring: [secret], providers: providers)
    #expect(
      Self.found(found)
        == "other-url proven: The sender signed https://h.test/in?a=1; hooktop took https://wrong.example.test/in?a=1"
    )
  }

  @Test("a URL of a hostile sender makes few candidates, and drives no terminal")
  func hostileURL() throws {
    let hosts = (0..<300).map { Headers.Field("X-Forwarded-Host", "h\($0).test, \u{1B}[2J\($0)") }
    let request = Request(
      target: ByteString("/" + String(repeating: "%41", count: 3000)), headers: Headers(hosts), body: [])
    let url = SignedURL(of: request, at: .received(isSecure: false))
    let others = url.others(for: request)
    #expect(others.count <= 256 && Set(others.map { $0.bytes }).count == others.count)
    for other in others + [url] {
      #expect(other.words.utf8.allSatisfy { 0x20...0x7E ~= $0 } && other.words.utf8.count < 130)
      #expect(other.baseWords.utf8.allSatisfy { 0x20...0x7E ~= $0 } && other.baseWords.utf8.count < 60)
    }
  }

  @Test("what is signed the way another sender signs is named after it")
  func knownWay() throws {
    let secret = try SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", label: "new", provider: .parlay)
    let decoded = try #require(Base64.decodedLeniently(Array("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8)[...]))
    let key = try #require(MACKey(decoded))
    let mac = try #require(key.digest([Array("msg_1.1745518397.".utf8), Self.body]))
    let value = "t=1745518397,v1=" + String(decoding: Base64.encoded(mac), as: UTF8.self)
    let found = Self.diagnosis(
      .parlay, [.init("X-Parlay-Delivery", "msg_1"), .init("X-Parlay-Signature", ByteString(value))],
      ring: [secret])
    #expect(
      Self.found(found).contains(
        "That is how Standard Webhooks and Svix sign ({id}.{t}.{body}, key base64-decoded)"),
      "\(Self.found(found))")
  }
}
