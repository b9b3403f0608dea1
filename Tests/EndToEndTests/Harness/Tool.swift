import Foundation

/// The other programs that the tests need; a test that needs one that is not there is skipped.
enum Tool: String {
  case bash, curl, fish, openssl, python3, tmux, zsh
  case redisServer = "redis-server"

  var isInstalled: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(rawValue)") }
  }

  /// Whether Python has the official client of the Model Context Protocol.
  static let hasMCPClient: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import mcp.client.stdio"]
    process.standardError = FileHandle.nullDevice
    guard python3.isInstalled, (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Whether a program can be shown on a terminal.
  static var canDrive: Bool { [bash, curl, openssl, tmux].allSatisfy(\.isInstalled) }

  static func run(_ command: [String], input: Data = Data()) async throws -> String {
    try await Subprocess(command, environment: ProcessInfo.processInfo.environment, input: input)
      .outcome().output
  }
}
