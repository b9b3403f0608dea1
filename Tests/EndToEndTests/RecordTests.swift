import Foundation
import Glibc
import Testing

/// `--record`: what it writes, and when.
@Suite struct RecordTests {
  @Test("a line per delivery and incident, the same as tail --json prints, in a file for its owner alone")
  func lines() async throws {
    let folder = try TemporaryFolder()
    let tail = try await Tail(["--json", "--record", folder.path("session")])
    #expect(try await Post().signed().send(to: tail.url) == 200)
    _ = try await Tool.run(["curl", "-s", "--noproxy", "*", tail.url])
    #expect(try await Post().signed(secret: "whsec_wrong").send(to: tail.url) == 401)
    let session = try await tail.session(3)
    #expect(Data(folder.bytes("session")) == session)
    #expect(
      try FileManager.default.attributesOfItem(atPath: folder.path("session"))[.posixPermissions] as? Int
        == 0o600)
  }

  @Test("kill -9 loses nothing that was answered")
  func killed() async throws {
    let folder = try TemporaryFolder()
    let tail = try await Tail(["--record", folder.path("session")])
    let answered = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var count = 0
          while try await Post().signed().send(to: tail.url) == 200 { count += 1 }
          return count
        }
      }
      try await tail.lines(20)
      tail.process.send(SIGKILL)
      return try await group.reduce(0, +)
    }
    let verdict = try await Hooktop.run(["verify", folder.path("session"), "--json"])
    let lines = verdict.output.split(separator: "\n")
    // Of each sender, one delivery can be recorded and printed whose answer did not get out any more.
    #expect(answered >= 20 - 4)
    #expect((answered...answered + 4).contains(lines.count))
    #expect(lines.allSatisfy { $0.contains(#""status":"valid""#) })
  }

  @Test("where the file is removed, recording goes on in a new one, and tail says so")
  func removed() async throws {
    let folder = try TemporaryFolder()
    let tail = try await Tail(["--record", folder.path("session")])
    #expect(try await Post().signed().send(to: tail.url) == 200)
    try FileManager.default.removeItem(atPath: folder.path("session"))
    #expect(try await Post().signed().send(to: tail.url) == 200)
    try await waiting(until: "the warning", instead: { tail.process.errors }) {
      tail.process.errors.contains(
        "warning: \(folder.path("session")) was removed or replaced: recording goes on in the file of that name\n"
      )
    }
    #expect(folder.bytes("session").split(separator: 0x0A).count == 1)
  }

  @Test("on a full disk the answer is 503, the incident is shown, and hooktop goes on")
  func fullDisk() async throws {
    let tail = try await Tail(["--json", "--record", "/dev/full"])
    #expect(try await Post().signed().send(to: tail.url) == 503)
    let line = try await tail.lines(1)[0]
    #expect(line.contains(#""reason":"not-stored""#))
    #expect(line.contains("/dev/full can't be written: No space left on device"))
    #expect(line.contains(#""answer":{"status":503}"#))
    #expect(try await Post().signed().send(to: tail.url) == 503)
    try await tail.lines(2)
    tail.process.send(SIGTERM)
    #expect(try await tail.process.outcome().end == .signal(SIGTERM))
  }

  @Test(
    "a file that can't be recorded to is one line before anything else", arguments: ["watch", "tail", "demo"])
  func refused(command: String) async throws {
    let outcome = try await Hooktop.run([command, "--port", "0", "--record", "/nonexistent/session"])
    #expect(outcome.end == .exit(1))
    #expect(
      outcome.errors
        == "hooktop: /nonexistent/session can't be recorded to: No such file or directory; record to another file\n"
    )
  }
}
