import Foundation
import Testing

/// `hooktop replay`: what the app gets, and how it ends.
@Suite(.enabled(if: Tool.python3.isInstalled && Tool.curl.isInstalled), .timeLimit(.minutes(3)))
struct ReplayTests {
  /// A session of a valid, an unsigned and a stale delivery.
  private func session(in folder: TemporaryFolder) async throws -> String {
    let tail = try await Tail(["--record", folder.path("s.ndjson")])
    _ = try await Post().signed().send(to: tail.url + "/one?a=1")
    _ = try await Post().send(to: tail.url + "/two")
    let old = Int(Date().timeIntervalSince1970) - 1000
    _ = try await Post().signed(t: old, v1: Post().mac(old)).send(to: tail.url + "/three")
    _ = try await tail.session(3)
    return folder.path("s.ndjson")
  }

  @Test("the app gets each delivery again, in order, and one that it refuses makes the exit code 1")
  func asItWas() async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp()
    let file = try await session(in: folder)
    let outcome = try await Hooktop.run(["replay", file, "--to", app.url])
    #expect(outcome.end == .exit(1))
    #expect(outcome.errors.hasSuffix("hooktop: 3 sent: 1 accepted, 2 refused, 0 without an answer\n"))
    let requests = try await app.requests(3)
    #expect(requests.map { $0.text("target") } == ["/one?a=1", "/two", "/three"])
    let bodies = requests.map { $0.text("body").flatMap { Data(base64Encoded: $0) } }
    #expect(bodies == Array(repeating: Post().body, count: 3))
  }

  @Test("--sign signs anew, --if leaves out, and where all are accepted the exit code is 0")
  func signed() async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp()
    let file = try await session(in: folder)
    let outcome = try await Hooktop.run([
      "replay", file, "--to", app.url + "/hook", "--sign", "--if", "sig:stale|valid", "--json", "--pace",
      "100/s",
    ])
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    let records = try outcome.output.split(separator: "\n").map { try Record(String($0)) }
    #expect(
      records.map { $0.number("sequence") } == [1, 3] && records.allSatisfy { $0.text("why") == "replay" })
    #expect(try await app.requests(2).map { $0.text("target") } == ["/hook?a=1", "/hook"])
  }

  @Test("what a monitor records of the replay itself is not sent again")
  func circle() async throws {
    let folder = try TemporaryFolder()
    let tail = try await Tail(["--record", folder.path("s.ndjson")])
    #expect(try await Post().signed().send(to: tail.url) == 200)
    let outcome = try await Hooktop.run(["replay", folder.path("s.ndjson"), "--to", tail.url])
    #expect(outcome.end == .exit(0) && outcome.errors.contains("1 sent: 1 accepted"), "\(outcome.errors)")
  }

  @Test("a signal ends it cleanly, with the sum of what was sent")
  func interrupted() async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp(.takesAll)
    let file = try await session(in: folder)
    let replay = try Hooktop.start(["replay", file, "--to", app.url, "--pace", "0.01/s"])
    _ = try await app.requests(1)
    try await waiting(until: "a line") { !replay.lines.isEmpty }
    replay.send(SIGINT)
    let outcome = try await replay.outcome()
    #expect(outcome.end == .signal(SIGINT))
    #expect(outcome.errors == "hooktop: stopped; 1 sent: 1 accepted, 0 refused, 0 without an answer\n")
  }

  @Test(
    "what can't be replayed is refused, in one line",
    arguments: [
      (["--to", "127.0.0.1:1"], "did you mean http://127.0.0.1:1?"),
      (["--to", "http://a", "--pace", "fast/s"], "--pace must be original, fast, or a rate such as 10/s"),
      (["--to", "http://a", "--secret", "parlay=env:A"], "--secret is for --sign"),
      (["--to", "http://a", "--if", "cause:x"], "--if is asked before there is an answer"),
    ])
  func refused(options: [String], words: String) async throws {
    let outcome = try await Hooktop.run(["replay", "s.ndjson"] + options)
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }
}
