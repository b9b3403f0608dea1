import Foundation
import Testing

/// Deliveries that go on to the developer's app, as the app, the sender and the file see them.
@Suite(.enabled(if: Tool.python3.isInstalled && Tool.curl.isInstalled), .timeLimit(.minutes(3)))
struct ForwardTests {
  @Test("the app gets what the sender sent, and the sender hears what the app says")
  func byteExact() async throws {
    let app = try await StandInApp()
    let tail = try await Tail(["--json", "--forward", app.url])
    var post = Post()
    post.body = Data((0...255).map(UInt8.init))
    post.headers = ["X-One: 1", "x-one: 2", "X-One: 3", "Content-Type:"]
    post = try await post.signed()
    #expect(try await post.send(to: tail.url + "/a%2Fb?c=%20d") == 200)
    let request = try #require(try await app.requests(1).first)
    #expect(request.text("target") == "/a%2Fb?c=%20d")
    #expect(request.text("body").flatMap { Data(base64Encoded: $0) } == post.body)
    let names = request.pairs("headers").map { $0[0] }
    #expect(names.filter { $0.lowercased() == "x-one" } == ["X-One", "x-one", "X-One"])
    #expect(names.first == "Host" && !names.contains("Content-Type"))
    #expect(request.pairs("headers").first { $0[0] == "Host" }?[1] == "127.0.0.1:\(app.port)")
    let records = try await tail.records(2)
    #expect(records[0].answer == 200 && records[0].status == "valid")
    #expect(records[1].text("kind") == "exchange" && records[1].number("sequence") == 1)
    #expect(records[1].text("why") == "forward" && records[1]["response"].number("status") == 200)
    #expect(records[1]["response"].text("body_base64") == "b2s=")
  }

  @Test("the app's refusal and its silence are the sender's answers, whatever the verdict")
  func answers() async throws {
    for (kind, due) in [(StandInApp.Kind.refusesAll, 401), (.takesAll, 200), (.hangs, 504)] {
      let app = try await StandInApp(kind)
      let tail = try await Tail(["--json", "--forward", app.url + "/hook", "--forward-timeout", "1"])
      #expect(try await Post().signed().send(to: tail.url) == due)
      #expect(try await Post().send(to: tail.url) == due)
      let records = try await tail.records(4)
      #expect(records.compactMap(\.answer) == [due, due])
      #expect(records.compactMap { $0.text("error") } == (due == 504 ? ["timeout", "timeout"] : []))
    }
  }

  @Test("an app that is not there makes 502, and one that comes back is found again")
  func restarted() async throws {
    let app = try await StandInApp(.takesAll)
    let tail = try await Tail(["--forward", app.url])
    #expect(try await Post().send(to: tail.url) == 200)
    app.process.send(SIGKILL)
    _ = try await app.process.outcome()
    #expect(try await Post().send(to: tail.url) == 502)
    let lines = try await tail.lines(4)
    #expect(lines[3].contains("#2  to \(app.url)/  refused"), "\(lines)")
  }

  @Test("only what the filter takes goes on; by another policy the sender does not wait for the app")
  func filteredAndAnsweredFirst() async throws {
    let app = try await StandInApp(.hangs)
    let tail = try await Tail([
      "--json", "--forward", "parlay=" + app.url, "--forward-if", "sig:ok", "--answer", "verified",
      "--forward-timeout", "1",
    ])
    #expect(try await Post().send(to: tail.url) == 401)
    #expect(try await Post().signed().send(to: tail.url) == 200)
    let records = try await tail.records(3)
    #expect(records.map { $0.text("kind") } == ["delivery", "delivery", "exchange"])
    #expect(records[2].number("sequence") == 2 && app.requests.count == 1)
  }

  @Test("what is recorded with its exchange can be opened, and verified")
  func recorded() async throws {
    let folder = try TemporaryFolder()
    let app = try await StandInApp()
    let tail = try await Tail(["--forward", app.url, "--record", folder.path("s.ndjson")])
    _ = try await Post().signed().send(to: tail.url)
    _ = try await Post().send(to: tail.url)
    _ = try await tail.session(4)
    let kinds = try folder.text("s.ndjson").split(separator: "\n").map { try Record(String($0)).text("kind") }
    #expect(kinds == ["delivery", "exchange", "delivery", "exchange"])
    let printed = try await Hooktop.run(["open", folder.path("s.ndjson")]).output
    #expect(printed.contains("#1") && printed.contains("to \(app.url)/  200"), "\(printed)")
    let verified = try await Hooktop.run(["verify", folder.path("s.ndjson")])
    #expect(verified.end == .exit(10) && verified.errors.contains("1 valid, 1 missing"), "\(verified.errors)")
  }

  @Test(
    "options that do not go together are refused, in one line",
    arguments: [
      (["--forward", "127.0.0.1:3000"], "did you mean http://127.0.0.1:3000?"),
      (["--forward", "nobody=http://a"], "--forward names nobody, which is not a provider"),
      (["--forward", "http://a", "--forward", "http://b"], "--forward URL is given twice"),
      (["--forward-if", "sig:ok"], "--forward-if needs --forward URL"),
      (["--forward", "http://a", "--forward-if", "sig:bad"], "--forward-if, column 5: sig:bad is not known"),
      (["--forward", "http://a", "--forward-if", "app:2xx"], "asked before there is an answer"),
      (
        ["--forward", "http://a", "--forward-timeout", "0"],
        "--forward-timeout is a number of seconds above 0"
      ),
      (["--answer", "forward"], "--answer forward needs --forward URL"),
      (["--port", "4799", "--forward", "http://localhost:4799/hook"], "--forward leads to hooktop itself"),
      (["--filter", "marked"], "--filter marked works on the screen only: press m there"),
      (["--filter", "app:2xx"], "--filter app:, took: and disagree work on the screen only"),
      (["--respond", "status 99"], "--respond 'status 99': status takes an HTTP status"),
    ])
  func refused(options: [String], words: String) async throws {
    let port = options.contains("--port") ? [] : ["--port", "0"]
    let outcome = try await Hooktop.run(["tail"] + port + options)
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("the options about an app apply to the demo's own")
  func demoApp() async throws {
    let demo = try await Tail(
      command: [
        "demo", "--port", "0", "--forward-if", "provider:parable", "--forward-timeout", "5", "--answer",
        "forward",
      ], environment: Hooktop.environment)
    let lines = try await waiting(for: "both providers, and an exchange", instead: { demo.process.output }) {
      let lines = demo.process.lines
      let parlay = lines.contains { $0.contains("parlay ") && $0.contains("✓ valid") }
      return parlay && lines.contains { $0.contains("  to http://127.0.0.1:") } ? lines : nil
    }
    let numbers = { (isWanted: (String) -> Bool) in
      Set(lines.filter(isWanted).compactMap { $0.firstMatch(of: /#(\d+)/).map { String($0.1) } })
    }
    let exchanged = numbers { $0.contains("  to http://127.0.0.1:") }
    #expect(!exchanged.isEmpty && exchanged.isSubset(of: numbers { $0.contains("parable ") }), "\(lines)")
  }

  @Test(
    "where any free port may be taken, and the app's is the only one, the loop is seen",
    .enabled(if: Namespace.isAllowed, "needs a network namespace of its own"))
  func loopOnAnyPort() async throws {
    let process = try Namespace.start(
      ["tail", "--port", "0", "--forward", "http://127.0.0.1:40000/hook"], freePort: 40_000)
    let words = try await waiting(for: "its end, or its address", instead: { process.errors }) {
      process.errors.contains("port 40000") || process.errors.contains("listening") ? process.errors : nil
    }
    #expect(words.contains("--forward leads to hooktop itself, which listens on port 40000"), "\(words)")
    process.send(SIGKILL)
  }

  @Test("an app may have the same port on another address")
  func otherAddress() async throws {
    let app = try await StandInApp(.takesAll)
    let tail = try await Tail(
      command: ["tail", "--host", "127.0.0.2", "--port", "\(app.port)", "--forward", app.url])
    #expect(try await Post().send(to: tail.url) == 200)
    #expect(app.requests.count == 1)
  }

  @Test("where the port is taken it ends with one line, with an app or without one")
  func portTaken() async throws {
    let tail = try await Tail()
    let port = try #require(tail.url.split(separator: ":").last.map(String.init))
    let outcome = try await Hooktop.run(["tail", "--port", port, "--forward", "http://127.0.0.1:9"])
    #expect(outcome.end == .exit(1) && outcome.errorLines.count == 1, "\(outcome.errors)")
  }

  @Test("--respond answers the next deliveries by its rules, in order, and says so in the file")
  func respond() async throws {
    let tail = try await Tail([
      "--json", "--respond", "path:/x : status 503 x2", "--respond", "delay 300ms body 'later' x1",
      "--respond",
      "drop x1",
    ])
    #expect(try await Post().signed().send(to: tail.url + "/x") == 503)
    #expect(try await Post().signed().send(to: tail.url + "/x") == 503)
    let curl = [
      "curl", "-s", "--noproxy", "*", "-d", "{}", "-w", " %{http_code} %{time_total}", tail.url + "/x",
    ]
    let delayed = try await Tool.run(curl).split(separator: " ")
    #expect(delayed[0] == "later" && delayed[1] == "401" && Double(delayed[2]) ?? 0 >= 0.3)
    #expect(try await Post().signed().send(to: tail.url) == 0)
    #expect(try await Post().signed().send(to: tail.url) == 200)
    let records = try await tail.records(5)
    #expect(records.map(\.answer) == [503, 503, 401, nil, 200])
    let rules = [
      "path:/x : status 503 x2", "path:/x : status 503 x2", "delay 300ms body 'later' x1", "drop x1", nil,
    ]
    #expect(records.map { $0.text("rule") } == rules)
  }
}
