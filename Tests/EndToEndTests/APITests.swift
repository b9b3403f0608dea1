import Foundation
import Testing

/// `hooktop parlay` and `hooktop parable`: a webhook's life through the provider's own API.
@Suite(.enabled(if: Tool.python3.isInstalled), .timeLimit(.minutes(3)))
struct APITests {
  private let api: StandInAPI
  private let folder: TemporaryFolder

  init() async throws {
    api = try await StandInAPI()
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
    #expect(try await hooktop("parlay", "show", id).output.contains("paused          true\n"))
    #expect(
      try await hooktop("parlay", "resume", id).output == "\(id) is active: what was queued is sent now\n")
    let list = try await hooktop("parlay", "list")
    #expect(list.output == "\(id)  active  http://127.0.0.1:4747  analysis.completed, webhook.test\n")
    let rotated = try await hooktop("parlay", "rotate", id)
    let other = try #require(rotated.output.firstMatch(of: #/signing_secret  (whsec_\S+)\n/#)?.1)
    #expect(other != secret && rotated.errorLines.count == 1 && rotated.errors.contains("shown this once"))
    #expect(try await hooktop("parlay", "delete", id).output == "\(id) is deleted\n")
    let empty = try await hooktop("parlay", "list")
    #expect(
      empty.output.isEmpty && empty.errors == "hooktop: no webhooks: hooktop parlay register makes one\n")
    let calls = api.process.lines.dropFirst().map { $0.split(separator: " ").first.map(String.init) }
    #expect(calls == ["POST", "POST", "PATCH", "GET", "PATCH", "GET", "POST", "DELETE", "GET"])
  }

  @Test("with --save the secret goes to a file of the owner's alone, and is printed nowhere")
  func saved() async throws {
    let (id, _) = try await register()
    let rotated = try await hooktop("parlay", "rotate", id, "--save")
    let path = folder.path("state/hooktop/secrets/parlay-\(id)")
    #expect(rotated.end == .exit(0) && rotated.output.contains("secret saved to  \(path)\n"))
    let secret = folder.text("state/hooktop/secrets/parlay-\(id)")
    #expect(secret.wholeMatch(of: #/whsec_standin_2_\w+\n/#) != nil, "\(secret)")
    #expect(!(rotated.output + rotated.errors).contains("whsec_"))
    let json = try await hooktop("parlay", "rotate", id, "--save", "--json")
    #expect(try Record(json.output).text("saved_to") == path && !json.output.contains("whsec_"))
    #expect(folder.text("state/hooktop/secrets/parlay-\(id)").hasPrefix("whsec_standin_3_"))
  }

  @Test("where it can't be saved, nothing is made; where saving fails all the same, it is printed")
  func unsaved() async throws {
    let (id, _) = try await register()
    let early = try await hooktop("parlay", "rotate", id, "--save", with: ["XDG_STATE_HOME": "/proc/nothing"])
    #expect(early.end == .exit(1) && early.output.isEmpty && early.errorLines.count == 1, "\(early.errors)")
    #expect(!api.process.output.contains("/rotate"))
    let place = folder.url("state/hooktop/secrets/parlay-\(id)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let late = try await hooktop("parlay", "rotate", id, "--save")
    #expect(
      late.end == .exit(1) && late.output.contains("signing_secret  whsec_standin_2_"), "\(late.output)")
    #expect(late.errors.contains("can't be saved in \(place.path.trimmedSlash)"), "\(late.errors)")
  }

  @Test("captures are listed, with the way to the next page, and shown as they are now")
  func captures() async throws {
    let list = try await hooktop("parable", "list")
    #expect(
      list.output
        == """
        cap_1  2026-07-01T10:00:00Z  call
        cap_2  2026-07-02T10:00:00Z  \\u{202E}é
        cap_3  2026-07-03T10:00:00Z  call

        """)
    #expect(list.errors == "hooktop: go on with --cursor 3\n")
    let capture = try await hooktop("parable", "capture", "cap_2")
    #expect(capture.output.hasPrefix("{\n  \"id\": \"cap_2\",\n") && capture.output.contains(#"\u202e"#))
    let line = try await hooktop("parable", "capture", "cap_1", "--json")
    #expect(line.output == #"{"id":"cap_1","started_at":"2026-07-01T10:00:00Z","title":"call"}"# + "\n")
    _ = try await hooktop("parable", "list", "--cursor", "a b")
    #expect(api.process.lines.last == "GET /api/v1/captures?cursor=a%20b")
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
      wrong.errors
        == "hooktop: Parlay's API answered 401: the API key is wrong (unauthorized); check the API key\n")
    let capture = try await hooktop("parable", "capture", "cap_9")
    #expect(capture.errors.hasPrefix("hooktop: Parable's API answered 404: there is no capture cap_9"))
    for outcome in [none, unknown, keyless, wrong, capture] {
      #expect(outcome.end == .exit(1) && outcome.errorLines.count == 1 && outcome.output.isEmpty)
      #expect(!outcome.errors.contains("pk_sandbox_"))
    }
  }

  @Test("the key comes from a file, and never from the command line")
  func keyFile() async throws {
    let path = try folder.write(Data("\(StandInAPI.key)\n".utf8), to: "key")
    let outcome = try await hooktop(
      "parlay", "list", "--key-file", path, with: ["PARLAY_API_KEY": "pk_wrong"])
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    let argument = try await hooktop("parlay", "list", StandInAPI.key)
    #expect(argument.end == .exit(64) && !argument.errors.contains("standin"), "\(argument.errors)")
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
    #expect(api.process.lines.count == 1)
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
