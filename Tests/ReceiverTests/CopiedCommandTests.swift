import Foundation
import JSON
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// The curl commands that are copied, run by real shells against a real receiver.
@Suite(.enabled(if: ShellProgram.hasCurl, "needs curl"), .timeLimit(.minutes(3)))
struct CopiedCommandTests {
  /// What would tell that a shell has expanded something.
  private static let marker = "/tmp/hooktop-expanded-\(getpid())"
  private static let tricks = [
    "$(touch \(marker))", "`touch \(marker)`", "'; touch \(marker); '", "\"; touch \(marker); \"", "!!",
    "!touch",
    "a\\'b", "\\", "%s%n", "$HOME ${PATH} ~ * ? [a]", "a'b''c\"d", "#x", "&& touch \(marker)", "-e", "=",
  ]

  private static func fields(_ more: [Headers.Field]) -> Headers {
    Headers([.init("Host", "example.test")] + more)
  }

  private static func request(_ body: [UInt8], target: ByteString = "/", _ more: [Headers.Field] = [])
    -> Request
  {
    Request(target: target, headers: fields(more + [.init("content-length", "\(body.count)")]), body: body)
  }

  /// Requests with everything in them that a shell or curl gives a meaning to.
  static let requests: [Request] = {
    var requests = tricks.map { request(Array($0.utf8), [.init("X-Trick", $0)]) }
    let targets = [
      "/a?b=$(id)&c='d'", "/[a]{b,c}", "//x/../y/./z", "/%20%zz", "/!", "/a\"b", "/x|y^z",
    ]
    requests += targets.map { request([], target: ByteString($0)) }
    requests += [
      "@/etc/passwd", "a\nb\n\n", "\n", "it's\n!touch '!\n\"!!", "é 世界 🎉", "{\"a\":\n \"b\"}", "a\tb\r\nc",
      "\u{202E}x", "x=1&y=2",
      String(repeating: "long ", count: 20_000),
    ].map { request(Array($0.utf8), [.init("Content-Type", "application/json")]) }
    requests.append(request(Array(0...255)))
    requests += [
      Request(headers: fields([.init("Transfer-Encoding", "chunked")]), body: Array("in chunks".utf8)),
      Request(
        version: .http10, headers: fields([.init("Content-Length", "2"), .init("Connection", "close")]),
        body: [0x61, 0]),
      request(
        [0x61],
        [
          .init("User-Agent", "parlay-webhook/1"), .init("X-Twice", "1"), .init("x-twice", "2"),
          .init("X-Empty", ""),
          .init("Accept", "*/*"), .init("!#$%&'*+-.^_`|~", "token"),
          .init(ByteString("X-Bytes"), ByteString([0xE9, 0x80, 0x20, 0xFF])),
          .init("X-Tab", "a\tb"), .init("X-Semicolon", ";"), .init("X-At", "@/etc/passwd"),
          .init("Expect", "100-continue"),
        ]),
    ]
    return requests
  }()

  @Test("each of them arrives byte for byte, and nothing in it acts", arguments: ShellProgram.installed)
  func arrives(shell: ShellProgram) throws {
    let bench = try Bench()
    let folder = FileManager.default.temporaryDirectory.appending(path: "hooktop-copied-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var script: [UInt8] = []
    for (number, request) in Self.requests.enumerated() {
      let command = CurlCommand(request, to: bench.receiver.address)
      let file = folder.appending(path: "it's \(number).body").path
      if let body = command.bodyForFile { try Data(body).write(to: URL(filePath: file)) }
      script += command.text(bodyIn: command.bodyForFile == nil ? nil : file) + Array("\n".utf8)
    }
    let path = folder.appending(path: "commands").path
    try Data(script).write(to: URL(filePath: path))
    let output = try shell.run(path)
    let arrived = bench.ring.deliveries.map(\.request)
    #expect(arrived.count == Self.requests.count, "\(String(decoding: output, as: UTF8.self))")
    for (sent, arrived) in zip(Self.requests, arrived) {
      #expect(arrived.method == sent.method && arrived.version == sent.version)
      #expect(arrived.target == sent.target)
      #expect(
        arrived.headers == sent.headers, "\(sent.headers.map { "\($0)" }) \(arrived.headers.map { "\($0)" })")
      #expect(arrived.body == sent.body, "\(sent.body.prefix(80))")
    }
    #expect(!FileManager.default.fileExists(atPath: Self.marker))
  }
}

/// A shell as a command line is read by it: from a script, or typed at a prompt.
enum ShellProgram: String, CaseIterable, Sendable {
  case bash, zsh, sh
  case bashPrompt = "bash at a prompt"
  case zshPrompt = "zsh at a prompt"

  static let hasCurl = has("curl")
  static let installed = allCases.filter { has($0.command[0]) }

  private static func has(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  private var command: [String] {
    switch self {
    case .bash: ["bash", "--norc", "--noprofile"]
    case .zsh: ["zsh", "-f"]
    case .sh: ["sh"]
    // With the history, in which ! means something.
    case .bashPrompt: ["bash", "--norc", "--noprofile", "-i", "-o", "history", "-o", "histexpand"]
    case .zshPrompt: ["zsh", "-f", "-i"]
    }
  }

  /// Runs the commands of a file, one after the other; gives what is printed.
  func run(_ path: String) throws -> [UInt8] {
    let quiet = [
      "env", "-u", "http_proxy", "LC_ALL=C.UTF-8", "HISTFILE=", "CURL_HOME=/nonexistent", "HOME=/nonexistent",
    ]
    switch self {
    case .bash, .zsh, .sh: return try Program.run(quiet + command + [path], withErrors: true)
    case .bashPrompt, .zshPrompt:
      return try Program.run(
        quiet + ["sh", "-c", "exec \"$@\" < \"$0\"", path] + command, withErrors: true)
    }
  }
}
