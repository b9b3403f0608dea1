import Foundation
import Testing

/// The commands that the README gives to be copied.
@Suite struct ReadmeTests {
  @Test("a delivery that is signed by hand, as the README says, is valid")
  func signing() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "../README.md"), encoding: .utf8)
    let block = try #require(text.firstMatch(of: #/By hand:\n\n```sh\n((?s).*?)```/#)?.1)
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
}
