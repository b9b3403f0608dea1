import Foundation

/// A running `hooktop sandbox`, and how it is reached.
final class LocalSandbox: Sendable {
  let process: Subprocess
  let url: String
  let key: String

  /// - Parameter arguments: its options; without `--rate` no events are made up.
  init(_ arguments: [String] = []) async throws {
    let command = ["sandbox", "--listen", "127.0.0.1:0", "--rate", "0/s", "--json"] + arguments
    let process = try Hooktop.start(command, environment: Hooktop.environment)
    self.process = process
    func word(_ pattern: Regex<(Substring, Substring)>) async throws -> String {
      try await waiting(for: "the sandbox", instead: { process.errors }) {
        process.errors.firstMatch(of: pattern).map { String($0.1) }
      }
    }
    url = try await word(#/listening on (http:\S+)\n/#)
    key = try await word(#/API key is (pk_sandbox_\w+)\n/#)
  }

  /// The variables that lead to it.
  var environment: [String: String] {
    ["PARLAY_API_URL": url, "PARLAY_API_KEY": key, "PARABLE_API_URL": url, "PARABLE_API_KEY": key]
  }

  /// The calls that were made, as `POST /v1/webhooks`.
  var calls: [String] {
    process.lines.compactMap { try? Record($0) }.filter { $0.text("kind") == "call" }
      .map { "\($0.text("method") ?? "") \($0.text("target") ?? "")" }
  }

  /// Has an event happen.
  func happen(_ event: String) async throws {
    let body = Data(#"{"event":"\#(event)"}"#.utf8)
    let fields = ["Authorization: Bearer \(key)", "Content-Type: application/json"]
    let answer = try await Tool.run(
      ["curl", "-s", "-w", "%{http_code}", "--data-binary", "@-"] + fields.flatMap { ["-H", $0] }
        + [url + "/v1/events"], input: body)
    guard answer.hasSuffix("202") else {
      throw NeverHappened("a 202", within: .zero, instead: answer)
    }
  }

  /// What leads to it, with secrets saved in a folder.
  func environment(in folder: TemporaryFolder) -> [String: String] {
    Hooktop.environment.merging(environment) { $1 }.merging(["XDG_STATE_HOME": folder.path]) { $1 }
  }

  /// Registers a webhook for analyses, saves its secret, and gives its id.
  func register(_ url: String, _ environment: [String: String]) async throws -> String {
    let made = try await Hooktop.run(
      [
        "parlay", "register", "--url", url, "--events", "analysis.completed,analysis.failed", "--save",
        "--json",
      ], environment: environment)
    guard let id = try Record(made.output).text("id") else {
      throw NeverHappened("an id", within: .zero, instead: made.output + made.errors)
    }
    return id
  }
}
