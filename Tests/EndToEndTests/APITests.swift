import Foundation
import Testing

/// `hooktop parlay` and `hooktop parable`: a webhook's life through the provider's own API.
@Suite(.enabled(if: Tool.curl.isInstalled), .timeLimit(.minutes(3)))
struct APITests {
  private let api: LocalSandbox
  private let folder: TemporaryFolder

  init() async throws {
    api = try await LocalSandbox()
    folder = try TemporaryFolder()
  }

  private func hooktop(_ words: String..., with other: [String: String] = [:]) async throws
    -> Subprocess.Outcome
  {
    let own = ["XDG_STATE_HOME": folder.path("state")]
    let environment = Hooktop.environment.merging(api.environment) { $1 }.merging(own) { $1 }
    return try await Hooktop.run(words, environment: environment.merging(other) { $1 })
  }

  /// Registers a webhook, and gives its id and secret.
  private func register() async throws -> (id: String, secret: String) {
    let made = try await hooktop(
      "parlay", "register", "--url", "http://127.0.0.1:4747", "--events", "analysis.completed, webhook.test",
      "--json")
    #expect(made.end == .exit(0), "\(made.errors)")
    let record = try Record(made.output)
    #expect(record.text("url") == "http://127.0.0.1:4747" && record.text("saved_to") == nil)
    return (try #require(record.text("id")), try #require(record.text("signing_secret")))
  }

  @Test("a webhook is registered, tested, paused, resumed, rotated and deleted, each in one call")
  func life() async throws {
    let (id, secret) = try await register()
    let test = try await hooktop("parlay", "test", id)
    #expect(test.output == "Parlay sends webhook.test to \(id)\n" && test.errors.isEmpty)
    let paused = try await hooktop("parlay", "pause", id, "--json")
    #expect(try Record(paused.output).text("id") == id && paused.output.contains(#""paused":true"#))
    try await waiting(until: "the test event's attempt") {
      api.process.lines.contains { $0.contains(#""kind":"delivery""#) }
    }
    let shown = try await hooktop("parlay", "show", id)
    #expect(shown.output.contains(#/paused +true\n/#))
    let attempt = #/last_deliveries +20\S+  webhook\.test  attempt \d  \w+/#
    #expect(shown.output.contains(attempt), "\(shown.output)")
    #expect(
      try await hooktop("parlay", "resume", id).output == "\(id) is active: what was queued is sent now\n")
    let list = try await hooktop("parlay", "list")
    #expect(list.output == "\(id)  active  http://127.0.0.1:4747  analysis.completed, webhook.test\n")
    let rotated = try await hooktop("parlay", "rotate", id)
    let other = try #require(rotated.output.firstMatch(of: #/signing_secret  (whsec_\S+)\n/#)?.1)
    #expect(other != secret && rotated.errorLines.count == 1 && rotated.errors.contains("shown only once"))
    #expect(try await hooktop("parlay", "delete", id).output == "\(id) is deleted\n")
    let empty = try await hooktop("parlay", "list")
    #expect(
      empty.output.isEmpty && empty.errors == "hooktop: no webhooks: hooktop parlay register makes one\n")
    try await waiting(until: "all calls", instead: { "\(api.calls)" }) { api.calls.count == 9 }
    #expect(
      api.calls.map { $0.split(separator: " ")[0] }
        == ["POST", "POST", "PATCH", "GET", "PATCH", "GET", "POST", "DELETE", "GET"])
  }

  @Test("with --save the secret goes to a file of the owner's alone, and is printed nowhere")
  func saved() async throws {
    let (id, _) = try await register()
    let rotated = try await hooktop("parlay", "rotate", id, "--save")
    let path = folder.path("state/hooktop/secrets/parlay-\(id)")
    #expect(rotated.end == .exit(0) && rotated.output.contains("secret saved to  \(path)\n"))
    let secret = folder.text("state/hooktop/secrets/parlay-\(id)")
    #expect(secret.wholeMatch(of: #/whsec_\w+\n/#) != nil, "\(secret)")
    #expect(!(rotated.output + rotated.errors).contains("whsec_"))
    let unsaved = try await hooktop("parlay", "rotate", id)
    #expect(unsaved.errorLines.last?.hasPrefix("hooktop: \(path) still holds the secret from before") == true)
    let json = try await hooktop("parlay", "rotate", id, "--save", "--json")
    #expect(try Record(json.output).text("saved_to") == path && !json.output.contains("whsec_"))
    #expect(![secret, ""].contains(folder.text("state/hooktop/secrets/parlay-\(id)")))
    let deleted = try await hooktop("parlay", "delete", id)
    #expect(deleted.errorLines.last?.hasPrefix("hooktop: \(path) still holds its secret") == true)
  }

  @Test("where it can't be saved, nothing is made; where saving fails all the same, it is printed")
  func unsaved() async throws {
    let (id, _) = try await register()
    let early = try await hooktop("parlay", "rotate", id, "--save", with: ["XDG_STATE_HOME": "/proc/nothing"])
    #expect(early.end == .exit(1) && early.output.isEmpty && early.errorLines.count == 1, "\(early.errors)")
    #expect(api.calls.allSatisfy { !$0.hasSuffix("/rotate") })
    let place = folder.url("state/hooktop/secrets/parlay-\(id)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let late = try await hooktop("parlay", "rotate", id, "--save")
    #expect(
      late.end == .exit(1) && late.output.contains("signing_secret  whsec_"), "\(late.output)")
    #expect(late.errors.contains("can't be saved in \(place.path.trimmedSlash)"), "\(late.errors)")
  }

  @Test(
    "stopped by a signal, rotate says whether the secret may be another one by now, and dies of the signal",
    .enabled(if: Tool.python3.isInstalled))
  func stopped() async throws {
    let app = try await StandInApp(.hangs)
    func rotate(at url: String) throws -> Subprocess {
      let own = ["XDG_STATE_HOME": folder.path("state"), "PARLAY_API_URL": url]
      return try Hooktop.start(
        ["parlay", "rotate", "wh_1", "--save"],
        environment: Hooktop.environment.merging(api.environment) { $1 }.merging(own) { $1 })
    }
    let asked = try rotate(at: app.url)
    _ = try await app.requests(1)
    asked.send(SIGINT)
    let late = try await asked.outcome()
    #expect(late.end == .signal(SIGINT) && late.output.isEmpty)
    #expect(
      late.errors
        == "hooktop: stopped before the answer came: wh_1 may have a new signing secret that nobody has seen, and the old one may be dead: run hooktop parlay rotate wh_1 again\n"
    )
    let unheard = try rotate(at: "http://127.0.0.1:1")
    try await waiting(until: "the first pause", instead: { unheard.errors }) {
      unheard.errors.contains("trying again in")
    }
    unheard.send(SIGTERM)
    let early = try await unheard.outcome()
    #expect(early.end == .signal(SIGTERM))
    #expect(
      early.errorLines.last == "hooktop: stopped before anything was done: wh_1 keeps its signing secret")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("state/hooktop/secrets")).isEmpty)
  }

  @Test("captures are listed, with the way to the next page, and shown as they are now")
  func captures() async throws {
    for _ in 1...2 { try await api.happen("capture.processed") }
    let list = try await hooktop("parable", "list")
    let ids = list.output.split(separator: "\n").compactMap {
      $0.split(separator: " ").first.map(String.init)
    }
    #expect(ids.count == 2 && list.errors.isEmpty, "\(list.output)\(list.errors)")
    let capture = try await hooktop("parable", "capture", ids[1])
    #expect(capture.output.hasPrefix("{\n  \"id\": \"\(ids[1])\",\n"), "\(capture.output)")
    let line = try await hooktop("parable", "capture", ids[0], "--json")
    #expect(try Record(line.output).text("id") == ids[0] && line.output.split(separator: "\n").count == 1)
    // The cursor of a page is a place in the stream.
    let rest = try await hooktop("parable", "list", "--cursor", "1")
    #expect(rest.output.hasPrefix(ids[1]) && rest.output.split(separator: "\n").count == 1)
    let end = try await hooktop("parable", "list", "--cursor", "2")
    #expect(end.output.isEmpty && end.errors == "hooktop: no captures after this cursor\n")
  }

  @Test("what goes wrong is one line that says what to do, and exits with 1")
  func failures() async throws {
    let none = try await hooktop("parlay", "test", "wh_x", with: ["PARLAY_API_URL": ""])
    #expect(
      none.end == .exit(1)
        && none.errors.contains("give --api-url URL or set PARLAY_API_URL; hooktop sandbox"))
    let unknown = try await hooktop("parlay", "test", "wh_x")
    #expect(
      unknown.errors == "hooktop: Parlay's API answered 404: there is no webhook wh_x (not_found, field id)\n"
    )
    let keyless = try await hooktop("parlay", "test", "wh_x", with: ["PARLAY_API_KEY": ""])
    #expect(keyless.errors.contains("set PARLAY_API_KEY or give --key-file FILE"))
    let wrong = try await hooktop("parlay", "test", "wh_x", with: ["PARLAY_API_KEY": "pk_sandbox_wrong01234"])
    #expect(
      wrong.errors.hasPrefix("hooktop: Parlay's API answered 401: no valid API key; "), "\(wrong.errors)")
    #expect(wrong.errors.hasSuffix(" (unauthorized); check the API key\n"))
    let capture = try await hooktop("parable", "capture", "cap_9")
    #expect(capture.errors.hasPrefix("hooktop: Parable's API answered 404: there is no capture cap_9"))
    for outcome in [none, unknown, keyless, wrong, capture] {
      #expect(outcome.end == .exit(1) && outcome.errorLines.count == 1 && outcome.output.isEmpty)
      #expect(!outcome.errors.contains("pk_sandbox_"))
    }
  }

  @Test("the key comes from a file, and never from the command line")
  func keyFile() async throws {
    let path = try folder.write(Data("\(api.key)\n".utf8), to: "key")
    let outcome = try await hooktop(
      "parlay", "list", "--key-file", path, with: ["PARLAY_API_KEY": "pk_wrong"])
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    let argument = try await hooktop("parlay", "list", api.key)
    #expect(
      argument.end == .exit(64) && !argument.errors.contains(api.key.dropFirst(11)), "\(argument.errors)")
  }

  @Test(
    "what is not documented needs --undocumented elsewhere than in the sandbox",
    arguments: [["list"], ["show", "wh_x"], ["delete", "wh_x"]])
  func undocumented(words: [String]) async throws {
    let key = try folder.write(Data("pk_live_0123456789".utf8), to: "key")
    let options = ["--key-file", key]
    let environment = Hooktop.environment.merging(api.environment) { $1 }
    let refused = try await Hooktop.run(["parlay"] + words + options, environment: environment)
    #expect(refused.end == .exit(64) && refused.errors.contains("--undocumented"), "\(refused.errors)")
    #expect(api.calls.isEmpty)
    let allowed = try await Hooktop.run(
      ["parlay"] + words + options + ["--undocumented"], environment: environment)
    // It is asked, and knows no such key.
    #expect(allowed.end == .exit(1) && allowed.errors.contains("answered 401"), "\(allowed.errors)")
  }

  @Test("every command of theirs explains itself with an example")
  func help() async throws {
    let own = ["list", "register", "show", "test", "rotate", "pause", "resume", "delete"].map {
      ["parlay", $0]
    }
    for words in own + [["parable", "list"], ["parable", "capture"]] {
      let help = try await Hooktop.run(words + ["--help"])
      #expect(help.end == .exit(0) && help.output.contains(#/Examples?:\n  hooktop/#), "\(words)")
    }
  }
}

extension String {
  /// A folder's path as it is given to a program.
  fileprivate var trimmedSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
