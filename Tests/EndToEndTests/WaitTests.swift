import Foundation
import Glibc
import Testing

/// `hooktop wait`: one line of CI.
@Suite struct WaitTests {
  @Test("it ends with 0 at the first delivery that matches, printed as NDJSON, and says what did not match")
  func match() async throws {
    let wait = try await Tail(command: [
      "wait", "type:persona.assigned sig:valid", "--port", "0", "--timeout", "600",
    ])
    _ = try await Hooktop.run(["send", "webhook.test", "--to", wait.url])
    _ = try await Hooktop.run(["send", "persona.assigned", "--break", "newline-or-bom", "--to", wait.url])
    _ = try await Hooktop.run(["send", "persona.assigned", "--to", wait.url])
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(0))
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 1)
    let record = try Record(try #require(lines.first))
    #expect(record.event == "persona.assigned" && record.status == "valid" && record.answer == 200)
    #expect(record.number("sequence") == 3)
    let others = outcome.errorLines.filter { $0.hasPrefix("hooktop: no match: ") }
    #expect(others.count == 2, "\(outcome.errors)")
    #expect(others.first?.contains("webhook.test") == true && others.first?.contains("✓ valid") == true)
    #expect(others.last?.contains("newline or byte order mark (proven)") == true)
  }

  @Test("--count waits for so many and prints no more")
  func count() async throws {
    let wait = try await Tail(command: ["wait", "--count", "3", "--port", "0"])
    // What comes after the third may be answered, or find nobody there.
    _ = try await Hooktop.run(["send", "--to", wait.url, "--count", "20", "--rate", "5000"])
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(0))
    let numbers = try outcome.output.split(separator: "\n").map { try Record(String($0)).number("sequence") }
    #expect(numbers == [1, 2, 3])
  }

  @Test("it ends with 15 on time-out, and says what came instead")
  func timeout() async throws {
    let wait = try await Tail(command: ["wait", "sig:valid", "--port", "0", "--timeout", "3", "--count", "2"])
    _ = try await Hooktop.run(["send", "--to", wait.url])
    _ = try await Hooktop.run(["send", "--break", "too-old", "--to", wait.url])
    _ = try await Tool.run(["curl", "-s", "--noproxy", "*", wait.url])
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(15))
    #expect(outcome.output.split(separator: "\n").count == 1)
    let last =
      "timed out after 3 s: 1 of 2 matched sig:valid; 2 others arrived: 1 stale, 1 that were not deliveries"
    #expect(outcome.errorLines.last == "hooktop: \(last)", "\(outcome.errors)")
  }

  @Test("where nothing came, the address that it waited at is named")
  func nothing() async throws {
    let wait = try await Tail(command: ["wait", "--port", "0", "--timeout", "0.2"])
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(15))
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasSuffix(": 0 of 1 matched; nothing reached \(wait.url)\n"), "\(outcome.errors)")
  }

  @Test("what --redact hides is hidden in what matches, and in what does not")
  func redacted() async throws {
    let wait = try await Tail(command: ["wait", "type:webhook.test", "--port", "0", "--redact", "$..email"])
    for event in ["other", "webhook.test"] {
      let body = #"{"id":"evt_1","event":"\#(event)","data":{"email":"a@b.example"}}"#
      #expect(
        try await Post(event: event, body: Data(body.utf8)).signed().send(to: wait.url + "/a@b.example")
          == 200)
    }
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(0) && outcome.errors.contains("no match: "))
    #expect(!(outcome.output + outcome.errors).contains("b.example"), "\(outcome.output)\(outcome.errors)")
    #expect(
      try Record(outcome.output).body
        == Data(#"{"id":"evt_1","event":"webhook.test","data":{"email":"[redacted]"}}"#.utf8))
  }

  @Test("a configuration file that is changed meanwhile is in force")
  func configuration() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("secrets: {}\n".utf8, to: "hooktop.yaml")
    let wait = try await Tail(
      command: ["wait", "sig:valid", "--port", "0", "--config", file],
      environment: Hooktop.environment.merging(["LATER": Hooktop.parlaySecret]) { $1 })
    #expect(try await Post().signed().send(to: wait.url) == 200)
    let new = try folder.write("secrets: {parlay: env:LATER}\n".utf8, to: "new.yaml")
    #expect(rename(new, file) == 0)
    try await waiting(until: "the new file", instead: { wait.process.errors }) {
      wait.process.errors.contains("has changed: secrets in force")
    }
    #expect(try await Post().signed().send(to: wait.url) == 200)
    let outcome = try await wait.process.outcome()
    #expect(outcome.end == .exit(0) && outcome.errors.contains("? unchecked"), "\(outcome.errors)")
    #expect(try Record(outcome.output).number("sequence") == 2)
  }

  @Test("a signal ends it as such, and a wrong command line is told before anything listens")
  func ends() async throws {
    let wait = try await Tail(command: ["wait", "--port", "0"])
    wait.process.send(SIGTERM)
    #expect(try await wait.process.outcome().end == .signal(SIGTERM))
    for arguments in [
      ["type:"], ["cause:too-old"], ["--count", "0"], ["--timeout", "0"], ["--timeout", "inf"],
      ["sig:valid", "--filter", "sig:ok"],
    ] {
      let outcome = try await Hooktop.run(["wait", "--port", "0"] + arguments)
      #expect(outcome.end == .exit(64), "\(arguments)")
      #expect(!outcome.errors.contains("listening"))
    }
  }
}
