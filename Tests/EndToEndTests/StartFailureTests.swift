import Foundation
import Testing

/// What can fail at the start fails before the screen opens, in words, and without showing a secret.
@Suite struct StartFailureTests {
  private static let never = "whsec_never-to-be-seen-7Q"

  @Test("a taken port is one line and exit 1", arguments: ["watch", "tail", "demo"])
  func portTaken(command: String) async throws {
    let tail = try await Tail()
    let port = try #require(tail.url.split(separator: ":").last)
    let outcome = try await Hooktop.run([command, "--port", "\(port)"])
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("\(port)") && outcome.errors.contains("--port"))
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "a secret that can't be fetched is one line and exit 1",
    arguments: ["env:HOOKTOP_NO_SUCH_VARIABLE", "file:/nonexistent/secret", "file:/", "env:EMPTY", "prompt"],
    ["watch", "tail", "demo", "verify", "send"])
  func secret(source: String, command: String) async throws {
    let environment = Hooktop.environment.merging(["EMPTY": ""]) { $1 }
    let outcome = try await Hooktop.run([command, "--secret", "parlay=\(source)"], environment: environment)
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("hooktop: ") && outcome.errors.contains("parlay"))
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "a libcrypto that makes no HMAC is one line and exit 1, and signs nothing",
    arguments: ["watch", "tail", "send"])
  func withoutHMAC(command: String) async throws {
    let folder = try TemporaryFolder()
    let configuration = try folder.write(
      Array("openssl_conf = o\n[o]\nproviders = p\n[p]\nnull = n\n[n]\nactivate = 1\n".utf8),
      to: "openssl.cnf")
    let environment = Hooktop.environment.merging([
      "OPENSSL_CONF": configuration, "PARLAY_SIGNING_SECRET": Self.never,
    ]) { $1 }
    let outcome = try await Hooktop.run([command], environment: environment)
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("HMAC") && outcome.errors.contains("OPENSSL_CONF"))
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.contains(Self.never))
  }

  @Test(
    "a wrong value of an option is a usage error",
    arguments: [
      ["--port", "65536"], ["--port", "-1"], ["--port", "http"], ["--keep", "0"], ["--keep-bytes", "9YiB"],
      ["--keep-bytes", "0"], ["--max-body", "x"], ["--max-body", "0"], ["--max-body", "257MiB"],
      ["--tolerance", "-1"],
      ["--tolerance", "inf"], ["--answer", "maybe"], ["--secret", "nobody=env:X"],
      ["--secret", "parlay/=env:X"],
      ["--secret", "nonsense"], ["--nonsense"], ["nonsense"],
    ])
  func option(arguments: [String]) async throws {
    for command in ["watch", "tail", "demo"] {
      let outcome = try await Hooktop.run([command] + arguments)
      #expect(outcome.end == .exit(64), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("Error: "))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(
    "a host that is not of this machine is one line and exit 1",
    arguments: ["203.0.113.7", "no.such.host.invalid"])
  func host(name: String) async throws {
    let outcome = try await Hooktop.run(["tail", "--port", "0", "--host", name])
    #expect(outcome.end == .exit(1))
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains(name))
  }

  @Test(
    "a secret on a wrong command line is not repeated",
    arguments: [
      ["--secret", never], ["--secret", "nobody=\(never)"], ["--secret=\(never)"], ["--secret", "=\(never)"],
      ["--secret", "parlay/=\(never)"],
    ])
  func notRepeated(arguments: [String]) async throws {
    for command in ["watch", "tail", "verify", "send"] {
      let outcome = try await Hooktop.run([command] + arguments)
      #expect(outcome.end == .exit(64))
      #expect(
        !outcome.errors.contains(Self.never) && !outcome.output.contains(Self.never), "\(outcome.errors)")
      #expect(outcome.errors.contains("--secret"))
    }
  }

  @Test("an empty variable of a secret is named, and a file without an end is no secret")
  func unusable() async throws {
    let environment = Hooktop.environment.merging(["PARLAY_SIGNING_SECRET": ""]) { $1 }
    let empty = try await Hooktop.run(["tail"], environment: environment)
    #expect(empty.end == .exit(1))
    #expect(empty.errorLines.count == 1 && empty.errors.contains("PARLAY_SIGNING_SECRET"))
    let endless = try await Hooktop.run(["tail", "--secret", "parlay=file:/dev/zero"])
    #expect(endless.end == .exit(1))
    #expect(endless.errorLines.count == 1 && endless.errors.contains("/dev/zero"))
  }

  private static let misplacements: [([String], Int32)] = [
    (["watch", "parlay=\(never)"], 64), (["tail", never], 64), (["send", "parlay=hunter2"], 64),
    (["send", never], 64), (["verify", never], 1), (["verify", "parlay=\(never)"], 1),
    (["tail", "--secret", "parlay=env:\(never)"], 1), (["watch", "--secret", "parlay=file:\(never)"], 1),
    (["tail", "--port", never], 64), ([never], 64),
  ]

  @Test("a secret that stands where none belongs is not repeated", arguments: misplacements)
  func misplaced(command: [String], code: Int32) async throws {
    let outcome = try await Hooktop.run(command)
    #expect(outcome.end == .exit(code), "\(outcome.errors)")
    #expect(!outcome.errors.isEmpty)
    for text in [outcome.errors, outcome.output] {
      for part in ["hunter2", "never-to-be-seen", "7Q"] {
        #expect(!text.contains(part), "\(part) stands in \(text)")
      }
    }
  }

  @Test("a secret on the command line works, and warns that others can see it")
  func literal() async throws {
    let tail = try await Tail(["--secret", "parlay=\(Self.never)"], environment: Hooktop.environment)
    #expect(tail.process.errors.contains("hooktop: warning: "))
    #expect(!tail.process.errors.contains(Self.never))
    let environment = Hooktop.environment.merging(["PARLAY_SIGNING_SECRET": Self.never]) { $1 }
    #expect(try await Hooktop.run(["send", "--to", tail.url], environment: environment).end == .exit(0))
  }

  @Test(
    "on a terminal a failure leaves the terminal alone",
    .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
  func onTerminal() async throws {
    let shell = try await Shell()
    try await shell.record()
    try await shell.type("hooktop --secret parlay=env:HOOKTOP_NO_SUCH_VARIABLE")
    try await shell.waitForPrompt(1)
    #expect(!String(decoding: shell.recorded, as: UTF8.self).contains("\u{1B}[?1049"))
  }
}
