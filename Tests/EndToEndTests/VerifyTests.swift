import Foundation
import Testing

/// `hooktop verify`: the same verdicts as on arrival, and an exit code for each status.
@Suite struct VerifyTests {
  /// The exit code for each status, in the order of the statuses.
  static let codes: [String: Int32] = [
    "valid": 0, "missing": 10, "malformed": 11, "mismatch": 12, "stale": 13, "unchecked": 14,
  ]

  @Test("a session gets the verdicts of its arrival again, from a pipe and from a file")
  func session() async throws {
    let tail = try await Tail(["--json"])
    for breakage in [nil, "no-header", "no-t", "no-v1-matches", "too-old"] {
      let arguments = ["send", "capture.processed", "--to", tail.url]
      _ = try await Hooktop.run(arguments + (breakage.map { ["--break", $0] } ?? []))
    }
    let session = try await tail.session(5)
    let expected = try Self.verdicts(String(decoding: session, as: UTF8.self))
    #expect(expected.map { $0.0 } == ["valid", "missing", "malformed", "mismatch", "stale"])

    let folder = try TemporaryFolder()
    let file = try folder.write(session, to: "session.ndjson")
    let piped = try await Hooktop.run(["verify", "-", "--json"], input: session)
    let read = try await Hooktop.run(["verify", file, "--json"])
    for outcome in [piped, read] {
      #expect(outcome.end == .exit(10))
      #expect(try Self.verdicts(outcome.output).elementsEqual(expected, by: ==))
    }
  }

  @Test("tail --json piped into verify says the same as tail")
  func pipe() async throws {
    let folder = try TemporaryFolder()
    let script = "hooktop tail --json --port 0 2>address | tee session | hooktop verify - --json"
    let shell = try Subprocess(
      ["bash", "-c", "cd \(folder.path); \(script)"], environment: Hooktop.environmentWithSecrets)
    let url = try await waiting(for: "the address") {
      folder.text("address").firstMatch(of: #/listening on (\S+)\n/#).map { String($0.1) }
    }
    _ = try await Hooktop.run(["send", "--to", url])
    _ = try await Hooktop.run(["send", "--to", url, "--break", "in-future"])
    try await waiting(until: "two verdicts", instead: { shell.output + shell.errors }) {
      shell.lines.count == 2
    }
    for entry in ProcessEntry.all() where entry.session == shell.pid && entry.isTail {
      kill(entry.id, SIGTERM)
    }
    let outcome = try await shell.outcome()
    #expect(outcome.end == .exit(13))
    let session = folder.text("session")
    #expect(try Self.verdicts(outcome.output).elementsEqual(Self.verdicts(session), by: ==))
  }

  @Test("of several deliveries the first that is not valid gives the exit code", arguments: codes)
  func exitCode(status: String, code: Int32) async throws {
    let tail = try await Tail(["--json"])
    let breakages = [
      "missing": "no-header", "malformed": "no-v1", "mismatch": "no-v1-matches", "stale": "too-old",
    ]
    let arguments = ["send", "--to", tail.url]
    _ = try await Hooktop.run(arguments + (breakages[status].map { ["--break", $0] } ?? []))
    let session = try await tail.session(1)
    let environment = status == "unchecked" ? Hooktop.environment : Hooktop.environmentWithSecrets
    let outcome = try await Hooktop.run(["verify", "-"], environment: environment, input: session)
    #expect(outcome.end == .exit(code))
    #expect(outcome.output.contains(status))
  }

  @Test("a session has a line for each delivery, and with -v all that was found")
  func lines() async throws {
    let tail = try await Tail(["--json"])
    for reason in ["no-v1-matches", "newline-or-bom", "too-old"] {
      _ = try await Hooktop.run(["send", "--break", reason, "--to", tail.url])
    }
    let session = try await tail.session(3)
    let short = try await Hooktop.run(["verify", "-"], input: session)
    let lines = short.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains("#2") && lines[1].hasSuffix("newline or byte order mark (proven)"), "\(lines)")
    #expect(short.errors.contains("  1 wrong-secret: wrong secret\n"), "\(short.errors)")
    let full = try await Hooktop.run(["verify", "-", "-v"], input: session)
    #expect(full.output.contains("  fix    ") && full.output.contains("  tried  "))
  }

  @Test("an empty body is verified as any other")
  func emptyBody() async throws {
    let outcome = try await Hooktop.run(
      [
        "verify", "-", "--at", "1745518397", "--header",
        "X-Parlay-Signature: \(try await Self.emptySignature())",
      ])
    #expect(outcome.end == .exit(0), "\(outcome.output)\(outcome.errors)")
  }

  private static func emptySignature() async throws -> String {
    let script = "printf 1745518397. | openssl dgst -sha256 -hmac \(Hooktop.parlaySecret) -r | cut -c 1-64"
    let digits = try await Tool.run(["bash", "-c", script]).trimmingCharacters(in: .whitespacesAndNewlines)
    return "t=1745518397,v1=\(digits)"
  }

  @Test("a compressed session is named as one, with the program that reads it")
  func compressed() async throws {
    let gzip = Data([0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    for command in ["verify", "open"] {
      let outcome = try await Hooktop.run([command, "-"], input: gzip)
      #expect(outcome.end == .exit(1))
      #expect(outcome.errors == "hooktop: standard input is compressed with gzip: put zcat in front\n")
    }
  }

  @Test("a byte order mark in front of a session costs it nothing")
  func byteOrderMark() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url])
    let session = Data([0xEF, 0xBB, 0xBF]) + (try await tail.session(1))
    for command in ["verify", "open"] {
      let outcome = try await Hooktop.run([command, "-"], input: session)
      #expect(
        outcome.end == .exit(0) && outcome.output.contains("#1  "), "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test("a single body is verified with the headers and the time given")
  func body() async throws {
    let folder = try TemporaryFolder()
    let post = Post()
    let file = try folder.write(post.body, to: "body.json")
    let time = 1_745_518_397
    let mac = try await post.mac(time)
    func verify(_ at: String, _ more: String...) async throws -> Subprocess.Outcome {
      let header = "X-Parlay-Signature: t=\(time),v1=\(mac)"
      return try await Hooktop.run(["verify", file, "--header", header, "--at", at] + more)
    }
    #expect(try await verify("1745518397").end == .exit(0))
    #expect(try await verify("2025-04-24T18:18:17Z").end == .exit(0))
    #expect(try await verify("1745518698").end == .exit(13))
    #expect(try await verify("1745518698", "--tolerance", "301").end == .exit(0))
    #expect(try await Hooktop.run(["verify", file, "--provider", "parlay"]).end == .exit(10))
    #expect(
      try await Hooktop.run(["verify", file, "--header", "X-Parlay-Signature: nonsense"]).end == .exit(11))
  }

  @Test("without a header it asks for the provider's; beside another's it says what is wrong")
  func headerHint() async throws {
    let body = Data("{}".utf8)
    func verify(_ more: String...) async throws -> String {
      try await Hooktop.run(["verify", "-"] + more, input: body).output
    }
    #expect(try await verify().contains("--header 'X-Parlay-Signature: "))
    #expect(try await verify("--provider", "parable").contains("--header 'x-parable-signature: "))
    let header = "X-Parlay-Signature: t=1745518397,v1=\(String(repeating: "0", count: 64))"
    let other = try await verify("--provider", "parable", "--header", header)
    #expect(
      !other.contains("--header")
        && other.contains("Found X-Parlay-Signature, the signature header of Parlay"), "\(other)")
  }

  @Test("deliveries are numbered as open numbers them, where a second run has added to the file")
  func numbering() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url])
    let session = try await tail.session(1)
    let outcome = try await Hooktop.run(["verify", "-", "--json"], input: session + session)
    let numbers = try outcome.output.split(separator: "\n").map { try Record(String($0)).number("sequence") }
    #expect(numbers == [1, 2])
  }

  @Test("a line that can't be read is named and skipped, and the others are verified")
  func unreadableLine() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url])
    let session = try await tail.session(1) + Data("{not json\n".utf8)
    let outcome = try await Hooktop.run(["verify", "-"], input: session + session)
    #expect(outcome.end == .exit(0))
    #expect(outcome.output.split(separator: "\n").count == 2)
    #expect(outcome.errors.contains("line 2") && outcome.errors.contains("line 4"))
  }

  @Test(
    "a long session is told of in its order, though all processors verify it, and its lines are named there")
  func long() async throws {
    let tail = try await Tail(["--json"])
    _ = try await Hooktop.run(["send", "--to", tail.url])
    _ = try await Hooktop.run(["send", "--break", "newline-or-bom", "--to", tail.url])
    let lines = try await String(decoding: tail.session(2), as: UTF8.self).split(separator: "\n")
    let count = 3000
    let session = (1...count).map { number -> String in
      let line = String(lines[number % 50 == 0 ? 1 : 0])
        .replacing(#/"sequence":\d+/#, with: "\"sequence\":\(number)")
      return "\(line)\n\(number % 1000 == 500 ? "{not json\n" : "")"
    }.joined()
    // Several times what is read at once, also of a pipe.
    #expect(session.utf8.count > 2 << 20)
    let outcome = try await Hooktop.run(["verify", "-", "--json"], input: Data(session.utf8))
    let told = try outcome.output.split(separator: "\n").map { try Record(String($0)) }
    #expect(told.map { $0.number("sequence") } == Array(1...count))
    #expect(told.map { $0.status == "valid" } == (1...count).map { $0 % 50 != 0 })
    #expect(outcome.end == .exit(12))
    let warned = outcome.errors.matches(of: #/line (\d+) is skipped/#).map { Int($0.1) }
    #expect(warned == [501, 1502, 2503])
    #expect(outcome.errors.contains("\(count / 50) newline-or-bom"), "\(outcome.errors.suffix(300))")
    // A file is read ahead, and a valid delivery told of with a line that is made at once.
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(session.utf8), to: "long.ndjson")
    let words = try await Hooktop.run(["verify", path]).output.split(separator: "\n")
    let numbers = words.map { line in Int(line.dropFirst().prefix { $0 != " " }) }
    #expect(numbers == Array(1...count))
    let isValid = words.map { $0.contains(" valid: ") }
    #expect(isValid == (1...count).map { $0 % 50 != 0 })
  }

  private static func verdicts(_ session: String) throws -> [(String, String)] {
    try session.split(separator: "\n").map { line in
      let record = try Record(String(line))
      return (record.status ?? "-", record.reason ?? "-")
    }
  }
}

extension ProcessEntry {
  /// Whether this is a `hooktop tail`.
  fileprivate var isTail: Bool {
    let command = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
    return name == "hooktop" && command.split(separator: 0).dropFirst().first == Data("tail".utf8)
  }
}
