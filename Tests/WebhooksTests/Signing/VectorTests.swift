import Foundation
import Testing
import Webhooks

/// The measured cases of the providers' signature scheme, each with the verdict that is due.
@Suite struct VectorTests {
  struct Vector: Decodable, CustomTestStringConvertible {
    let id: String
    let note: String
    let header: String?
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
  }

  static let vectors: [Vector] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/signatures.json").standardizedFileURL
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Vector].self, from: data)) ?? []
  }()

  @Test("all 115 vectors are there")
  func count() {
    #expect(Self.vectors.count == 115)
  }

  @Test("each measured case gets the verdict that is due", arguments: vectors)
  func verdict(vector: Vector) throws {
    guard vector.status != "no-secret" else {
      #expect(throws: SecretError.empty(label: "parlay")) {
        try SigningSecret(vector.secret, label: "parlay", provider: .parlay)
      }
      return
    }
    let secret = try SigningSecret(vector.secret, label: "parlay", provider: .parlay)
    let fields = vector.header.map { [Headers.Field("X-Parlay-Signature", $0)] } ?? []
    let request = Request(headers: Headers(fields), body: Array(vector.body))
    let verdict = Verifier(keyring: Keyring([secret]))
      .verify(request, provider: .parlay, at: Timestamp(seconds: vector.now))
    #expect(verdict.status.rawValue == vector.status)
    #expect(verdict.reason.rawValue == vector.reason)
  }
}
