import Foundation
import Glibc
import Testing

/// The configuration file with the real program: found, refused, in force, and changed while it runs.
@Suite struct ConfigurationTests {
  private static let secrets = [
    "PARLAY_STAGING": "whsec_staging-9QkX", "PARLAY_PROD": "whsec_production-4TzB",
  ]
  private static let environment = Hooktop.environment.merging(secrets) { $1 }

  private static let endpoints = """
    listen: 127.0.0.1:0
    endpoints:
      - {name: staging, path: /staging/*, provider: parlay, secrets: [env:PARLAY_STAGING]}
      - {name: production, path: /prod/*, provider: parlay, secrets: [env:PARLAY_PROD]}

    """

  /// Runs the program in a folder.
  private static func start(_ arguments: [String], in folder: TemporaryFolder) throws -> Subprocess {
    try Hooktop.requireBuilt()
    return try Subprocess(
      ["bash", "-c", "cd \"$0\" && exec \"$@\"", folder.path, Hooktop.path] + arguments,
      environment: environment)
  }

  private static func run(_ arguments: [String], in folder: TemporaryFolder) async throws
    -> Subprocess.Outcome
  {
    try await start(arguments, in: folder).outcome()
  }

  private static func address(of process: Subprocess) async throws -> String {
    try await waiting(for: "the address", instead: { process.errors }) {
      process.errors.firstMatch(of: /listening on (https?:\S+)\n/).map { String($0.1) }
    }
  }

  private static func record(_ process: Subprocess, _ number: Int) async throws -> Record {
    let line = try await waiting(for: "line \(number)", instead: { process.output + process.errors }) {
      process.lines.count > number ? process.lines[number] : nil
    }
    return try Record(line)
  }

  private static func write(_ text: String, to folder: TemporaryFolder, mode: mode_t = 0o644) throws {
    // By a rename, as editors do.
    let draft = try folder.write(Array(text.utf8), to: "draft")
    chmod(draft, mode)
    try #require(rename(draft, folder.path("hooktop.yaml")) == 0)
  }

  @Test(
    "deliveries are verified with the secrets of the endpoint that they are sent to, which their lines name")
  func endpoints() async throws {
    let folder = try TemporaryFolder()
    try Self.write(Self.endpoints, to: folder)
    let tail = try Self.start(["tail", "--json"], in: folder)
    let url = try await Self.address(of: tail)
    func send(_ path: String, _ variable: String, _ more: String...) async throws {
      _ = try await Hooktop.run(
        ["send", "webhook.test", "--secret", "parlay=env:\(variable)", "--to", url + path] + more,
        environment: Self.environment)
    }
    try await send("/staging/x", "PARLAY_STAGING", "--live")
    try await send("/prod/x", "PARLAY_STAGING")
    try await send("/other", "PARLAY_PROD")
    let records = [
      try await Self.record(tail, 0), try await Self.record(tail, 1), try await Self.record(tail, 2),
    ]
    #expect(records.map(\.status) == ["valid", "mismatch", "unchecked"])
    #expect(records.map { $0.text("endpoint") } == ["staging", "production", nil])
    #expect(tail.errors.contains("hooktop: configuration hooktop.yaml\n"))
    let session = try folder.write(Array(tail.output.utf8), to: "s.ndjson")
    let lines = try await Hooktop.run(["open", session], environment: Self.environment).output.split(
      separator: "\n")
    #expect(lines[0].contains("staging  a live event on staging"), "\(lines)")
    #expect(lines[1].contains("production  a test event on production"), "\(lines)")
    let verified = try await Self.run(["verify", session], in: folder)
    #expect(
      verified.output.contains("Signed with parlay/staging, the secret of the endpoint staging")
        || verified.output.contains("another secret"), "\(verified.output)")
  }

  @Test("a value of the command line wins over the environment, and that over the file, which config shows")
  func precedence() async throws {
    let folder = try TemporaryFolder()
    try Self.write(
      "keep: 7\ntolerance: 5\nsecrets: {parlay: env:PARLAY_STAGING, parable: env:PARLAY_PROD}\nrespond: [drop x1]\n",
      to: folder)
    let environment = Self.environment.merging(["PARABLE_SIGNING_SECRET": "whsec_e"]) { $1 }
    let process = try Subprocess(
      [
        "bash", "-c", "cd \"$0\" && exec \"$@\"", folder.path, Hooktop.path, "config", "--json", "--keep",
        "9",
      ],
      environment: environment)
    let outcome = try await process.outcome()
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    func line(_ start: String) -> String {
      lines.first { $0.hasPrefix(start) }.map(String.init) ?? "no \(start)"
    }
    #expect(
      line(#"{"key":"file""#)
        == #"{"key":"file","value":"hooktop.yaml, trusted with loopback and its own folder","from":"default","name":null,"line":null}"#
    )
    #expect(
      line(#"{"key":"keep","#) == #"{"key":"keep","value":"9","from":"flag","name":"--keep","line":null}"#)
    #expect(
      line(#"{"key":"tolerance""#)
        == #"{"key":"tolerance","value":"5","from":"file","name":"hooktop.yaml","line":2}"#)
    #expect(
      line(#"{"key":"respond""#)
        == #"{"key":"respond","value":"drop x1","from":"file","name":"hooktop.yaml","line":4}"#)
    #expect(
      line(#"{"key":"theme""#) == #"{"key":"theme","value":"auto","from":"default","name":null,"line":null}"#)
    let secrets = lines.filter { $0.hasPrefix(#"{"key":"secrets""#) }
    #expect(secrets.count == 2, "\(secrets)")
    #expect(
      secrets.contains {
        $0.contains(#""parlay  "#) && $0.hasSuffix(#""from":"file","name":"hooktop.yaml","line":3}"#)
      })
    #expect(
      secrets.contains {
        $0.contains(#""parable  "#) && $0.contains(#""from":"environment","name":"PARABLE_SIGNING_SECRET""#)
      })
    #expect(!outcome.output.contains("whsec_"))
    let plain = try await Self.run(["config"], in: folder)
    #expect(plain.output.contains(#/\ntolerance +5 +hooktop.yaml:2\n/#), "\(plain.output)")
  }

  private static let wrong: [(String, String)] = [
    ("frob: 1", "hooktop.yaml:1:1: found frob, which is not a key here"),
    ("keep: many", "hooktop.yaml:1:7: found many, expected a number of deliveries from 1"),
    ("max-body: 1GiB", "hooktop.yaml:1:11: found 1GiB, expected a size such as 10MiB, from 1 byte to 256MiB"),
    ("filter: \"sig:nonsense\"", "hooktop.yaml:1:9: --filter, column "),
    ("respond: [explode]", "hooktop.yaml:1:11: --respond 'explode': explode is not an action"),
    ("forward: [http://localhost:1, http://localhost:2]", "hooktop.yaml:1:11: --forward URL is given twice"),
    (
      "forward: http://example.com",
      "hooktop.yaml:1:10: found http://example.com, which is not on this machine"
    ),
    (
      "forward: 127.0.0.1:1",
      "hooktop.yaml:1:10: --forward takes an http or https URL: did you mean http://127.0.0.1:1?"
    ),
    (
      "secrets: {parlay: whsec_never-seen}",
      "hooktop.yaml:1:19: this is a secret, and others can read the file: chmod 600"
    ),
    ("secrets: {parlay: prompt}", "hooktop.yaml:1:19: found prompt: a file can't ask"),
    (
      "secrets: {parlay: env:NO_SUCH_VARIABLE}", "hooktop.yaml:1:19: no environment variable NO_SUCH_VARIABLE"
    ),
    (
      "secrets: {parlay: file:../secret}",
      "hooktop.yaml:1:19: found ../secret, which is not below this folder"
    ),
    (
      "secrets: {parlay: file:/etc/hostname}",
      "hooktop.yaml:1:19: found /etc/hostname, which is not below this folder"
    ),
    ("secrets: {parlay: file:link}", "hooktop.yaml:1:19: found link, which is not below this folder"),
    ("record: link/x", "hooktop.yaml:1:9: found link/x, which is not below this folder"),
    ("record: dangling", "hooktop.yaml:1:9: found dangling, which is not below this folder"),
    ("a: &a [1]\nb: [*a, *a", "hooktop.yaml:3:1: not YAML: "),
    ("keep: 1\n\ttheme: light", "hooktop.yaml:2:1: found a tab"),
    ("keep: \u{0}", "hooktop.yaml:1:7: found the control character 00"),
    ("#" + String(repeating: "x", count: 10 << 20), "hooktop.yaml: larger than 256 KiB"),
  ]

  @Test("a wrong file is one line with its place, and nothing starts")
  func wrong() async throws {
    let folder = try TemporaryFolder()
    symlink("/etc", folder.path("link"))
    symlink("/nonexistent/x", folder.path("dangling"))
    for (text, words) in Self.wrong {
      try Self.write(text, to: folder)
      let outcome = try await Self.run(["tail", "--port", "0"], in: folder)
      #expect(outcome.end == .exit(1), "\(text.prefix(60))")
      #expect(
        outcome.errorLines.count == 1 && outcome.errors.hasPrefix("hooktop: " + words), "\(outcome.errors)")
      #expect(!outcome.errors.contains("never-seen"))
    }
  }

  @Test("what is no file never holds the program up")
  func noFile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("hooktop.yaml")
    mkfifo(path, 0o600)
    for command in ["tail", "config", "verify"] {
      let outcome = try await Self.run([command], in: folder)
      #expect(
        outcome.end == .exit(1) && outcome.errors.hasPrefix("hooktop: hooktop.yaml is not a regular file"),
        "\(outcome.errors)")
    }
    unlink(path)
    mkdir(path, 0o700)
    let outcome = try await Self.run(["tail"], in: folder)
    #expect(outcome.errors.hasPrefix("hooktop: hooktop.yaml is not a regular file"), "\(outcome.errors)")
    let missing = try await Self.run(["tail", "--config", "nowhere.yaml"], in: folder)
    #expect(
      missing.end == .exit(1) && missing.errors.hasPrefix("hooktop: nowhere.yaml can't be read: "),
      "\(missing.errors)")
    let both = try await Self.run(["tail", "--config", "a", "--no-config"], in: folder)
    #expect(both.end == .exit(64))
    let ignored = try await Self.run(["config", "--no-config"], in: folder)
    #expect(
      ignored.end == .exit(0) && ignored.output.contains(#/file +none +--no-config/#), "\(ignored.output)")
  }

  @Test(
    "a file that is named may do what one that is found may not, and one of its owner alone may hold a secret"
  )
  func named() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("whsec_other\n".utf8), to: "secret")
    mkdir(folder.path("sub"), 0o700)
    let text = "forward: http://example.com\nsecrets: {parlay: [file:../secret, whsec_in-the-file]}\n"
    let path = try folder.write(Array(text.utf8), to: "sub/c.yaml")
    chmod(path, 0o600)
    let outcome = try await Self.run(["config", "--config", path], in: folder)
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    #expect(
      outcome.output.contains(#/secrets +parlay  [0-9a-f]{8} .*\n +parlay\/2  [0-9a-f]{8}/#),
      "\(outcome.output)")
    #expect(outcome.output.contains("http://example.com") && !outcome.output.contains("whsec_"))
  }

  @Test("the example that is printed is in force as it is, and empty or commented files are fine")
  func example() async throws {
    let folder = try TemporaryFolder()
    let example = try await Self.run(["config", "--example"], in: folder)
    for text in [example.output, "", "# nothing\n"] {
      try Self.write(text, to: folder)
      let outcome = try await Self.run(["config"], in: folder)
      #expect(outcome.end == .exit(0), "\(outcome.errors)")
      #expect(outcome.output.contains(#/keep +10000 +/#) && outcome.output.contains(#/explain +false +/#))
    }
  }

  @Test("a changed file is used while tail runs, a wrong one is told of, and what was in force stays")
  func changed() async throws {
    let folder = try TemporaryFolder()
    try Self.write(Self.endpoints, to: folder)
    let tail = try Self.start(["tail", "--json"], in: folder)
    let url = try await Self.address(of: tail)
    func verdict(_ number: Int) async throws -> Record {
      _ = try await Hooktop.run(
        ["send", "--secret", "parlay=env:PARLAY_PROD", "--to", url + "/staging/x"],
        environment: Self.environment)
      return try await Self.record(tail, number)
    }
    func told(_ words: String) async throws {
      try await waiting(until: words, instead: { tail.errors }) { tail.errors.contains(words) }
    }
    #expect(try await verdict(0).status == "mismatch")
    try Self.write(
      Self.endpoints.replacing("env:PARLAY_STAGING", with: "env:PARLAY_PROD") + "frob: 1\n", to: folder)
    try await told("warning: hooktop.yaml:5:1: found frob, which is not a key here")
    #expect(tail.errors.contains("; what was in force stays\n"))
    #expect(try await verdict(1).status == "mismatch")
    let other = Self.endpoints.replacing("env:PARLAY_STAGING", with: "env:PARLAY_PROD")
      .replacing("name: staging", with: "name: preview").replacing(":0", with: ":1")
    try Self.write(other + "respond: [status 503 x1]\n", to: folder)
    try await told(
      "hooktop.yaml has changed: endpoints and respond in force; restart hooktop to use listen\n")
    let record = try await verdict(2)
    #expect(record.status == "valid" && record.text("endpoint") == "preview")
    #expect(record.text("rule") == "status 503 x1")
  }

  @Test("who is attached knows the senders, the tolerance and the app of the file that is in force")
  func attached() async throws {
    let runtime = "/tmp/hooktop-run-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: runtime) }
    let folder = try TemporaryFolder()
    try Self.write("listen: 127.0.0.1:0\n", to: folder)
    try Hooktop.requireBuilt()
    let tail = try Subprocess(
      ["bash", "-c", "cd \"$0\" && exec \"$@\"", folder.path, Hooktop.path, "tail"],
      environment: Self.environment.merging(["XDG_RUNTIME_DIR": runtime]) { $1 })
    let port = try #require(URL(string: try await Self.address(of: tail))?.port)
    func ask(_ tool: String) async throws -> String {
      let script =
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode() + b'\\n'); print(s.makefile().readline(), end='')"
      return try await Tool.run(["python3", "-c", script, "\(runtime)/hooktop/\(port).sock", tool])
    }
    let list = #"{"tool":"list_deliveries","arguments":{"filter":"provider:acme"}}"#
    #expect(try await ask(list).contains("error"))
    #expect(try await ask(#"{"tool":"status"}"#).contains(#""forwarding_to":null"#))
    try Self.write(
      """
      listen: 127.0.0.1:0
      forward: http://127.0.0.1:9/app
      providers:
        acme:
          signature: {header: X-Acme-Signature, format: "sha256={hex}", text: "{body}"}

      """, to: folder)
    try await waiting(until: "the change", instead: { tail.errors }) { tail.errors.contains("has changed: ") }
    #expect(try await ask(list).contains(#""deliveries":[]"#))
    #expect(try await ask(#"{"tool":"status"}"#).contains(#""forwarding_to":"127.0.0.1:9/app""#))
  }

  @Test("an endpoint's deliveries go on to its app, others to that of all, and a changed file changes that")
  func forwarding() async throws {
    let (own, common, later) = (
      try await Tail(["--json"]), try await Tail(["--json"]), try await Tail(["--json"])
    )
    let folder = try TemporaryFolder()
    func text(_ app: Tail) -> String {
      """
      listen: 127.0.0.1:0
      answer: verified
      endpoints: [{name: staging, path: /staging/*, forward: "\(app.url)/own"}]
      forward: \(common.url)/common

      """
    }
    try Self.write(text(own), to: folder)
    let tail = try Self.start(["tail", "--json"], in: folder)
    let url = try await Self.address(of: tail)
    #expect(
      tail.errors.contains("which forwards to \(common.url)/common and \(own.url)/own"), "\(tail.errors)")
    _ = try await Hooktop.run(["send", "--to", url + "/staging/x"])
    #expect(try await own.records(1)[0]["request"].text("target") == "/own")
    _ = try await Hooktop.run(["send", "--to", url + "/other"])
    #expect(try await common.records(1)[0]["request"].text("target") == "/common")
    try Self.write(text(later), to: folder)
    let words = "hooktop.yaml has changed: endpoints in force\n"
    try await waiting(until: words, instead: { tail.errors }) { tail.errors.contains(words) }
    _ = try await Hooktop.run(["send", "--to", url + "/staging/x"])
    #expect(try await later.records(1)[0]["request"].text("target") == "/own")
    #expect(own.process.lines.count == 1)
  }

  @Test("a sender of the file's own is verified by its own scheme")
  func ownSender() async throws {
    let folder = try TemporaryFolder()
    try Self.write(
      """
      providers:
        acme:
          signature: {header: X-Acme-Signature, format: "sha256={hex}", text: "{body}"}
          event: body.type
      secrets: {acme: env:PARLAY_PROD}
      """, to: folder)
    _ = try folder.write(Array(#"{"type":"x"}"#.utf8), to: "body.json")
    let digest = try await Tool.run([
      "bash", "-c",
      "printf '%s' '{\"type\":\"x\"}' | openssl dgst -sha256 -hmac whsec_production-4TzB -r | cut -c 1-64",
    ])
    let outcome = try await Self.run(
      [
        "verify", "body.json", "--header",
        "X-Acme-Signature: sha256=\(digest.trimmingCharacters(in: .whitespacesAndNewlines))",
      ],
      in: folder)
    #expect(outcome.end == .exit(0), "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output.contains("acme"))
  }
}

/// The configuration file on the screen.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct ConfigurationOnScreenTests {
  @Test("endpoints are a column, what does not belong there is pointed out, and a changed file is told of")
  func endpoints() async throws {
    let shell = try await Shell(columns: 160)
    let text = """
      listen: 127.0.0.1:0
      endpoints:
        - {name: staging, path: /staging/*, provider: parlay}
        - {name: production, path: /prod/*, provider: parlay}

      """
    let file = try shell.folder.write(Array(text.utf8), to: "hooktop.yaml")
    let url = try await shell.watch("hooktop --config \(file)")
    try await shell.wait(for: "From configuration", "hooktop.yaml")
    _ = try await Hooktop.run(["send", "webhook.test", "--live", "--to", url + "/staging/x"])
    let picture = try await shell.wait(for: "1 received", "✗ a live event on staging")
    #expect(picture.row("▸", "staging !", "webhook.test", "✓ ok") != nil, "\(picture)")
    #expect(picture.contains("endpoint"))
    _ = try await Hooktop.run(["send", "webhook.test", "--live", "--to", url + "/prod/x"])
    try await shell.wait(for: "2 received", "production")
    try await shell.press("f")
    try await shell.type("endpoint:staging")
    try await shell.wait(for: "1 of 2", "endpoint:staging")

    let draft = try shell.folder.write(Array((text + "theme: light\ntolerance: 60\n").utf8), to: "draft")
    #expect(rename(draft, file) == 0)
    try await shell.wait(for: "has changed: tolerance and theme in force")
    let wrong = try shell.folder.write(Array("frob: 1\n".utf8), to: "draft")
    #expect(rename(wrong, file) == 0)
    try await shell.wait(for: "frob, which is not a key here")
    try await shell.press("Q")
  }
}

/// The file that the README gives to be copied.
@Suite struct ConfigurationExampleInReadmeTests {
  @Test("the README's file is in force as it stands there, and says what the README says")
  func readme() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "../README.md"), encoding: .utf8)
    let block = try #require(
      text.firstMatch(of: #/<!-- configuration example -->\n```yaml\n((?s).*?)```/#)?.1)
    let folder = try TemporaryFolder()
    let file = try folder.write(Array(block.utf8), to: "hooktop.yaml")
    _ = try folder.write(Array("whsec_old\n".utf8), to: "old-secret.txt")
    let environment = Hooktop.environment.merging(
      ["PARLAY_STAGING": "whsec_a", "PARLAY_PROD": "whsec_b", "ACME_SECRET": "c"]) { $1 }
    let outcome = try await Hooktop.run(["config", "--config", file], environment: environment)
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    for words in [
      "staging  /staging/*  parlay", "production  /prod/*", "acme", "parlay/staging-old", "retired", "light",
    ] {
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
    let wrong = block.replacing("path: /staging", with: "pth: /staging")
    let refused = try await Hooktop.run(
      ["config", "--config", try folder.write(Array(wrong.utf8), to: "wrong.yaml")], environment: environment)
    #expect(refused.errors.contains("found pth, which is not a key: did you mean path?"), "\(refused.errors)")
  }
}
