import Foundation

@testable import Receiver

/// The `openssl` program, which knows nothing of what hooktop makes.
enum OpenSSL {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  /// What it prints, of its errors too, for `input`.
  static func run(_ arguments: [String], input: [UInt8] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stdout
    try process.run()
    // Bounded, so that it fits in the pipe: nothing here is as long as that.
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  /// `der` in PEM form.
  static func pem(_ kind: String, _ der: [UInt8]) -> String {
    let text = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN \(kind)-----\n\(text)\n-----END \(kind)-----\n"
  }
}

extension PEMFile {
  init(_ path: String, _ text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}
