import Foundation
import Testing

/// Where `verify` reads from, and what it makes of a session that has nothing to verify.
@Suite struct VerifySourceTests {
  /// The ways to hand over the session whose path is `$1`.
  private static let sources = [
    "hooktop verify \"$1\"", "hooktop verify - < \"$1\"", "hooktop verify < \"$1\"",
    "hooktop verify /dev/stdin < \"$1\"", "cat \"$1\" | hooktop verify /dev/stdin",
    "hooktop verify <(cat \"$1\")", "cp \"$1\" body.txt; hooktop verify body.txt",
  ]
  private static let incident =
    #"{"kind":"incident","received_at":"2026-11-21T18:02:11.482913Z","reason":"wrong-method","detail":"GET","#
    + #""peer":"127.0.0.1:51234","answer":{"status":405}}"# + "\n"

  private func run(
    _ source: String, _ options: String = "", on session: Data, in folder: TemporaryFolder
  ) async throws -> Subprocess.Outcome {
    let path = try folder.write(session, to: "session.ndjson")
    let script = "cd \(folder.path); \(source.replacing("hooktop verify", with: "hooktop verify \(options)"))"
    return try await Subprocess(
      ["bash", "-c", script, "bash", path], environment: Hooktop.environmentWithSecrets
    ).outcome()
  }

  @Test("a session gets the same verdicts wherever it is read from")
  func sameVerdicts() async throws {
    let tail = try await Tail(["--json"])
    for breakage in [nil, "too-old", "no-header"] {
      let broken = breakage.map { ["--break", $0] } ?? []
      _ = try await Hooktop.run(["send", "capture.processed", "--to", tail.url] + broken)
    }
    let session = try await tail.session(3)
    let folder = try TemporaryFolder()
    for source in Self.sources {
      let outcome = try await run(source, "--json", on: session, in: folder)
      #expect(outcome.end == .exit(13), "\(source): \(outcome.errors)")
      let records = try outcome.output.split(separator: "\n").map { try Record(String($0)) }
      #expect(records.map(\.status) == ["valid", "stale", "missing"], "\(source)")
      #expect(records.map { $0.number("sequence") } == [1, 2, 3])
      #expect(outcome.errors.hasPrefix("hooktop: 1 valid, 1 missing, 1 stale\n"), "\(outcome.errors)")
    }
  }

  @Test(
    "a body that is larger than any receiver takes is one line and exit 1, wherever it ends",
    arguments: ["verify body", "verify /dev/zero", "send --body body", "send --body /dev/zero"])
  func tooLarge(command: String) async throws {
    let folder = try TemporaryFolder()
    let outcome = try await Subprocess(
      ["bash", "-c", "cd \(folder.path); echo body > body; truncate -s 5G body; hooktop \(command)"],
      environment: Hooktop.environmentWithSecrets
    ).outcome()
    #expect(outcome.end == .exit(1))
    let file = command.split(separator: " ").last ?? ""
    #expect(outcome.errors == "hooktop: \(file) is larger than 256MiB, the most that is read\n")
  }

  @Test("a session without deliveries is one line and exit 1", arguments: ["", incident, "\n"])
  func nothing(session: String) async throws {
    let folder = try TemporaryFolder()
    for (source, option) in Self.sources.flatMap({ [($0, ""), ($0, "--json")] }) {
      // Only its name tells a blank session from a blank body.
      if session == "\n", !source.hasPrefix("hooktop verify \"$1\"") { continue }
      let outcome = try await run(source, option, on: Data(session.utf8), in: folder)
      #expect(outcome.end == .exit(1), "\(source)")
      #expect(outcome.errorLines.count == 1, "\(source): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("hooktop: no deliveries in the session"))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(
    "a session takes no options of a single body",
    arguments: ["--at 1745518397", "--header 'X-Parlay-Signature: t=1,v1=2'", "--provider parlay"])
  func options(options: String) async throws {
    let folder = try TemporaryFolder()
    for source in Self.sources {
      let outcome = try await run(source, options, on: Data(Self.incident.utf8), in: folder)
      #expect(outcome.end == .exit(64), "\(source): \(outcome.errors)")
      #expect(outcome.errors.contains("is a session"))
      #expect(outcome.errorLines.count == 2, "\(outcome.errors)")
      #expect(outcome.errors.contains("\nSee 'hooktop verify --help'"), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }
}
