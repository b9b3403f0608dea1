import Foundation
import Webhooks

/// Lines of recorded sessions, and files of them.
enum SampleSession {
  static func delivery(_ sequence: UInt64, _ reason: Verdict.Reason = .ok) -> [UInt8] {
    let request = Request(
      headers: Headers([.init("Host", "a")]), body: Array("body \(sequence)".utf8), peer: "127.0.0.1:9")
    var writer = SessionWriter()
    writer.write(
      Delivery(
        sequence: sequence, receivedAt: Timestamp(microseconds: 1_745_518_397_000_000), request: request,
        envelope: Envelope(), verdict: Verdict(reason), isDuplicate: false, attempt: 1,
        answer: Answer(status: 200, milliseconds: 0.4)))
    return writer.bytes
  }

  static let incident: [UInt8] = {
    var writer = SessionWriter()
    writer.write(
      Incident(
        receivedAt: Timestamp(microseconds: 1_745_518_397_000_000), reason: .timeout, detail: "d", peer: "p",
        status: nil))
    return writer.bytes
  }()

  /// Calls `use` with the path of a file that holds `bytes`, and removes it.
  static func withFile<Result>(_ bytes: [UInt8], _ use: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "hooktop-test-\(UUID().uuidString).ndjson")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try use(url.path)
  }
}
