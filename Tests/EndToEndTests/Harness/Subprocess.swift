import Foundation
import Glibc
import Synchronization

/// A program that a test has started: its output goes to files, and it does not outlive the test.
final class Subprocess: Sendable {
  /// How a process ended.
  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)

    init(_ status: Int32) {
      let signal = status & 0x7F
      self = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }
  }

  /// What a process left behind.
  struct Outcome {
    let end: End
    let output: String
    let errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  struct NotStarted: Error {
    let command: [String]
    let code: Int32
  }

  let pid: pid_t
  private let folder: TemporaryFolder
  private let end = Mutex<End?>(nil)

  /// - Parameter input: what standard input holds; nothing where it is empty.
  init(_ command: [String], environment: [String: String], input: Data = Data()) throws {
    folder = try TemporaryFolder()
    try input.write(to: folder.url("input"))
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    let create = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
    posix_spawn_file_actions_addopen(&files, 0, folder.path("input"), O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, folder.path("output"), create, 0o600)
    posix_spawn_file_actions_addopen(&files, 2, folder.path("errors"), create, 0o600)
    pid = try Subprocess.spawn(command, environment, &files)
  }

  deinit { kill() }

  /// `POSIX_SPAWN_SETSID`, which Swift does not import.
  private static let newSession: Int32 = 0x80

  /// Starts the program in a session of its own, away from the terminal that the tests may run in.
  private static func spawn(
    _ command: [String], _ environment: [String: String], _ files: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | newSession
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, command[0], &files, &attributes, arguments, variables)
    guard code == 0 else { throw NotStarted(command: command, code: code) }
    return pid
  }

  var output: String { folder.text("output") }
  var errors: String { folder.text("errors") }

  /// The whole lines of standard output so far.
  var lines: [String] {
    let output = output
    guard let last = output.lastIndex(of: "\n") else { return [] }
    return output[..<last].split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// How it ended; nil while it runs.
  var ended: End? {
    end.withLock { end in
      if end == nil {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { end = End(status) }
      }
      return end
    }
  }

  func send(_ signal: Int32) {
    if ended == nil { _ = Glibc.kill(pid, signal) }
  }

  /// Waits for the end.
  func outcome() async throws -> Outcome {
    let end = try await waiting(
      for: "the end of process \(pid)", instead: { self.output + self.errors }, { self.ended })
    return Outcome(end: end, output: output, errors: errors)
  }

  /// Ends the process by force, if it still runs, and with it what it has started.
  func kill() {
    guard ended == nil else { return }
    _ = Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    _ = waitpid(pid, &status, 0)
    end.withLock { $0 = End(status) }
  }
}
