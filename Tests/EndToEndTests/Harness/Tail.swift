import Foundation

/// A running `hooktop tail`, and what it has printed.
final class Tail: Sendable {
  let process: Subprocess
  let url: String

  convenience init(_ arguments: [String] = [], environment: [String: String] = Hooktop.environmentWithSecrets)
    async throws
  {
    try await self.init(command: ["tail", "--port", "0"] + arguments, environment: environment)
  }

  /// - Parameter command: any command that goes on as tail.
  init(command: [String], environment: [String: String] = Hooktop.environmentWithSecrets) async throws {
    let process = try Hooktop.start(command, environment: environment)
    self.process = process
    url = try await waiting(for: "the address", instead: { process.errors }) {
      process.errors.firstMatch(of: /listening on (https?:\S+)\n/).map { String($0.1) }
    }
  }

  /// Waits for so many lines, and gives them.
  @discardableResult
  func lines(_ count: Int) async throws -> [String] {
    try await waiting(for: "\(count) lines", instead: { self.process.output + self.process.errors }) {
      let lines = process.lines
      return lines.count >= count ? lines : nil
    }
  }

  /// Waits for so many lines of NDJSON, and gives them as objects.
  func records(_ count: Int) async throws -> [Record] {
    try await lines(count).map(Record.init)
  }

  /// Waits for so many lines, ends the program, and gives all that it has printed.
  func session(_ count: Int) async throws -> Data {
    try await lines(count)
    process.send(SIGTERM)
    return Data(try await process.outcome().output.utf8)
  }
}
