import Foundation
import Testing

/// Every command of the README is run as it stands there, in a network of its own where its ports are free.
@Suite struct ReadmeCommandTests {
  /// A command that was run in a scene.
  private struct Run: CustomStringConvertible {
    let command: String
    let code: Int?
    let said: String
    var description: String { "\(command): \(code.map(String.init) ?? "no end")\n\(said)" }
  }

  private static let inOwnNetwork: ConditionTrait = .enabled(
    if: Namespace.isAllowed && Tool.canDrive, "needs a network namespace of its own")

  @Test("each command of the README is tried in one way or another, and none that is not there")
  func complete() throws {
    #expect(try ReadmeCommands.listed() == ReadmeCommands.ways.map(\.key))
    let tests = try ReadmeCommands.tests()
    for case (let command, .test(let name)) in ReadmeCommands.ways {
      #expect(tests.contains("\"\(name)\""), "\(command): no test is called \(name)")
    }
  }

  @Test(
    "commands that come to an end do so with their code, beside a receiver, an app and a sandbox",
    Self.inOwnNetwork)
  func ends() async throws {
    let wanted = ReadmeCommands.ways.compactMap { command, way -> (command: String, code: Int)? in
      if case .ends(let code) = way { (command, code) } else { nil }
    }
    let runs = try await Self.play(Self.background, wanted.map(\.command)) { "bash -c \($0) </dev/null" }
    #expect(runs.count == wanted.count)
    for (run, (_, code)) in zip(runs, wanted) { #expect(run.code == code, "\(run)") }
  }

  @Test(
    "commands for a receiver that speaks TLS find one",
    Self.inOwnNetwork)
  func overTLS() async throws {
    let commands = Self.commands { if case .endsOverTLS = $0 { true } else { false } }
    let background = """
      hooktop tail --tls-self-signed > receiver.log 2>&1 &
      up https://127.0.0.1:4747
      """
    for run in try await Self.play(background, commands, by: { "bash -c \($0) </dev/null" }) {
      #expect(run.code == 0, "\(run)")
    }
  }

  @Test(
    "commands that wait end once the test events have come",
    Self.inOwnNetwork)
  func waits() async throws {
    let commands = Self.commands { if case .waits = $0 { true } else { false } }
    let runs = try await Self.play(":", commands) {
      """
      bash -c \($0) & waiting=$!
      up http://127.0.0.1:4747
      while kill -0 $waiting; do hooktop send webhook.test; done
      wait $waiting
      """
    }
    for run in runs { #expect(run.code == 0, "\(run)") }
  }

  @Test(
    "commands that go on answer at their address, and end when they are told to",
    Self.inOwnNetwork)
  func serves() async throws {
    let wanted = ReadmeCommands.ways.compactMap { command, way -> (command: String, address: String)? in
      if case .serves(let address) = way { (command, address) } else { nil }
    }
    let addresses = Dictionary(wanted.map { (Self.quoted($0.command), $0.address) }) { $1 }
    let runs = try await Self.play(":", wanted.map(\.command)) { command in
      """
      setsid timeout 60 bash -c \(command) </dev/null & serving=$!
      up \(addresses[command] ?? "")
      kill -TERM -- -$serving
      wait $serving
      true
      """
    }
    for run in runs { #expect(run.code == 0, "\(run)") }
  }

  // MARK: Scenes

  /// What commands that come to an end find: a receiver, an app that verifies, a sandbox, and files.
  private static let background = """
    hooktop tail --record session.ndjson > receiver.log 2>&1 &
    hooktop tail --port 3000 > app.log 2>&1 &
    hooktop sandbox --rate 0/s > sandbox.log 2>&1 &
    up http://127.0.0.1:4747/.hooktop/health
    up http://127.0.0.1:3000/.hooktop/health
    up http://127.0.0.1:4800
    export PARLAY_API_KEY=$(grep -o 'pk_sandbox_[A-Za-z0-9_]*' sandbox.log | head -n 1)
    hooktop send --count 10
    hooktop send --break newline-or-bom
    curl -s -d '{"a":1}' -H "X-Acme-Signature: $(printf x | sha256sum | cut -c 1-64)" http://127.0.0.1:4747
    echo '{"a":1}' > body.json
    printf 'POST / HTTP/1.1\\r\\nHost: x\\r\\nX-Parlay-Event: a.b\\r\\n\\r\\n{}' > saved.http
    """

  /// The commands that are tried in such a way.
  private static func commands(_ isMeant: (ReadmeCommands.Way) -> Bool) -> [String] {
    ReadmeCommands.ways.filter { isMeant($0.value) }.map(\.key)
  }

  /// Plays a scene: its background, then the commands one after the other.
  private static func play(
    _ background: String, _ commands: [String], by run: (String) -> String
  ) async throws -> [Run] {
    let folder = try TemporaryFolder()
    let steps = commands.enumerated().map { number, command in
      "( \(run(quoted(command))) ) > \(number).log 2>&1; echo $? > \(number).code"
    }
    let script = """
      cd \(quoted(folder.path)) || exit 1
      up() { until curl -sk -o /dev/null --max-time 2 "$1"; do sleep 0.02; done; }
      {
      \(background)
      } > background.log 2>&1
      \(steps.joined(separator: "\n"))
      kill $(jobs -p)
      """
    let environment = Hooktop.environmentWithSecrets.merging([
      "HOME": folder.path, "SECRET": Hooktop.parlaySecret, "GITHUB_WEBHOOK_SECRET": "a secret",
      "STRIPE_WEBHOOK_SECRET": "whsec_a", "STRIPE_LIVE_SECRET": "whsec_b",
    ]) { $1 }
    let process = try Namespace.start(script: script, environment: environment)
    _ = try await process.outcome()
    return commands.enumerated().map { number, command in
      let code = Int(folder.text("\(number).code").filter(\.isNumber))
      return Run(command: command, code: code, said: folder.text("\(number).log") + process.errors)
    }
  }

  /// A text as one word of a shell.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
