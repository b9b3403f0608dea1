import Foundation
import Glibc

/// An HTTPS server on a free port of loopback, with a certificate that it has made itself.
final class SelfSignedServer {
  let port: Int
  private let process = Process()
  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let (key, certificate) = (directory.path + "/key.pem", directory.path + "/cert.pem")
    let maker = Self.openssl(
      Process(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
      "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate)
    try maker.run()
    maker.waitUntilExit()

    let output = Pipe()
    Self.openssl(process, "s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate)
    process.standardOutput = output
    try process.run()
    var text = ""
    // The server prints "ACCEPT 127.0.0.1:PORT" once it listens.
    while !(text.contains("ACCEPT") && text.hasSuffix("\n")) {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw CocoaError(.fileReadUnknown) }
      text += String(decoding: data, as: UTF8.self)
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
    port = line.flatMap { Int($0.split(separator: ":").last ?? "") } ?? 0
  }

  /// The certificate in DER.
  var certificate: [UInt8] {
    get throws {
      let text = try String(contentsOf: directory.appendingPathComponent("cert.pem"), encoding: .utf8)
      let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }
      return Array(Data(base64Encoded: lines.joined()) ?? Data())
    }
  }

  func stop() {
    // The child inherits the signal mask of the thread that started it, which may block SIGTERM.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: directory)
  }

  @discardableResult
  private static func openssl(_ process: Process, _ arguments: String...) -> Process {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }
}
