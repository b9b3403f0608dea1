import Foundation
import Glibc
import Testing

/// `hooktop sandbox` as a command: how it starts, what it prints, how it ends.
@Suite(.enabled(if: Tool.curl.isInstalled), .timeLimit(.minutes(2)))
struct SandboxCommandTests {
  /// A running sandbox, with the URL and the key that it has printed.
  private func start(_ options: [String] = []) async throws -> (process: Subprocess, url: String, key: String)
  {
    let process = try Hooktop.start(["sandbox", "--listen", "127.0.0.1:0", "--rate", "0/s"] + options)
    let found = try await waiting(for: "the address", instead: { process.errors }) {
      process.errors.firstMatch(
        of: #/^hooktop sandbox: listening on (http://127\.0\.0\.1:\d+)\n.*(pk_sandbox_[A-Za-z0-9]{32})\n/#)
    }
    return (process, String(found.1), String(found.2))
  }

  private func curl(_ arguments: [String]) async throws -> String {
    try await Tool.run(["curl", "-sS", "--max-time", "20"] + arguments)
  }

  @Test("the first line says where it listens, and what it suggests makes an event happen")
  func suggestion() async throws {
    let sandbox = try await start()
    let words = sandbox.process.errors
    let exports = words.matches(of: #/\n  (export .*)/#).map { String($0.1) }
    let command = try #require(words.firstMatch(of: #/(?s)\n  (curl .*?)\n$/#)?.1)
    #expect(words.contains("hooktop parlay register --url"))
    let made = try await Tool.run(["bash", "-c", (exports + [String(command)]).joined(separator: "\n")])
    #expect(made.contains(#""id":"evt_"#) && made.contains(#""queued":0"#), "\(made)")
  }

  @Test("each call is a line, of NDJSON where that is asked for, and no line holds a secret or the key")
  func lines() async throws {
    for options in [[], ["--json"]] {
      let sandbox = try await start(options)
      let authorisation = [
        "-H", "Authorization: Bearer \(sandbox.key)", "-H", "Content-Type: application/json",
      ]
      let body = #"{"url":"http://127.0.0.1:1/\u202e","enabled_events":["webhook.test"]}"#
      #expect(
        try await curl(authorisation + ["-d", body, sandbox.url + "/v1/webhooks"]).contains("invalid_url"))
      let good = #"{"url":"http://127.0.0.1:1/hook","enabled_events":["webhook.test"],"name":"\u001b[31m"}"#
      let made = try Record(try await curl(authorisation + ["-d", good, sandbox.url + "/v1/webhooks"]))
      let id = try #require(made.text("id"))
      _ = try await curl(authorisation + ["-X", "POST", "\(sandbox.url)/v1/webhooks/\(id)/test"])
      let lines = try await waiting(for: "four lines", instead: { sandbox.process.output }) {
        sandbox.process.lines.count >= 4 ? sandbox.process.lines : nil
      }
      let text = lines.joined(separator: "\n")
      #expect(!text.contains("whsec_") && !text.contains(sandbox.key) && !text.contains("\u{1B}"))
      #expect(text.contains("POST") && text.contains("/v1/webhooks") && text.contains("refused"))
      if !options.isEmpty {
        #expect(Set(try lines.map { try Record($0).text("kind") }) == ["call", "delivery"])
      }
      sandbox.process.send(SIGTERM)
      #expect(try await sandbox.process.outcome().end == .signal(SIGTERM))
    }
  }

  @Test(
    "a body that is far too large is refused in words: before it is sent, or once more has come than is read",
    arguments: ["Expect: 100-continue", "Transfer-Encoding: chunked"])
  func tooLarge(field: String) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([UInt8](repeating: UInt8(ascii: " "), count: 9 << 20), to: "large")
    let sandbox = try await start()
    // curl asks first whether so much may be sent.
    let answer = try await curl([
      "-H", "Authorization: Bearer \(sandbox.key)", "-H", field, "--data-binary", "@\(file)",
      sandbox.url + "/v1/events",
    ])
    #expect(answer.contains(#""code":"payload_too_large""#), "\(answer)")
  }

  @Test("SIGINT ends it at once, whatever hangs")
  func interrupted() async throws {
    let sandbox = try await start()
    let app = try await StandInApp(.hangs)
    let authorisation = [
      "-H", "Authorization: Bearer \(sandbox.key)", "-H", "Content-Type: application/json",
    ]
    let made = try Record(
      try await curl(
        authorisation + [
          "-d", #"{"url":"\#(app.url)","enabled_events":["webhook.test"]}"#, sandbox.url + "/v1/webhooks",
        ]))
    let id = try #require(made.text("id"))
    _ = try await curl(authorisation + ["-X", "POST", "\(sandbox.url)/v1/webhooks/\(id)/test"])
    _ = try await app.requests(1)
    sandbox.process.send(SIGINT)
    #expect(try await sandbox.process.outcome().end == .signal(SIGINT))
  }

  @Test(
    "what is wrong on its command line is said in two lines",
    arguments: [
      ["--listen", "4800"], ["--rate", "1/m"], ["--rate", "20000"], ["--time-scale", "1e-300"],
      ["--rate", "1e-320/s"],
      ["--attempts", "7"],
      ["--resign", "maybe"],
      ["--parable", "nonsense"], ["--parable", "http://example.com/"], ["--retry-4xx", "1"],
    ])
  func usage(options: [String]) async throws {
    let outcome = try await Hooktop.run(["sandbox"] + options)
    #expect(outcome.end == .exit(64) && outcome.errors.contains(options[0]), "\(outcome.errors)")
    #expect(outcome.errorLines.last == "See 'hooktop sandbox --help' for more information.")
  }

  @Test("a port that is taken and a state file that can't be used are one line that says what to do")
  func failures() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await start(["--state", folder.path("state")])
    let letter = try folder.write(Array("Dear all,\nno state\n".utf8), to: "letter")
    for (options, words) in [
      (
        ["--listen", String(sandbox.url.dropFirst(7))],
        "stop it, or give --listen 127.0.0.1:0 for any free port"
      ),
      (["--state", folder.path("state")], "is used by another sandbox: give --state another file"),
      (["--state", letter], "line 1 of the state file is not what hooktop sandbox writes"),
      (["--state", "/nowhere/state"], "give --state another file"),
    ] {
      let outcome = try await Hooktop.run(["sandbox", "--listen", "127.0.0.1:0"] + options)
      #expect(outcome.end == .exit(1) && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(folder.text("letter") == "Dear all,\nno state\n")
  }
}
