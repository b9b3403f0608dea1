import Foundation
import Glibc
import Testing

/// The control socket of a running monitor, asked by a program that is not hooktop.
@Suite(.enabled(if: Tool.python3.isInstalled, "needs python3")) struct ControlTests {
  /// A short path, as a socket's must be.
  private let runtime = "/tmp/hooktop-run-\(UInt32.random(in: 0 ... .max))"

  private var environment: [String: String] {
    Hooktop.environmentWithSecrets.merging(["XDG_RUNTIME_DIR": runtime]) { $1 }
  }

  private func withRuntime(_ body: () async throws -> Void) async throws {
    try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: runtime) }
    try await body()
  }

  private func tail(_ arguments: [String] = []) async throws -> Tail {
    try await Tail(arguments, environment: environment)
  }

  private func socket(of tail: Tail) throws -> String {
    "\(runtime)/hooktop/\(try #require(URL(string: tail.url)?.port)).sock"
  }

  /// Writes bytes to a socket, and gives the lines that come back, one for each line sent.
  private func ask(_ socket: String, _ lines: [String]) async throws -> [String] {
    let script = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
      f = s.makefile("rwb")
      for line in sys.stdin.buffer.read().splitlines(): f.write(line + b"\\n"); f.flush(); print(f.readline().decode(), end="")
      """
    let input = Data(lines.map { $0 + "\n" }.joined().utf8)
    let output = try await Tool.run(["python3", "-c", script, socket], input: input)
    return output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test("it is there while a monitor runs, for its user alone, unless --no-control")
  func life() async throws {
    try await withRuntime {
      let tail = try await tail()
      let socket = try socket(of: tail)
      var status = stat()
      #expect(
        lstat(socket, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK && status.st_mode & 0o777 == 0o600)
      #expect(lstat(runtime + "/hooktop", &status) == 0 && status.st_mode & 0o777 == 0o700)
      tail.process.send(SIGTERM)
      #expect(try await tail.process.outcome().end == .signal(SIGTERM))
      #expect(access(socket, F_OK) != 0)
      let silent = try await self.tail(["--no-control"])
      #expect(access(try self.socket(of: silent), F_OK) != 0)
    }
  }

  @Test("what a killed monitor has left is removed by the next one, and one that runs is left alone")
  func stale() async throws {
    try await withRuntime {
      let killed = try await tail()
      killed.process.kill()
      let (first, second) = (try await tail(), try await tail())
      #expect(access(try socket(of: killed), F_OK) != 0)
      for tail in [first, second] {
        let answer = try await ask(try socket(of: tail), [#"{"tool":"status"}"#])
        #expect(answer.first?.contains(#""address":"\#(tail.url)""#) == true, "\(answer)")
      }
    }
  }

  @Test(
    "where a folder is not the user's alone, or another monitor has the port's name, receiving goes on without it"
  )
  func without() async throws {
    try await withRuntime {
      #expect(mkdir(runtime + "/hooktop", 0o700) == 0)
      let first = try await tail()
      let port = try #require(URL(string: first.url)?.port)
      let second = try await Tail(
        command: ["tail", "--host", "127.0.0.2", "--port", "\(port)"], environment: environment)
      #expect(
        second.process.errors.contains(
          "warning: no control socket: \(try socket(of: first)) is another monitor's"))
      #expect(
        try await ask(try socket(of: first), [#"{"tool":"status"}"#]).first?.contains("127.0.0.1") == true)
      #expect(chmod(runtime + "/hooktop", 0o755) == 0)
      let third = try await tail()
      #expect(third.process.errors.contains("is not a folder of yours alone"), "\(third.process.errors)")
      for tail in [second, third] { #expect(try await Post().signed().send(to: tail.url) == 200) }
    }
  }

  @Test("the address in status is one that can be reached, on all addresses too")
  func everywhere() async throws {
    try await withRuntime {
      let tail = try await tail(["--host", "0.0.0.0"])
      let answer = try await ask(try socket(of: tail), [#"{"tool":"status"}"#])
      #expect(answer.first?.contains(#""address":"\#(tail.url)""#) == true, "\(answer)")
      #expect(tail.url.hasPrefix("http://127.0.0.1:"))
    }
  }

  @Test("hostile requests are refused one by one, in words of hooktop's own, and the monitor goes on")
  func hostile() async throws {
    try await withRuntime {
      let tail = try await tail()
      let lines = [
        "nonsense", "[]", "{}", #"{"tool":"rm -rf"}"#, #"{"tool":7}"#, String(repeating: "[", count: 60_000),
        String(repeating: "x", count: 1 << 17), #"{"tool":"list_deliveries","arguments":[]}"#,
        #"{"tool":"list_deliveries","arguments":{"limit":0}}"#,
        #"{"tool":"list_deliveries","arguments":{"limit":"9"}}"#,
        #"{"tool":"list_deliveries","arguments":{"limit":1e99}}"#,
        #"{"tool":"list_deliveries","arguments":{"evil\u001b":1}}"#,
        #"{"tool":"list_deliveries","arguments":{"filter":"sig:no"}}"#,
        #"{"tool":"list_deliveries","arguments":{"filter":"\#(String(repeating: "(", count: 3000))"}}"#,
        #"{"tool":"get_delivery","arguments":{"sequence":-1}}"#,
        #"{"tool":"get_delivery","arguments":{"sequence":1}}"#,
        #"{"tool":"get_delivery"}"#, #"{"tool":"wait_for_delivery","arguments":{"timeout_seconds":-1}}"#,
        #"{"tool":"wait_for_delivery","arguments":{"timeout_seconds":1e9}}"#,
        #"{"tool":"wait_for_delivery","arguments":{"timeout_seconds":"nan"}}"#,
        #"{"tool":"replay","arguments":{"sequence":1,"url":"http://127.0.0.1:1"}}"#,
      ]
      let answers = try await ask(try socket(of: tail), lines)
      #expect(answers.count == lines.count)
      for answer in answers {
        #expect(answer.hasPrefix(#"{"error":""#) && answer.utf8.count < 500, "\(answer)")
        #expect(answer.allSatisfy { $0.isASCII && !$0.isNewline })
      }
      #expect(try await Post().signed().send(to: tail.url) == 200)
      let status = try await ask(try socket(of: tail), [#"{"tool":"status","arguments":{}}"#])
      #expect(status.first?.contains(#""received":1"#) == true)
    }
  }

  @Test("connections and requests are bounded: the many wait or are closed, and the rest are answered")
  func bounds() async throws {
    try await withRuntime {
      let tail = try await tail()
      let script = """
        import socket, sys, time
        def connect():
            s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1]); return s
        def ask(s):
            try: s.sendall(b'{"tool":"status"}\\n'); return s.recv(1 << 16) != b""
            except OSError: return False
        held = [connect() for _ in range(40)]
        print(sum(ask(s) for s in held))
        for s in held[1:]: s.close()
        start = time.monotonic(); f = held[0].makefile("rwb")
        for _ in range(250): f.write(b'{"tool":"status"}\\n')
        f.flush()
        for _ in range(250): assert f.readline().startswith(b'{"result"')
        print(time.monotonic() - start >= 1.2)
        """
      let output = try await Tool.run(["python3", "-c", script, try socket(of: tail)])
      #expect(output == "16\nTrue\n")
    }
  }

  @Test("what --redact hides is not told, neither in what the app was sent nor in the words of a diagnosis")
  func redacted() async throws {
    try await withRuntime {
      let app = try await StandInApp(.takesAll)
      let tail = try await tail(["--redact", "$..email", "--forward", app.url])
      let post = Post(
        body: Data(#"{"id":"evt_1","event":"webhook.test","data":{"email":"a@b.example"}}"#.utf8),
        headers: ["X-Parlay-Signature: t=1,v1=\(String(repeating: "0", count: 64))"])
      #expect(try await post.send(to: tail.url + "/to/a%40b.example") == 200)
      let answers = try await ask(
        try socket(of: tail),
        ["get_delivery", "explain_failure"].map { #"{"tool":"\#($0)","arguments":{"sequence":1}}"# })
      #expect(answers.count == 2 && !answers.joined().contains("b.example"), "\(answers)")
      #expect(answers[0].contains(#""url":"\#(app.url)/[redacted]""#))
      let details = answers[1].matches(of: /"detail":"([^"]*)"/).map { String($0.1) }
      #expect(Set(details) == ["The details may quote hidden values, so they are left out."])
    }
  }

  @Test("the token of a sender from the configuration file is told as a star, and found by no filter")
  func ownToken() async throws {
    try await withRuntime {
      let file = runtime + "/hooktop.yaml"
      try Data(
        """
        providers:
          acme:
            signature: {header: X-Acme-Word, kind: token, format: "{token}", text: "{body}"}
        """.utf8
      ).write(to: URL(filePath: file))
      let tail = try await tail(["--config", file])
      let post = Post(body: Data("{}".utf8), headers: ["X-Acme-Word: of-a-stranger"])
      #expect(try await post.send(to: tail.url) == 200)
      let answers = try await ask(
        try socket(of: tail),
        [
          #"{"tool":"get_delivery","arguments":{"sequence":1}}"#,
          #"{"tool":"list_deliveries","arguments":{"filter":"header:x-acme-word=of*"}}"#,
        ])
      #expect(answers[0].contains(#"["X-Acme-Word","*"]"#) && answers[0].contains(#""provider":"acme""#))
      #expect(!answers.joined().contains("stranger") && answers[1].contains(#""deliveries":[]"#))
    }
  }

  @Test("no filter finds out, piece by piece, a credential, a signing secret or what --redact hides")
  func oracle() async throws {
    try await withRuntime {
      let tail = try await tail(["--secret", "gitlab=gitlab-token-4711", "--redact", "$.email"])
      let push = Post(
        body: Data(
          #"{"object_kind":"push","email":"a@b.example","mistake":"\#(Hooktop.parableSecret)"}"#.utf8),
        headers: [
          "X-Upper: \(Hooktop.parlaySecret.uppercased())",
          "X-Gitlab-Token: gitlab-token-4711", "X-Gitlab-Event: Push Hook", "X-Note: to a@b.example",
          "Authorization: Bearer-of-a-stranger", "X-Mistake: \(Hooktop.parlaySecret)",
        ])
      #expect(try await push.send(to: tail.url + "/a@b.example?token=\(Hooktop.parlaySecret)") == 200)
      let socket = try socket(of: tail)
      func found(_ filter: String) async throws -> Bool {
        let call = #"{"tool":"list_deliveries","arguments":{"filter":"\#(filter)"}}"#
        return try await ask(socket, [call]).joined().contains(#""sequence":1,"#)
      }
      for filter in [
        "header:x-gitlab-token=*", "header:authorization=*", "~push", "path:*token=*", "sig:ok", "-~token-4",
      ] { #expect(try await found(filter), "\(filter)") }
      for filter in [
        "header:x-gitlab-token=gitlab*", "header:authorization=Bearer*", "header:x-mistake=whsec*",
        "~\(Hooktop.parableSecret.prefix(12))", "path:*token=whsec*", "~token-4", "~a@b", "path:/a*",
        "header:x-note=*a@*", "~\(Hooktop.parlaySecret.prefix(9))",
      ] { #expect(try await !found(filter), "\(filter)") }
    }
  }
}
