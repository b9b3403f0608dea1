import Foundation
import Glibc
import Testing

/// How scripts know that hooktop takes connections: `--ready-file`, and the health address.
@Suite struct ReadyTests {
  @Test(
    "the file holds the address on one line, for its owner alone, and goes at the end",
    arguments: [SIGTERM, SIGINT])
  func file(signal: Int32) async throws {
    let folder = try TemporaryFolder()
    // As `mktemp` leaves it for a script.
    let path = try folder.write([], to: "ready")
    let tail = try Hooktop.start(["tail", "--port", "0", "--ready-file", path])
    let text = try await waiting(for: "the address", instead: { tail.errors }) {
      let text = folder.text("ready")
      return text.isEmpty ? nil : text
    }
    let url = try #require(text.wholeMatch(of: #/(http://127\.0\.0\.1:\d+)\n/#)?.1)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // There is no time between the file and the first connection.
    #expect(try await health(String(url)) == #"{"status":"ready","received":0}"#)
    tail.send(signal)
    #expect(try await tail.outcome().end == .signal(signal))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("the health address is asked beside deliveries, and nothing of it is printed")
  func health() async throws {
    let tail = try await Tail(["--json"])
    #expect(try await health(tail.url) == #"{"status":"ready","received":0}"#)
    #expect(try await Post().signed().send(to: tail.url) == 200)
    #expect(try await health(tail.url) == #"{"status":"ready","received":1}"#)
    let session = String(decoding: try await tail.session(1), as: UTF8.self)
    #expect(session.split(separator: "\n").count == 1)
    #expect(!tail.process.errors.contains("incident"))
  }

  @Test("what a killed receiver has left is replaced, and what another one has put there since is left alone")
  func leftOver() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("http://127.0.0.1:1\n".utf8, to: "ready")
    let first = try await Tail(["--ready-file", path])
    #expect(folder.text("ready") == first.url + "\n")
    let second = try await Tail(["--ready-file", path])
    first.process.send(SIGTERM)
    _ = try await first.process.outcome()
    #expect(folder.text("ready") == second.url + "\n")
  }

  @Test("what is not an address is not replaced, and that is said in one line before anything listens")
  func refused() async throws {
    let folder = try TemporaryFolder()
    let diary = try folder.write("Dear diary\n".utf8, to: "diary")
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: diary)
    for (path, words) in [
      (diary, "\(diary) holds something other than an address"),
      (folder.path("link"), "link is not a file"), (folder.path, "is not a file"),
      (folder.path("no/such"), "can't be written: No such file or directory"),
    ] {
      let outcome = try await Hooktop.run(["tail", "--port", "0", "--ready-file", path])
      #expect(outcome.end == .exit(1))
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errors.contains("--ready-file"))
    }
    #expect(folder.text("diary") == "Dear diary\n")
  }

  private func health(_ url: String) async throws -> String {
    try await Tool.run(["curl", "-s", "--noproxy", "*", url + "/.hooktop/health"])
  }
}
