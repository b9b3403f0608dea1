import Foundation
import Testing

/// `hooktop providers`, and every sender that it lists, from `send` over the wire to the receiver.
@Suite struct ProvidersTests {
  private static func listed() async throws -> [Record] {
    let outcome = try await Hooktop.run(["providers", "--json"])
    #expect(outcome.end == .exit(0))
    return try outcome.output.split(separator: "\n").map { try Record(String($0)) }
  }

  /// One secret that every sender's scheme takes.
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  @Test("a sample of every sender that can be signed for arrives, is known and valid")
  func everySender() async throws {
    let senders = try await Self.listed().filter { !["ed25519", "ecdsa-p256"].contains($0.text("kind")) }
    let names = senders.compactMap { $0.text("name") }
    #expect(names.count == 25)
    let tail = try await Tail(
      ["--json"] + names.flatMap { ["--secret", "\($0)=env:SECRET"] },
      environment: Hooktop.environment.merging(["SECRET": Self.secret]) { $1 })
    for name in names {
      let outcome = try await Hooktop.run(
        ["send", "--provider", name, "--secret", "\(name)=env:SECRET", "--to", tail.url + "/hook?a=1"],
        environment: Hooktop.environment.merging(["SECRET": Self.secret]) { $1 })
      #expect(outcome.end == .exit(0), "\(name): \(outcome.errors)")
    }
    let records = try await tail.records(names.count)
    #expect(records.map { $0.text("provider") } == names)
    #expect(records.allSatisfy { $0.status == "valid" && $0.answer == 200 }, "\(records.map(\.reason))")
    // Lists of events, which name none for all of them.
    #expect(zip(names, records).filter { $1.event == nil }.map(\.0) == ["hubspot"])
  }

  @Test("only the sender signs with a private key: send and check say so")
  func oneWay() async throws {
    for command in [
      ["send", "--provider", "discord"], ["check", "--to", "http://127.0.0.1:9", "--provider", "sendgrid"],
    ] {
      let outcome = try await Hooktop.run(command)
      #expect(outcome.end == .exit(1))
      #expect(outcome.errors.contains("signs with a private key that only"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test("the table has a line for each sender, and one is printed as YAML that names its header")
  func table() async throws {
    let names = try await Self.listed().compactMap { $0.text("name") }
    let table = try await Hooktop.run(["providers"]).output.split(separator: "\n")
    #expect(table.dropFirst().map { String($0.prefix { $0 != " " }) } == names)
    #expect(table.contains { $0.contains("X-Hub-Signature-256") && $0.contains("none: no time is signed") })
    let yaml = try await Hooktop.run(["providers", "github"])
    #expect(yaml.end == .exit(0))
    #expect(
      yaml.output.hasPrefix(
        "providers:\n  github:\n    title: GitHub\n    signature:\n      header: X-Hub-Signature-256\n"))
  }

  @Test(
    "a wrong name or a wrong use is told in one line",
    arguments: [
      (["githup"], "did you mean github?"), (["nobody"], "hooktop providers lists"),
      (["--from", "1"], "needs a recorded session"),
      (["--from", "1", "x", "--json"], "leave --json out"),
    ])
  func wrong(arguments: [String], words: String) async throws {
    let outcome = try await Hooktop.run(["providers"] + arguments)
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("a draft for an unknown sender comes from one recorded delivery")
  func draft() async throws {
    let tail = try await Tail(["--json"])
    let signature = "sha256=" + String(repeating: "ab", count: 32)
    let post = Post(body: Data(#"{"type":"order.paid"}"#.utf8), headers: ["X-Acme-Signature: \(signature)"])
    #expect(try await post.send(to: tail.url) != nil)
    let folder = try TemporaryFolder()
    let file = try folder.write(try await tail.session(1), to: "session.ndjson")
    let draft = try await Hooktop.run(["providers", "--from", "1", file])
    #expect(draft.end == .exit(0), "\(draft.errors)")
    #expect(
      draft.output.contains(#"format: "sha256={hex}""#) && draft.output.contains("header: X-Acme-Signature"))
    #expect(draft.output.contains("# These senders write their signature in the same form: github"))
    let missing = try await Hooktop.run(["providers", "--from", "7", file])
    #expect(missing.end == .exit(1))
    #expect(missing.errors.contains("holds no delivery #7"))
  }

  @Test("a customary variable holds the secret, and an empty one means nothing")
  func variables() async throws {
    let environment = Hooktop.environment.merging(
      ["STRIPE_WEBHOOK_SECRET": Self.secret, "SVIX_WEBHOOK_SECRET": "", "LEMON_SQUEEZY_SIGNING_SECRET": "s"])
    { $1 }
    let tail = try await Tail(["--json"], environment: environment)
    for name in ["stripe", "lemon-squeezy"] {
      let outcome = try await Hooktop.run(
        ["send", "--provider", name, "--to", tail.url], environment: environment)
      #expect(outcome.end == .exit(0), "\(outcome.errors)")
    }
    #expect(try await tail.records(2).map(\.status) == ["valid", "valid"])
  }

  @Test("a saved body is verified at the URL that its sender signed")
  func publicURL() async throws {
    let (secret, url) = ("key", "https://hooks.example.test/in?a=1")
    let python =
      "import base64,hashlib,hmac; print(base64.b64encode(hmac.new(b'\(secret)', b'\(url){}', 'sha256').digest()).decode())"
    let signature = try await Tool.run(["python3", "-c", python])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    func verify(_ address: String) async throws -> Subprocess.End {
      try await Hooktop.run(
        [
          "verify", "-", "--header", "x-square-hmacsha256-signature: \(signature)", "--secret",
          "square=env:KEY",
          "--public-url", address,
        ], environment: Hooktop.environment.merging(["KEY": secret]) { $1 }, input: Data("{}".utf8)
      ).end
    }
    #expect(try await verify(url) == .exit(0))
    #expect(try await verify("https://hooks.example.test") == .exit(12))
    let refused = try await Hooktop.run(["tail", "--public-url", url])
    #expect(refused.end == .exit(64))
    #expect(refused.errors.contains("without a path"))
  }
}
