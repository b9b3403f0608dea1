import Foundation
import Glibc
import Testing

/// What becomes of `tail` and `verify` where their output goes nowhere, and of `tail` where nobody watches it.
@Suite struct StalledOutputTests {
  @Test("a pipe that nobody reads does not hold tail back from ending")
  func fullPipe() async throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let tail = try await redirected("tail --json --port 0", to: pipe, in: folder)
    let sent = try await Hooktop.run(["send", "--to", tail.url, "--count", "300"])
    #expect(sent.end == .exit(0))
    try await waiting(until: "a full pipe") { try Outlet(path: pipe).isFull() }
    #expect(tail.process.ended == nil)
    tail.process.send(SIGTERM)
    let end = try await waiting(for: "the end") { tail.process.ended }
    #expect(end == .signal(SIGTERM))
  }

  @Test("tail says in one line that its output takes no more, and fails", arguments: ["", "--json"])
  func fullDevice(option: String) async throws {
    let folder = try TemporaryFolder()
    let tail = try await redirected("tail \(option) --port 0", to: "/dev/full", in: folder)
    _ = try await Hooktop.run(["send", "--to", tail.url])
    #expect(try await tail.process.outcome().end == .exit(1))
    let lines = folder.text("errors").split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("listening on"), "\(lines)")
    #expect(lines.last?.hasPrefix("hooktop: the output can't be written: ") == true)
  }

  @Test("verify says in one line that its output takes no more, and fails", arguments: ["", "--json"])
  func fullDeviceOfVerify(option: String) async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url, "--count", "3"])
    let folder = try TemporaryFolder()
    let session = try folder.write(try await tail.session(3), to: "session.ndjson")
    let script = "hooktop verify \(option) \(session) > /dev/full"
    let outcome = try await Subprocess(
      ["bash", "-c", script], environment: Hooktop.environmentWithSecrets
    ).outcome()
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("hooktop: the output can't be written: "))
  }

  @Test(
    "where nobody reads the output any more, every command dies of that, as cat does",
    arguments: [
      "replay session.ndjson --to URL", "replay session.ndjson --to URL --json",
      "check --to URL --provider parlay", "check --to URL --provider parlay --json",
      "verify session.ndjson", "verify session.ndjson --json", "open session.ndjson",
    ])
  func cutOff(command: String) async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp(.takesAll)
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url, "--count", "3"])
    let session = try folder.write(try await tail.session(3), to: "session.ndjson")
    let words = command.replacing("URL", with: app.url).replacing("session.ndjson", with: session)
    // A shell can't have the reader gone before the first line is written.
    let script = """
      import os, subprocess, sys
      reader, writer = os.pipe(); os.close(reader)
      print(subprocess.run(["hooktop", *sys.argv[1:]], stdout=writer).returncode)
      """
    let outcome = try await Subprocess(
      ["python3", "-c", script] + words.split(separator: " ").map(String.init),
      environment: Hooktop.environmentWithSecrets
    ).outcome()
    #expect(outcome.output == "\(-SIGPIPE)\n", "\(outcome.errors)")
  }

  @Test("under nohup a hang-up is survived, and SIGTERM still ends it")
  func nohup() async throws {
    let process = try Subprocess(
      ["nohup", Hooktop.path, "tail", "--port", "0"], environment: Hooktop.environmentWithSecrets)
    let url = try await waiting(for: "the address", instead: { process.errors }) {
      process.errors.firstMatch(of: #/listening on (\S+)\n/#).map { String($0.1) }
    }
    process.send(SIGHUP)
    let sent = try await Hooktop.run(["send", "--to", url, "--count", "3"])
    #expect(sent.end == .exit(0), "\(sent.errors)")
    try await waiting(until: "three lines") { process.lines.count == 3 }
    process.send(SIGTERM)
    #expect(try await process.outcome().end == .signal(SIGTERM))
  }

  /// Starts hooktop with its standard output sent elsewhere, and waits until it listens.
  private func redirected(
    _ command: String, to path: String, in folder: TemporaryFolder
  ) async throws -> (process: Subprocess, url: String) {
    let script = "exec hooktop \(command) >\(path) 2>\(folder.path("errors"))"
    let process = try Subprocess(["bash", "-c", script], environment: Hooktop.environmentWithSecrets)
    let url = try await waiting(for: "the address", instead: { folder.text("errors") }) {
      folder.text("errors").firstMatch(of: #/listening on (\S+)\n/#).map { String($0.1) }
    }
    return (process, url)
  }
}
