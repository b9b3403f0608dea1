import Foundation
import Testing

/// What the README gives to be copied beside the commands that stand alone.
@Suite struct ReadmeTests {
  @Test("a delivery that is signed by hand, as the README says, is valid")
  func signing() async throws {
    let block = try #require(try Self.text().firstMatch(of: #/By hand:\n\n```sh\n((?s).*?)```/#)?.1)
    let tail = try await Tail(["--json"])
    let script = String(block).replacing("http://127.0.0.1:4747", with: tail.url)
    #expect(script.contains(tail.url))
    let outcome = try await Subprocess(["bash", "-c", script], environment: Hooktop.environmentWithSecrets)
      .outcome()
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    let record = try await tail.records(1)[0]
    #expect(record.status == "valid")
    #expect(record.text("event") == "webhook.test")
  }

  @Test("a sender of one's own takes six lines, is signed as and verified, and has its challenge answered")
  func ownSender() async throws {
    let text = try Self.text()
    let sender = try #require(
      text.firstMatch(of: #/Your own sender in six lines.*\n\n```yaml\n((?s).*?)```/#)?.1)
    let challenges = try #require(text.firstMatch(of: #/```yaml\n( +challenges:\n(?s).*?)```/#)?.1)
    #expect(sender.split(separator: "\n").count == 6)
    let folder = try TemporaryFolder()
    let file = try folder.write(
      sender.replacing("secrets:", with: "\(challenges)secrets:").utf8, to: "hooktop.yaml")
    let event = try folder.write(#"{"type":"order.paid","id":"o_1"}"#.utf8, to: "event.json")
    let environment = Hooktop.environment.merging(["ACME_SECRET": "a secret of Acme's"]) { $1 }
    let tail = try await Tail(["--json", "--config", file], environment: environment)
    let sent = try await Hooktop.run(
      ["send", "--provider", "acme", "--body", event, "--config", file, "--to", tail.url],
      environment: environment)
    #expect(sent.end == .exit(0), "\(sent.errors)")
    let record = try await tail.records(1)[0]
    #expect(record.status == "valid" && record.text("provider") == "acme")
    #expect(record.text("event") == "order.paid" && record.text("event_id") == "o_1")
    // A challenge that is signed by hand: the answer, and below it the one that is due.
    let challenge = """
      sign() { openssl dgst -sha256 -hmac "$ACME_SECRET" -r | cut -c 1-64; }
      t=$(date +%s); body='{"type":"hello","challenge":"c2FsdA"}'
      curl -s -d "$body" -H "X-Acme-Signature: ts=$t;h1=$(printf %s:%s "$t" "$body" | sign)" \(tail.url)
      printf '\\n{"challenge":"c2FsdA","proof":"%s"}' "$(printf c2FsdA | sign)"
      """
    let answers = try await Subprocess(["bash", "-c", challenge], environment: environment).outcome().output
      .split(separator: "\n")
    #expect(answers.count == 2 && answers.first == answers.last, "\(answers)")
  }

  private static func text() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "../README.md"), encoding: .utf8)
  }
}
