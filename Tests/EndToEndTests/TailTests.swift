import Foundation
import Testing

/// `hooktop tail`: what it prints, byte for byte where others read it.
@Suite struct TailTests {
  @Test("standard error holds the address and nothing else, standard output the deliveries only")
  func streams() async throws {
    let tail = try await Tail()
    _ = try await Hooktop.run(["send", "webhook.test", "--live", "--to", tail.url])
    let lines = try await tail.lines(1)
    tail.process.send(SIGTERM)
    let outcome = try await tail.process.outcome()
    #expect(outcome.end == .signal(SIGTERM))
    #expect(outcome.errors == "hooktop: listening on \(tail.url)\n")
    #expect(outcome.errors.wholeMatch(of: #/hooktop: listening on http://127\.0\.0\.1:[1-9][0-9]*\n/#) != nil)
    #expect(outcome.output == lines[0] + "\n")
    for word in ["#1", "parlay", "webhook.test", "live", "✓ valid: signed with parlay", " B  200"] {
      #expect(lines[0].contains(word))
    }
  }

  @Test("--json prints all fields of a delivery in their order")
  func delivery() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "analysis.completed", "--to", tail.url])
    let line = try await tail.lines(1)[0]
    let number = #"-?[0-9]+(?:\.[0-9]+)?"#
    let id = #""[A-Za-z0-9_-]+""#
    let moment = #""[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z""#
    let verdict =
      #"\{"status":"valid","reason":"ok","age_seconds":\#(number),"secret":"parlay","tolerance_seconds":300\}"#
    let headers = #""headers":\[\["[^"]+","[^"]*"\](?:,\["[^"]+","[^"]*"\])*\]"#
    let body = #""body_base64":"[A-Za-z0-9+/=]+","body_size":[0-9]+"#
    let peer = #""peer":"127\.0\.0\.1:[0-9]+""#
    let request = #"\{"method":"POST","target":"/","version":"1\.1",\#(headers),\#(body),\#(peer)\}"#
    let answer = #"\{"status":200,"milliseconds":\#(number)\}"#
    let pattern =
      #"\{"kind":"delivery","sequence":1,"received_at":\#(moment),"provider":"parlay","#
      + #""event":"analysis\.completed","event_id":\#(id),"delivery_id":\#(id),"dedupe_key":\#(id),"#
      + #""livemode":false,"verdict":\#(verdict),"duplicate":false,"attempt":1,"#
      + #""request":\#(request),"answer":\#(answer)\}"#
    #expect(try Regex(pattern).wholeMatch(in: line) != nil, "\(line)")
  }

  @Test("a line names the path, and the cause of a failure")
  func pathAndCause() async throws {
    let tail = try await Tail()
    _ = try await Hooktop.run(["send", "--to", tail.url + "/hooks?x=1"])
    _ = try await Hooktop.run(["send", "--break", "newline-or-bom", "--to", tail.url])
    let lines = try await tail.lines(2)
    #expect(lines[0].hasSuffix("200  /hooks?x=1"), "\(lines)")
    #expect(lines[1].hasSuffix("401  /  newline or byte order mark (proven)"), "\(lines)")
  }

  @Test("--filter prints what it takes and no more, as lines and as NDJSON", arguments: [[], ["--json"]])
  func filter(options: [String]) async throws {
    let tail = try await Tail(["--filter", "sig:failed"] + options)
    _ = try await Hooktop.run(["send", "--to", tail.url])
    _ = try await Hooktop.run(["send", "--break", "too-old", "--to", tail.url])
    _ = try await Hooktop.run(["send", "--break", "no-t", "--to", tail.url])
    let lines = try await tail.lines(2)
    #expect(lines[0].contains("stale") && lines[1].contains("malformed"), "\(lines)")
  }

  @Test("a wrong filter is a wrong command line, with the column")
  func wrongFilter() async throws {
    for command in ["tail", "watch", "demo"] {
      let outcome = try await Hooktop.run([command, "--port", "0", "--filter", "type:a sig:nonsense"])
      #expect(outcome.end == .exit(64))
      #expect(outcome.errors.contains("--filter, column 12: "), "\(outcome.errors)")
    }
  }

  @Test(
    "a filter that asks for what is not known when a line is printed is refused",
    arguments: ["cause:newline-or-bom", "app:2xx", "took:>1s", "disagree"])
  func lateFilter(term: String) async throws {
    let outcome = try await Hooktop.run(["tail", "--port", "0", "--filter", term])
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains("--filter"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("listening"))
  }

  @Test("--explain says the verdict in the answer's body, and without it the body stays empty")
  func explain() async throws {
    for (options, body) in [(["--explain"], "hooktop: missing: no signature header\n"), ([], "")] {
      let tail = try await Tail(options)
      let answer = try await Tool.run([
        "curl", "-s", "--noproxy", "*", "-d", "{}", "-H", "X-Parlay-Event: a", tail.url,
      ])
      #expect(answer == body)
    }
  }

  @Test("-p and -s are --port and --secret, and what stands behind -s is never repeated")
  func short() async throws {
    let tail = try await Tail(
      command: ["tail", "-p", "0", "-s", "parlay=env:OWN", "--json"],
      environment: Hooktop.environment.merging(["OWN": Hooktop.parlaySecret]) { $1 })
    _ = try await Hooktop.run(["send", "--to", tail.url])
    #expect(try await tail.records(1)[0].status == "valid")
    let outcome = try await Hooktop.run(["tail", "-p", "x", "-s", "hunter2"])
    #expect(outcome.end == .exit(64) && !outcome.errors.contains("hunter2"), "\(outcome.errors)")
  }

  @Test("where it listens on all addresses it names one that can be reached")
  func everywhere() async throws {
    let tail = try await Tail(["--host", "0.0.0.0"])
    #expect(
      tail.process.errors.contains(
        #/listening on http://127\.0\.0\.1:\d+\nhooktop: listening on all addresses of this machine\n/#))
  }

  @Test("--json prints what is not a delivery as an incident")
  func incident() async throws {
    let tail = try await Tail(["--json"])
    #expect(try await Tool.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", tail.url]) == "405")
    let line = try await tail.lines(1)[0]
    let pattern =
      #/\{"kind":"incident","received_at":"[^"]+","reason":"wrong-method","detail":"[^"]+","peer":"[^"]+","answer":\{"status":405\},"first_bytes_base64":"R0VUIC8[^"]+","bytes_received":\d+\}/#
    #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
  }

  @Test("the body is byte-exact, and headers keep their order, case and duplicates")
  func exact() async throws {
    let tail = try await Tail(["--json"])
    var post = Post()
    post.body = Data((0...255).map(UInt8.init))
    post.headers = ["x-ODD-case: 1", "X-Odd-Case: 2", "x-ODD-case: 3"]
    _ = try await post.send(to: tail.url + "/a/b?c=%20d")
    let line = try await tail.lines(1)[0]
    #expect(try Record(line).body == post.body)
    #expect(line.contains(#"["x-ODD-case","1"],["X-Odd-Case","2"],["x-ODD-case","3"]"#))
    #expect(line.contains(#""target":"/a/b?c=%20d""#))
    #expect(
      line.contains(
        #""provider":null,"event":null,"event_id":null,"delivery_id":null,"dedupe_key":null,"livemode":null"#)
    )
  }

  @Test("what was received does not drive the terminal through a plain line")
  func hostile() async throws {
    let tail = try await Tail()
    var post = Post()
    post.body = Data(#"{"event":"\u001b[2J\u009b31m\u202e\r\nx","id":"\u0007"}"#.utf8)
    post.headers = ["X-Parlay-Signature: \u{9B}31m\u{202E}"]
    _ = try await post.send(to: tail.url)
    post.headers = ["X-Parlay-Event: \u{9B}31m\u{202E}\u{200B}"]
    _ = try await post.send(to: tail.url)
    for line in try await tail.lines(2) {
      let hostile = line.unicodeScalars.filter {
        $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.properties.generalCategory == .format
      }
      #expect(hostile.isEmpty, "\(line.debugDescription)")
    }
  }

  @Test("of several secrets the one that matches is named by its label")
  func labels() async throws {
    let secrets = ["OLD": "whsec_of-before", "NEW": "whsec_of-now"]
    let options = ["--secret", "parlay/old=env:OLD", "--secret", "parlay/new=env:NEW"]
    let tail = try await Tail(["--json"] + options, environment: Hooktop.environment.merging(secrets) { $1 })
    for name in ["OLD", "NEW"] {
      let secret = ["PARLAY_SIGNING_SECRET": secrets[name] ?? ""]
      let environment = Hooktop.environment.merging(secret) { $1 }
      _ = try await Hooktop.run(["send", "--to", tail.url], environment: environment)
    }
    let records = try await tail.records(2)
    #expect(records.map { $0["verdict"].text("secret") } == ["parlay/old", "parlay/new"])
  }

  @Test("--answer always answers 200 to a failed delivery, and --max-body refuses a longer one")
  func options() async throws {
    let tail = try await Tail(["--json", "--answer", "always", "--max-body", "100"])
    var post = Post()
    post.headers = ["X-Parlay-Signature: nonsense"]
    #expect(try await post.send(to: tail.url) == 200)
    post.body = Data(repeating: 0x20, count: 101)
    #expect(try await post.send(to: tail.url) == 413)
    let lines = try await tail.lines(2)
    #expect(try Record(lines[0]).status == "malformed")
    #expect(lines[1].hasPrefix(#"{"kind":"incident""#))
    #expect(lines[1].contains(#""answer":{"status":413}"#))
  }

  @Test("a closed standard output is not mistaken for a pipe of its own")
  func closedOutput() async throws {
    let folder = try TemporaryFolder()
    let script = "exec hooktop tail --port 0 >&- 2>\(folder.path("errors"))"
    let process = try Subprocess(["bash", "-c", script], environment: Hooktop.environmentWithSecrets)
    let url = try await waiting(for: "the address") {
      folder.text("errors").firstMatch(of: #/listening on (\S+)\n/#).map { String($0.1) }
    }
    #expect(try await Hooktop.run(["send", "--count", "30", "--to", url]).end == .exit(0))
    #expect(process.ended == nil)
  }

  @Test("connections that are open when it ends are closed without a word")
  func openConnections() async throws {
    let tail = try await Tail()
    let port = try #require(tail.url.split(separator: ":").last)
    let script = "for i in {1..60}; do exec {fd}<>/dev/tcp/127.0.0.1/\(port); done; echo open; sleep 60"
    let client = try Subprocess(["bash", "-c", script], environment: Hooktop.environment)
    try await waiting(until: "open connections") { client.lines == ["open"] }
    _ = try await Hooktop.run(["send", "--to", tail.url])
    try await tail.lines(1)
    tail.process.send(SIGTERM)
    let outcome = try await tail.process.outcome()
    #expect(outcome.end == .signal(SIGTERM))
    #expect(outcome.errors == "hooktop: listening on \(tail.url)\n")
    client.kill()
  }

  @Test("a reader that goes away ends it")
  func closedPipe() async throws {
    let script = "hooktop tail --port 0 2>address | head -n 1; echo ${PIPESTATUS[0]}"
    let folder = try TemporaryFolder()
    let shell = try Subprocess(
      ["bash", "-c", "cd \(folder.path); \(script)"], environment: Hooktop.environmentWithSecrets)
    let url = try await waiting(for: "the address") {
      folder.text("address").firstMatch(of: #/listening on (\S+)\n/#).map { String($0.1) }
    }
    _ = try await Hooktop.run(["send", "--to", url, "--count", "60", "--rate", "30"])
    let outcome = try await shell.outcome()
    #expect(outcome.output.hasSuffix("\n\(128 + SIGPIPE)\n"))
  }
}
