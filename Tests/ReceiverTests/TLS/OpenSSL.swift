import Foundation
import TestSupport

@testable import Receiver

/// The `openssl` program, which knows nothing of what hooktop makes.
enum OpenSSL {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  /// What it prints, of its errors too, for `input`.
  static func run(_ arguments: [String], input: [UInt8] = []) throws -> String {
    let printed = try Program.run(["/usr/bin/openssl"] + arguments, input: input, withErrors: true)
    return String(decoding: printed, as: UTF8.self)
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
