import Foundation
import Testing

/// `hooktop send`: what it posts, and what it says when it can't.
@Suite struct SendTests {
  /// The names that are reasons of a verdict, as the design lists them; the others are causes.
  private static let reasons: Set = [
    "no-header", "header-repeated", "header-empty", "part-without-equals", "space-around-key", "no-t",
    "t-repeated", "t-not-canonical-decimal", "no-v1", "v1-not-64-hex", "v1-not-lowercase-hex",
    "no-v1-matches", "too-old", "in-future",
  ]

  @Test("each way to break a delivery, for both providers, gives the reason of its name")
  func breakages() async throws {
    let names = try await Hooktop.breakages().filter(Self.reasons.contains)
    #expect(names.count == Self.reasons.count)
    for event in ["analysis.completed", "capture.processed"] {
      let tail = try await Tail(["--json"])
      for name in names {
        let outcome = try await Hooktop.run(["send", event, "--break", name, "--to", tail.url])
        #expect(outcome.end == .exit(1), "\(name): \(outcome.errors)")
      }
      let records = try await tail.records(names.count)
      #expect(records.map(\.reason) == names)
      #expect(records.allSatisfy { $0.answer == 401 })
    }
  }

  @Test("every event of the help is sent, signed and valid")
  func events() async throws {
    let help = try await Hooktop.run(["help", "send"]).output
    let list = help.firstMatch(of: #/Events: ([^:]*?)\.\n/#).map { String($0.1) } ?? ""
    let events = list.split { $0 == "," || $0.isWhitespace }.map(String.init)
    #expect(events.count >= 10)
    let tail = try await Tail(["--json"])
    for event in events {
      #expect(try await Hooktop.run(["send", event, "--to", tail.url]).end == .exit(0))
    }
    let records = try await tail.records(events.count)
    #expect(records.map(\.event) == events)
    #expect(records.allSatisfy { $0.status == "valid" && $0.answer == 200 })
  }

  @Test("--count sends so many, each with ids of its own")
  func count() async throws {
    let tail = try await Tail(["--json"])
    let outcome = try await Hooktop.run(["send", "--count", "25", "--to", tail.url])
    #expect(outcome.end == .exit(0))
    #expect(outcome.errors.contains("25 accepted, 0 refused, 0 without an answer"))
    let records = try await tail.records(25)
    #expect(Set(records.map { $0.text("event_id") }).count == 25)
  }

  @Test("--json prints a line for each, with what was answered or why nothing was")
  func json() async throws {
    let tail = try await Tail(["--json"])
    let outcome = try await Hooktop.run([
      "send", "webhook.test", "--break", "too-old", "--count", "2", "--json", "--to", tail.url,
    ])
    #expect(outcome.end == .exit(1))
    let lines = try outcome.output.split(separator: "\n").map { try Record(String($0)) }
    // As they are answered, which may be in another order.
    #expect(Set(lines.map { $0.number("number") }) == [1, 2])
    let received = try await tail.records(2)
    for line in lines {
      #expect(line.text("event") == "webhook.test" && line.text("provider") == "parlay")
      #expect(line.text("url") == tail.url + "/" && line.number("status") == 401)
      #expect(outcome.output.contains(#""error":null"#) && line.number("milliseconds") != nil)
    }
    #expect(Set(lines.map { $0.text("delivery_id") }) == Set(received.map { $0.text("delivery_id") }))
    let many = try await Hooktop.run(["send", "--count", "30", "--json", "--to", tail.url])
    #expect(many.end == .exit(0) && many.output.split(separator: "\n").count == 30)
    let nobody = try await Hooktop.run(["send", "--json", "--to", "http://127.0.0.1:1"])
    #expect(nobody.end == .exit(1))
    let refused = try Record(nobody.output)
    #expect(refused.text("error") == "refused" && nobody.output.contains(#""status":null"#))
    let unread = try await Subprocess(
      [
        "bash", "-c",
        "set -o pipefail; hooktop send --json --count 100000 --to \(tail.url) | head -n 1 | wc -l",
      ],
      environment: Hooktop.environmentWithSecrets
    ).outcome()
    #expect(unread.end == .exit(141) && unread.output == "1\n", "\(unread)")
  }

  @Test("--rate spreads them over time")
  func rate() async throws {
    let tail = try await Tail()
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = try await Hooktop.run(["send", "--count", "11", "--rate", "20/s", "--to", tail.url])
    #expect(outcome.end == .exit(0))
    #expect(clock.now - start >= .milliseconds(500))
  }

  @Test("--live sends in live mode, and --body the bytes of a file")
  func options() async throws {
    let tail = try await Tail(["--json"])
    let folder = try TemporaryFolder()
    let bytes = Data([0, 1, 0xFF, 0x0D, 0x0A] + Array(" not json".utf8))
    let file = try folder.write(bytes, to: "body")
    _ = try await Hooktop.run(["send", "--live", "--to", tail.url])
    _ = try await Hooktop.run(["send", "my.own", "--body", file, "--to", tail.url])
    _ = try await Hooktop.run(
      ["send", "--provider", "parable", "--body", "-", "--to", tail.url], input: bytes)
    let lines = try await tail.lines(3)
    let records = try lines.map(Record.init)
    #expect(lines[0].contains(#""livemode":true"#))
    #expect(records[1].event == "my.own")
    #expect(records.map { $0.text("provider") } == ["parlay", "parlay", "parable"])
    #expect(records.dropFirst().allSatisfy { $0.body == bytes && $0.status == "valid" })
  }

  @Test("a body of one's own is sent as the event that it names")
  func ownEvent() async throws {
    let tail = try await Tail(["--json"])
    let body = Data(#"{"id":"evt_1","event":"webhook.test","data":{}}"#.utf8)
    let outcome = try await Hooktop.run(["send", "--body", "-", "--to", tail.url], input: body)
    #expect(outcome.output.contains("webhook.test") || outcome.errors.contains("webhook.test"))
    let line = try await tail.lines(1)[0]
    #expect(line.contains(#"["X-Parlay-Event","webhook.test"]"#))
    #expect(try Record(line).event == "webhook.test")
  }

  @Test("a body is signed as the sender whose event it names")
  func ownSender() async throws {
    let tail = try await Tail(["--json"])
    let body = Data(#"{"event":"capture.processed","delivery_id":"d","data":{"id":"cap_1"}}"#.utf8)
    _ = try await Hooktop.run(["send", "--body", "-", "--to", tail.url], input: body)
    let record = try await tail.records(1)[0]
    #expect(record.text("provider") == "parable" && record.status == "valid")
  }

  @Test("for a body that names no event none is invented")
  func noEvent() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--body", "-", "--to", tail.url], input: Data([0, 1, 0xFF]))
    let line = try await tail.lines(1)[0]
    #expect(line.contains(#""event":null"#) && !line.contains("X-Parlay-Event"), "\(line)")
  }

  @Test("a challenge is answered as its sender documents it, and what an app answers is judged by that")
  func challenge() async throws {
    let secrets = ["--secret", "zoom=s3cr3t", "--secret", "slack=s3cr3t"]
    let tail = try await Tail(["--json"] + secrets)
    for (provider, event) in [("zoom", "endpoint.url_validation"), ("slack", "url_verification")] {
      let order = ["send", event, "--provider", provider] + secrets
      let outcome = try await Hooktop.run(order + ["--to", tail.url])
      #expect(
        outcome.end == .exit(0) && outcome.errors.contains(" wants its challenge answered\n"), "\(outcome)")
      let app = try await StandInApp(.takesAll)
      let other = try await Hooktop.run(order + ["--to", app.url])
      #expect(
        other.end == .exit(1) && other.errors.contains(", but not with what ")
          && !other.errors.contains("wants its challenge answered"), "\(other)")
    }
    let records = try await tail.records(2)
    #expect(records.map(\.event) == ["endpoint.url_validation", "url_verification"])
    #expect(records.allSatisfy { $0.text("rule") == "challenge" && $0.status == "valid" && $0.answer == 200 })
  }

  @Test("where nothing listens it says so in one line and fails")
  func nothingListens() async throws {
    let tail = try await Tail()
    tail.process.kill()
    for count in ["1", "50"] {
      let outcome = try await Hooktop.run(["send", "--to", tail.url, "--count", count])
      #expect(outcome.end == .exit(1))
      #expect(
        outcome.errorLines.first?.contains("nothing listens at \(tail.url)") == true, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorLines.count == (count == "1" ? 1 : 2))
    }
  }

  @Test(
    "a wrong command line ends with 64 and says what is wrong",
    arguments: [
      ["--count", "0"], ["--count", "x"], ["--rate", "0"], ["--rate", "nan"], ["--break", "nonsense"],
      ["no.such.event"], ["--provider", "nobody"], ["capture.processed", "--provider", "parlay"],
      ["--nonsense"], ["a", "b"], ["--live", "--body", "-"], ["capture.processed", "--live"],
    ])
  func usage(arguments: [String]) async throws {
    let outcome = try await Hooktop.run(["send"] + arguments)
    #expect(outcome.end == .exit(64), "\(outcome.errors)")
    #expect(outcome.errors.contains("Error: "))
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "what is no web address is a wrong command line",
    arguments: ["nonsense", "", "ftp://127.0.0.1", "http://"])
  func noAddress(url: String) async throws {
    let outcome = try await Hooktop.run(["send", "--to", url])
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains("--to"))
  }

  @Test(
    "a port that can't be is named in one line",
    arguments: ["http://127.0.0.1:65536", "http://[::1]:99999/a"])
  func address(url: String) async throws {
    let outcome = try await Hooktop.run(["send", "--to", url])
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("\"\(url)\" is not a web address"))
  }

  @Test("the empty variable of another provider is in nobody's way")
  func emptySecret() async throws {
    let tail = try await Tail(["--json"])
    let environment = Hooktop.environmentWithSecrets.merging(["PARABLE_SIGNING_SECRET": ""]) { $1 }
    let outcome = try await Hooktop.run(["send", "--to", tail.url], environment: environment)
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    #expect(try await tail.records(1)[0].status == "valid")
  }

  @Test("without a signing secret it says where to put one")
  func noSecret() async throws {
    let outcome = try await Hooktop.run(["send"], environment: Hooktop.environment)
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains("PARLAY_SIGNING_SECRET"))
  }
}
