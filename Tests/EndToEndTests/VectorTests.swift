import Foundation
import Testing

/// The measured cases of the signature scheme, through the program.
@Suite(.serialized) struct VectorTests {
  struct Vector: Decodable, CustomTestStringConvertible, Sendable {
    let id: String
    let note: String
    let header: String
    let body: Data
    let secret: String
    let now: Double
    let status: String
    let reason: String

    enum CodingKeys: String, CodingKey {
      case id, note, header, secret, now
      case body = "body_b64"
      case status = "expect_status"
      case reason = "expect_reason"
    }

    var testDescription: String { "\(id) \(note)" }

    var environment: [String: String] {
      Hooktop.environment.merging(["PARLAY_SIGNING_SECRET": secret]) { $1 }
    }
  }

  static let vectors: [Vector] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../WebhooksTests/Vectors/signatures.json").standardizedFileURL
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Vector].self, from: data)) ?? []
  }()

  @Test("all 115 vectors are there")
  func count() {
    #expect(Self.vectors.count == 115)
  }

  /// Neither a command line nor a request can hold a NUL.
  private static let sendable = vectors.filter { !$0.header.contains("\0") }

  @Test("each measured case gets the verdict and the exit code that are due", arguments: sendable)
  func verdict(vector: Vector) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(vector.body, to: "body")
    let arguments = ["verify", file, "--json", "--header", "X-Parlay-Signature: \(vector.header)"]
    let outcome = try await Hooktop.run(
      arguments + ["--at", "\(vector.now)"], environment: vector.environment)
    try expect(outcome, vector)
  }

  private func expect(_ outcome: Subprocess.Outcome, _ vector: Vector) throws {
    guard vector.status != "no-secret" else {
      #expect(outcome.end == .exit(1))
      #expect(outcome.errorLines.count == 1)
      return
    }
    let record = try Record(outcome.output)
    #expect(record.status == vector.status)
    #expect(record.reason == vector.reason)
    #expect(outcome.end == .exit(try #require(VerifyTests.codes[vector.status])))
  }
}
