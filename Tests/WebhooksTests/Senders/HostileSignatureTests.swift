import JSON
import TestSupport
import Testing

@testable import Webhooks

/// What a sender could never send, in every sender's format: one verdict each, soon, and never a valid one.
@Suite struct HostileSignatureTests {
  /// A key in base64 with a byte behind it.
  private static func longer(_ key: String) -> String {
    String(decoding: Base64.encoded((Base64.decoded(Array(key.utf8).span) ?? []) + [0]), as: UTF8.self)
  }

  private static func values(_ vector: SenderVector) -> [(name: String, value: [UInt8])] {
    let good = vector.signature
    let half = Array(good.prefix(good.count / 2))
    let separator = vector.scheme.format.separator ?? UInt8(ascii: ",")
    return [
      ("repeated", good + good), ("half", half), ("half and whole", half + [separator] + good.dropLast()),
      ("separators", Array(repeating: separator, count: 5000)),
      ("equals signs", Array(repeating: UInt8(ascii: "="), count: 5000)),
      ("huge", Array(repeating: UInt8(ascii: "a"), count: 1 << 16)),
      (
        "huge after its beginning",
        vector.scheme.format.signaturePrefix + Array(repeating: UInt8(ascii: "0"), count: 1 << 16)
      ),
      ("not ASCII", good.dropLast(3) + Array("é🚀\u{2028}".utf8)),
      ("not UTF-8", [0xFF, 0xFE] + good + [0xC0]),
      ("NUL", good + [0]), ("quoted", [0x22] + good + [0x22]), ("line end", good + [0x0D, 0x0A]),
      ("braces", Array("{hex}{t}{base64}".utf8)), ("percent", Array("%74%3D1".utf8)),
    ]
  }

  @Test("no broken signature is valid, stops the program, or takes long", arguments: SenderVector.all)
  func broken(vector: SenderVector) throws {
    for (name, value) in Self.values(vector) {
      let verdict = try vector.verdict(vector.request(signature: value))
      // A whole signature stands at the end of what is repeated, and any of several may match.
      let holdsAGoodOne = name == "repeated" && vector.scheme.format.holdsTime && vector.scheme.takesSeveral
      #expect(
        verdict.status == .malformed || verdict.status == .mismatch || holdsAGoodOne,
        "\(name): \(verdict.reason)")
      #expect(verdict.faultOffset.map { $0 <= value.count } ?? true, "\(name)")
    }
  }

  @Test(
    "of a thousand signatures any may match where several may stand, and none where one may",
    arguments: SenderVector.withHMAC)
  func thousand(vector: SenderVector) throws {
    let scheme = vector.scheme
    guard let separator = scheme.format.separator else { return }
    let written = scheme.format.written(Array(repeating: 7, count: scheme.digest.size), time: [])
    let entry =
      scheme.format.holdsTime
      ? written.split(separator: separator).last.map { Array($0.trimmingSpaces) } ?? [] : written
    let many = Array(repeatElement(entry, count: 1000).joined(separator: [separator]))
    for value in [
      vector.signature + [separator] + many,
      scheme.format.holdsTime ? [] : many + [separator] + vector.signature,
    ]
    where !value.isEmpty {
      let verdict = try vector.verdict(vector.request(signature: value))
      #expect(verdict.reason == (scheme.takesSeveral ? .ok : .format))
      #expect(verdict.signatureCount == 1001)
    }
  }

  @Test("signatures of private keys are tried a few times only")
  func bounded() throws {
    let several = Provider(
      "several",
      scheme: SignatureScheme(
        .ed25519, headers: ["X"], format: SignatureFormat("{hex}", separator: ",")!,
        text: SignedTextTemplate("{body}")!))
    let value = Array(
      repeatElement(Array(String(repeating: "ab", count: 64).utf8), count: 1000).joined(separator: [0x2C]))
    let reading = SignatureReading(value, under: several.scheme)
    #expect(reading.signatureCount == 1000)
    #expect(reading.usableCount == 8)
  }

  @Test(
    "a public key that is none, or one of another kind, is refused with what is expected",
    arguments: [
      ("discord", "", "empty"), ("discord", "abcd", "64 hexadecimal digits"),
      ("discord", String(repeating: "zz", count: 32), "64 hexadecimal digits"),
      ("sendgrid", "AAAA", "P-256"), ("sendgrid", "not base64!", "P-256"),
      ("sendgrid", Self.longer(SenderVector.named("sendgrid").secret), "P-256"),
      ("sendgrid", SenderVector.named("discord").secret, "P-256"),
      // The same kind of key on another curve: secp256k1.
      (
        "sendgrid",
        "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEEw1iG56mrBy2yWxdPV5Cbod7+qrWCaka1tmuwRa4iQ75CBHZBhKu/pg9covLwi6UQmETIccyMDhZC3op80oGZA==",
        "P-256"
      ),
    ])
  func keys(name: String, secret: String, words: String) throws {
    let provider = try #require(Providers.builtIn[name])
    let error = #expect(throws: SecretError.self) {
      try SigningSecret(secret, label: name, provider: provider)
    }
    #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
    #expect(secret.isEmpty || error.map { !"\($0)".contains(secret) } == true)
  }

  @Test(
    "a public key is taken in PEM as well, whatever its lines end in", arguments: ["discord", "sendgrid"])
  func pem(name: String) throws {
    let provider = try #require(Providers.builtIn[name])
    let (key, stranger) = (PrivateKey(for: provider.scheme.kind), PrivateKey(for: provider.scheme.kind))
    let (time, body) = (Array("1745518397".utf8), Array("{}".utf8))
    let request = Request(
      headers: Headers(provider.scheme.fields(with: key.signature(of: time + body), time: time, id: [])),
      body: body)
    func reason(_ text: String) throws -> Verdict.Reason {
      let secret = try SigningSecret(text, label: name, provider: provider)
      #expect(secret.warnings.isEmpty)
      return Verifier(keyring: Keyring([secret])).verify(
        request, provider: provider, at: Timestamp(seconds: 1_745_518_400)
      ).reason
    }
    let pem = key.publicPEM
    #expect(
      try Program.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input: Array(pem.utf8)).count > 40)
    for text in [key.publicText, pem, String(pem.dropLast()), pem.replacing("\n", with: "\r\n"), pem + "\n"] {
      #expect(try reason(text) == .ok)
    }
    #expect(try reason(stranger.publicPEM) == .noV1Matches)
    let otherKind = PrivateKey(for: provider.scheme.kind == .ed25519 ? .ecdsaP256 : .ed25519)
    let cut = pem.split(separator: "\n")
    for text in [
      otherKind.publicPEM, "-----BEGIN PUBLIC KEY-----", cut.dropLast().joined(separator: "\n"),
      pem.replacing("PUBLIC", with: "PRIVATE"), pem + "x", pem.replacing("M", with: "!"),
      "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", pem + pem,
    ] {
      #expect(throws: SecretError.self) { try SigningSecret(text, label: name, provider: provider) }
    }
  }

  @Test(
    "a key in base64 may lack its padding and its prefix, and nothing else",
    arguments: ["standard-webhooks", "svix"])
  func padding(name: String) throws {
    let vector = SenderVector.named(name)
    let bare = String(vector.secret.dropFirst("whsec_".count))
    for secret in [vector.secret.replacing("=", with: ""), bare, bare.replacing("=", with: "")] as [String] {
      #expect(vector.secret.contains("=") && !secret.isEmpty)
      #expect(try vector.verdict(vector.request, secret: secret).reason == .ok)
    }
    for secret in [vector.secret + "=", "whsec_" + bare.dropFirst(), "whsec_-_\(bare)"] {
      #expect(throws: SecretError.self) { try vector.verdict(vector.request, secret: secret) }
    }
  }

  @Test("keys are shared by threads")
  func threads() async throws {
    let vectors = [SenderVector.named("discord"), .named("sendgrid"), .named("github")]
    let verifier = Verifier(
      keyring: Keyring(
        try vectors.map { try SigningSecret($0.secret, label: $0.name, provider: $0.provider) }))
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<60 {
        let vector = vectors[index % vectors.count]
        let (request, provider) = (vector.request, vector.provider)
        let moment = Timestamp(seconds: vector.now)
        group.addTask { verifier.verify(request, provider: provider, at: moment).reason == .ok }
      }
      for await isValid in group { #expect(isValid) }
    }
  }
}
