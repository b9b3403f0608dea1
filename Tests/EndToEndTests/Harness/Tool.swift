import Foundation

/// The other programs that the tests need; a test that needs one that is not there is skipped.
enum Tool: String {
  case bash, curl, fish, openssl, python3, tmux, zsh

  var isInstalled: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(rawValue)") }
  }

  /// Whether a program can be shown on a terminal.
  static var canDrive: Bool { [bash, curl, openssl, tmux].allSatisfy(\.isInstalled) }

  static func run(_ command: [String], input: Data = Data()) async throws -> String {
    try await Subprocess(command, environment: ProcessInfo.processInfo.environment, input: input)
      .outcome().output
  }
}
