import TestSupport
import Foundation
import Testing

@testable import Diagnosis
@testable import Webhooks

/// One delivery of the fixtures, made by a signer that shares no code with the project.
struct DiagnosisCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Neighbour: Decodable, Sendable {
    let headers: [[String]]
    let body: String
    let now: Double
  }

  let name: String
  let headers: [[String]]
  let body: String
  let now: Double
  /// The causes that must be found, and how surely.
  let causes: [String: String]
  /// The body that was signed, in base64, where it can be proven.
  let original: String?
  let neighbours: [Neighbour]
  let keyring: [[String?]]
  /// Whether nobody can prove what was signed.
  let open: Bool

  private enum CodingKeys: CodingKey {
    case name, headers, body, now, causes, original, neighbours, keyring, open
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    headers = try values.decode([[String]].self, forKey: .headers)
    body = try values.decode(String.self, forKey: .body)
    now = try values.decode(Double.self, forKey: .now)
    causes = try values.decode([String: String].self, forKey: .causes)
    original = try values.decodeIfPresent(String.self, forKey: .original)
    neighbours = try values.decode([Neighbour].self, forKey: .neighbours)
    open = try values.decode(Bool.self, forKey: .open)
    // A retirement is a number among texts.
    var rows = try values.nestedUnkeyedContainer(forKey: .keyring)
    var keyring: [[String?]] = []
    while !rows.isAtEnd {
      var row = try rows.nestedUnkeyedContainer()
      var fields: [String?] = []
      for _ in 0..<3 { fields.append(try row.decode(String.self)) }
      fields.append(try row.decodeIfPresent(Double.self).map { String($0) })
      keyring.append(fields)
    }
    self.keyring = keyring
  }

  var testDescription: String { name }

  var originalBytes: [UInt8]? { original.map(Self.bytes) }
  var secrets: [String] { keyring.compactMap { $0[2] } }
  var subject: DiagnosisSubject { DiagnosisSubject(delivery(headers, body, now, sequence: 100)) }
  var ring: Keyring {
    Keyring(
      keyring.map { row in
        (try? SigningSecret(
          row[2]!, label: row[1]!, provider: Providers.documented[row[0]!]!,
          retiredAt: row[3].map { Timestamp(seconds: Double($0)!) }))!
      })
  }

  func diagnosis(budget: DiagnosisBudget = .unbounded, past: PastSearches? = nil) -> Diagnosis {
    let others = neighbours.enumerated().map { index, other in
      delivery(other.headers, other.body, other.now, sequence: UInt64(index + 1))
    }
    return Diagnosis(of: subject, keyring: ring, neighbours: others, budget: budget, past: past)
  }

  private func delivery(_ headers: [[String]], _ body: String, _ now: Double, sequence: UInt64) -> Delivery {
    let request = Request(headers: Headers(headers.map { .init($0[0], $0[1]) }), body: Self.bytes(body))
    let envelope = Envelope(reading: request)
    let arrival = Timestamp(seconds: now)
    let verdict = Verifier(keyring: ring).verify(request, provider: envelope.provider, at: arrival)
    return Delivery(
      sequence: sequence, receivedAt: arrival, request: request, envelope: envelope, verdict: verdict,
      isDuplicate: false, attempt: 1, answer: Answer(status: 401, milliseconds: 0))
  }

  static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64)!) }
}

extension DiagnosisCase {
  /// The way of every style of sender through every change that breaks the signature.
  static let styles = load("styles")
  /// One delivery or more for each cause of the table.
  static let causes = load("causes")

  /// What is found in each, searched for once.
  static let diagnoses = Dictionary(
    uniqueKeysWithValues: (styles + causes).map { ($0.name, $0.diagnosis()) })
  var found: Diagnosis { Self.diagnoses[name]! }

  private static func load(_ name: String) -> [DiagnosisCase] {
    (try? JSONDecoder().decode([DiagnosisCase].self, from: DiagnosisFixtures.data(name))) ?? []
  }
}

/// Reads the files that stand beside the tests.
enum DiagnosisFixtures {
  static func data(_ name: String) throws -> Data {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name).json"))
  }
}

extension DiagnosisBudget {
  /// As much as it takes; the clock stands still.
  static let unbounded = DiagnosisBudget(candidates: .max, nanoseconds: .max) { 0 }
}

extension Diagnosis {
  /// The search for what was signed in place of a body, under a signature that no text has.
  static func fruitless(_ body: [UInt8], budget: DiagnosisBudget) throws -> Diagnosis {
    let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
    let keyring = Keyring([secret])
    let header = "t=1745518397,v1=" + String(repeating: "0", count: 64)
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: body)
    let arrival = Timestamp(seconds: 1_745_518_400)
    let verdict = Verifier(keyring: keyring).verify(request, provider: .parlay, at: arrival)
    return Diagnosis(
      of: DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict), keyring: keyring,
      budget: budget)
  }
}
