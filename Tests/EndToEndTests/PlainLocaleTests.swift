import Foundation
import Testing

/// In a locale without UTF-8 nothing but ASCII is printed.
@Suite struct PlainLocaleTests {
  private static let environment = Hooktop.environmentWithSecrets.merging(["LC_ALL": "C"]) { $1 }

  private func expectASCII(_ text: String, _ what: String) {
    let strangers = Set(text.unicodeScalars.filter { !$0.isASCII }.map { String($0.value, radix: 16) })
    #expect(strangers.isEmpty, "\(what): \(strangers.sorted()) in \(text)")
  }

  @Test("help and errors are in ASCII")
  func words() async throws {
    let commands = try await Hooktop.commands()
    let wrong = [
      ["verify", "é✓"], ["send", "é✓"], ["--é✓"], ["é✓"], ["tail", "--port", "é✓"],
      ["tail", "--host", "é✓"], ["tail", "--secret", "parlay=env:é✓"], ["tail", "--secret", "é✓=x"],
      ["send", "--to", "http://é✓"], ["send", "--to", "é✓"], ["verify", "--header", "é✓"],
      ["verify", "--at", "é✓"], ["tail", "--keep-bytes", "é✓"], ["send", "--break", "é✓"],
    ]
    for arguments in [["--help"], ["--version"]] + commands.map({ ["help", $0] }) + wrong {
      let outcome = try await Hooktop.run(arguments, environment: Self.environment)
      #expect(!(outcome.output + outcome.errors).isEmpty)
      expectASCII(outcome.output + outcome.errors, "\(arguments)")
    }
  }

  @Test("tail and verify print ASCII about deliveries of every kind")
  func deliveries() async throws {
    let tail = try await Tail(environment: Self.environment)
    let recorder = try await Tail(["--json"])
    var post = Post(event: "é✓.\u{9B}")
    post.body = Data(#"{"id":"é✓","event":"é✓","livemode":true}"#.utf8)
    let breakages = try await Hooktop.breakages().map { ["--break", $0] } + [[]]
    for url in [tail.url, recorder.url] {
      for breakage in breakages {
        _ = try await Hooktop.run(["send", "--to", url] + breakage)
      }
      #expect(try await post.signed().send(to: url + "/é") == 200)
    }
    try await tail.lines(breakages.count + 1)
    let session = try await recorder.session(breakages.count + 1)
    let verified = try await Hooktop.run(
      ["verify", "-"], environment: Self.environment, input: session)
    #expect(!verified.output.isEmpty)
    expectASCII(tail.process.output + tail.process.errors, "tail")
    expectASCII(verified.output + verified.errors, "verify")
  }
}
