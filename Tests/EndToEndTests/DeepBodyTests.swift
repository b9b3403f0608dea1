import Foundation
import Testing

/// Bodies nested a hundred thousand deep, in a program all of whose threads have a small stack.
@Suite struct DeepBodyTests {
  static let bodies = [
    String(repeating: "[", count: 100_000),
    String(repeating: #"{"a":"#, count: 100_000),
    String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
    String(repeating: #"{"id":"#, count: 100_000) + "1" + String(repeating: "}", count: 100_000),
  ]

  /// glibc gives each new thread as much stack as the limit says.
  private static func small(_ arguments: [String]) throws -> Subprocess {
    let command = ["bash", "-c", #"ulimit -s 512; exec hooktop "$@""#, "bash"] + arguments
    return try Subprocess(command, environment: Hooktop.environmentWithSecrets)
  }

  @Test("verify gives a verdict and a cause", arguments: bodies.indices)
  func verify(index: Int) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.bodies[index].utf8, to: "body.json")
    let signature = "X-Parlay-Signature: t=1745518397,v1=" + String(repeating: "0", count: 64)
    let outcome = try await Self.small(["verify", file, "--header", signature, "--json"]).outcome()
    #expect(outcome.end == .exit(12))
    #expect(outcome.output.contains(#""causes":[{"#))
  }

  @Test("the receiver takes each as a delivery, and verify reads the session")
  func receive() async throws {
    let folder = try TemporaryFolder()
    let tail = try Self.small(["tail", "--port", "0", "--json"])
    let url = try await waiting(for: "the address", instead: { tail.errors }) {
      tail.errors.firstMatch(of: /listening on (https?:\S+)\n/).map { String($0.1) }
    }
    for body in Self.bodies {
      let post = Post(body: Data(body.utf8), headers: ["X-Parlay-Event: a"])
      #expect(try await post.send(to: url) == 401)
    }
    try await waiting(until: "a line for each", instead: { tail.errors }) {
      tail.lines.count == Self.bodies.count
    }
    tail.send(SIGTERM)
    let session = try folder.write(try await tail.outcome().output.utf8, to: "session.ndjson")
    let outcome = try await Self.small(["verify", session, "--json"]).outcome()
    #expect(outcome.end == .exit(10))
    #expect(outcome.output.split(separator: "\n").count == Self.bodies.count)
  }
}
