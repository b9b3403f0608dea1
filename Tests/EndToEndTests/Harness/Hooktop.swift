import Foundation

/// The program under test: the one that was built together with these tests.
enum Hooktop {
  static let parlaySecret = "whsec_end-to-end-parlay-5ZkQ2v"
  static let parableSecret = "whsec_end-to-end-parable-8RtW1x"

  struct NotBuilt: Error {
    let path: String
  }

  /// The scripts of the tests call the program by its name, and would take another one that has it.
  struct Misnamed: Error {
    let path: String
  }

  /// Says at once where the program is not there, instead of waiting for its screen.
  static func requireBuilt() throws {
    guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
    guard URL(filePath: path).lastPathComponent == "hooktop" else { throw Misnamed(path: path) }
  }

  /// `HOOKTOP_BINARY`, or the program beside the test bundle.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["HOOKTOP_BINARY"] { return path }
    let bundle = CommandLine.arguments.compactMap { argument -> String? in
      argument.range(of: ".xctest").map { String(argument[..<$0.upperBound]) }
    }
    let beside = URL(filePath: bundle.first ?? CommandLine.arguments[0]).deletingLastPathComponent()
    return beside.appending(path: "hooktop").path
  }()

  /// What the program finds in its environment: nothing of the machine's but the path.
  static let environment: [String: String] = {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let system = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": "\(folder):\(system)", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"]
  }()

  /// With the signing secrets of both providers.
  static let environmentWithSecrets = environment.merging(
    ["PARLAY_SIGNING_SECRET": parlaySecret, "PARABLE_SIGNING_SECRET": parableSecret]
  ) { $1 }

  static func start(
    _ arguments: [String], environment: [String: String] = environmentWithSecrets, input: Data = Data()
  ) throws -> Subprocess {
    try requireBuilt()
    return try Subprocess([path] + arguments, environment: environment, input: input)
  }

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], environment: [String: String] = environmentWithSecrets, input: Data = Data()
  ) async throws -> Subprocess.Outcome {
    try await start(arguments, environment: environment, input: input).outcome()
  }

  /// The names of all commands, as the help lists them.
  static func commands(of command: [String] = []) async throws -> [String] {
    let help = try await run(command + ["--help"]).output
    guard let list = help.range(of: "SUBCOMMANDS:\n") else { return [] }
    return help[list.upperBound...].split(separator: "\n").compactMap { line in
      let isEntry = line.hasPrefix("  ") && line.dropFirst(2).first?.isLetter == true
      return isEntry ? line.split(separator: " ").first.map(String.init) : nil
    }.filter { $0 != "See" }
  }

  /// The ways to break a delivery, as the help lists them, but for the one that takes a sender who signs the URL.
  static func breakages() async throws -> [String] {
    let help = try await run(["help", "send"]).output
    let list = help.firstMatch(of: #/Ways to break a delivery: ([^.]*)\./#).map { String($0.1) } ?? ""
    return list.split { $0 == "," || $0.isWhitespace }.map(String.init).filter { $0 != "other-url" }
  }
}
