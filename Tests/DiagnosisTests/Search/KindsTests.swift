import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// Kinds of damage that look like another kind at first sight, and are named as what they are.
@Suite("Kinds of damage")
struct KindsTests {
  private static let time = 1_763_716_800
  private static let document = Array(
    #"{"id":"evt_1","event":"x.y","data":{"n":90071992547409931,"to":"Zoë","list":[1,2]}}"#.utf8)
  private static let spaced = Array(
    #"{"id": "evt_1", "event": "x.y", "data": {"n": 90071992547409931, "to": "Zoë", "list": [1, 2]}}"#.utf8)

  /// What arrived in place of the document, and the cause that is due.
  static let damages: [(String, [UInt8], String)] = [
    ("an array of it", [0x5B] + document + [0x5D], "wrapped-body"),
    ("an array of it and a newline", [0x5B] + document + [0x5D, 0x0A], "wrapped-body"),
    (
      "in an envelope, spaced", Array(#"{"detail":"#.utf8) + spaced + Array(#","version":"0"}"#.utf8),
      "wrapped-body"
    ),
    (
      "as text in an envelope, spaced",
      Array(#"{"Message":"#.utf8) + JSONText.string(spaced) + Array(#","Type":"n"}"#.utf8), "wrapped-body"
    ),
    ("as Python prints bytes", SignedInstead.pythonBytes.text(for: document) ?? [], "printed-value"),
    (
      "a mark, and base64 of gzip of it",
      [0xEF, 0xBB, 0xBF] + Base64.encoded(BodyWrapping.gzip.applied(to: document) ?? []), "wrapped-body"
    ),
    (
      "a mark, and a JSON string twice",
      [0xEF, 0xBB, 0xBF] + JSONText.string(JSONText.string(document)), "wrapped-body"
    ),
    (
      "rounded to a double",
      Array(String(decoding: document, as: UTF8.self).replacing("931", with: "936").utf8),
      "values-changed"
    ),
    (
      "rounded as JavaScript prints it",
      Array(String(decoding: document, as: UTF8.self).replacing("931", with: "940").utf8), "values-changed"
    ),
  ]

  private static func diagnosis(
    of body: [UInt8], signed: [UInt8], isThorough: Bool = false
  ) throws -> Diagnosis {
    let secret = try SigningSecret("whsec_of_these_tests", label: "parlay", provider: .parlay)
    let code = secret.signature(timestamp: "\(time)", body: signed)
    let request = Request(
      headers: Headers([.init("X-Parlay-Signature", "t=\(time),v1=\(code)")]), body: body)
    let arrival = Timestamp(seconds: Double(time))
    let ring = Keyring([secret])
    let verdict = Verifier(keyring: ring).verify(request, provider: .parlay, at: arrival)
    var budget = DiagnosisBudget(candidates: 1_000_000, nanoseconds: .max) { 0 }
    budget.isThorough = isThorough
    return Diagnosis(
      of: DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict), keyring: ring,
      budget: budget)
  }

  @Test("damage is named as the kind that it is", arguments: damages.indices)
  func named(index: Int) throws {
    let (name, body, cause) = Self.damages[index]
    let found = try Self.diagnosis(of: body, signed: Self.document).findings.map {
      "\($0.id.rawValue) \($0.level.rawValue)"
    }
    #expect(found.contains("\(cause) proven"), "\(name): \(found)")
  }

  @Test("a JSON string of a JSON string in ASCII is found as what was signed")
  func stringTwice() throws {
    let once = try #require(SignedInstead.jsonStringASCII.text(for: Self.document))
    let found = try Self.diagnosis(of: Self.document, signed: JSONText.string(once)).findings.first
    #expect(found?.id.rawValue == "printed-value")
  }

  @Test("a digit edited in a large number is not called rounding")
  func editedDigit() throws {
    let edited = Array(String(decoding: Self.document, as: UTF8.self).replacing("931", with: "937").utf8)
    #expect(try Self.diagnosis(of: edited, signed: Self.document).proof == nil)
  }

  @Test(
    "seven keys and a nested pair that a tool has sorted are proven in whichever style they were signed",
    arguments: [JSONSpacing.compact, .python, JSONSpacing.all[2]])
  func sorted(spacing: JSONSpacing) throws {
    let original = Array(
      #"{"zone":1,"kind":"é<b>","alpha":{"q":1,"p":"x"},"team":null,"x":2.5,"beta":[1],"ref":"w"}"#.utf8)
    let signed = try #require(
      Reserialisations.written(original, in: JSONStyle(spacing: spacing, order: .asSent)))
    let sorted = try #require(
      Reserialisations.written(original, in: JSONStyle(spacing: JSONSpacing.all[2], order: .sorted)))
    let diagnosis = try Self.diagnosis(of: sorted + [0x0A], signed: signed, isThorough: true)
    #expect(diagnosis.findings.first?.id.rawValue == "body-reserialised")
    #expect(diagnosis.proof?.signedText.body == signed)
  }
}
