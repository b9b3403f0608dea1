import Foundation
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
    of body: [UInt8], signed: [UInt8], at signedTime: String = "\(time)", sent sentTime: String = "\(time)",
    isThorough: Bool = false
  ) throws -> Diagnosis {
    let secret = try SigningSecret("whsec_of_these_tests", label: "parlay", provider: .parlay)
    let code = secret.signature(timestamp: signedTime, body: signed)
    let request = Request(
      headers: Headers([.init("X-Parlay-Signature", "t=\(sentTime),v1=\(code)")]), body: body)
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

  /// What was signed, what arrived, and what is told of it: the cause and a part of its sentence.
  static let pairs: [(String, [UInt8], [UInt8], [(String, String)])] = [
    (
      "an integer next to the largest that a double holds", Array(#"{"n":9007199254740993}"#.utf8),
      Array("{\"n\":9007199254740992}\n".utf8), [("values-changed", "rounded"), newline]
    ),
    (
      "an integer that the sender rounded", Array(#"{"n":-9007199254740992}"#.utf8),
      Array("{\"n\":-9007199254740993}\n".utf8), [("body-reserialised", "numbers as JavaScript"), newline]
    ),
    (
      "one letter composed among others", Array("{\"a\":\"Mu\u{308}ller Zo\u{EB}\"}".utf8),
      Array("{\"a\":\"M\u{FC}ller Zo\u{EB}\"}\n".utf8), [("values-changed", "NFC"), newline]
    ),
    (
      "one letter taken apart, which others were before", Array("{\"a\":\"M\u{FC}ller Zoe\u{308}\"}".utf8),
      Array("{\"a\":\"Mu\u{308}ller Zoe\u{308}\"}".utf8), [("values-changed", "NFD")]
    ),
    (
      "a name composed among more letters than are tried alone",
      Array("{\"a\":\"A\u{308}o\u{308}\",\"b\":\"\u{E9}\u{E8}\",\"c\":\"\u{F1}\u{E4}\"}".utf8),
      Array("{\"a\":\"\u{C4}\u{F6}\",\"b\":\"\u{E9}\u{E8}\",\"c\":\"\u{F1}\u{E4}\"}".utf8),
      [("values-changed", "NFC")]
    ),
    (
      "an array of a marked document", document, Array("[\u{FEFF}".utf8) + document + Array("]".utf8),
      [("wrapped-body", "array of one element"), mark]
    ),
    (
      "a marked document in a member", document,
      Array("{\"payload\":\u{FEFF}".utf8) + document + Array("}".utf8),
      [("wrapped-body", "JSON field payload"), mark]
    ),
    (
      "base64 of a marked document", document, Base64.encoded(Array("\u{FEFF}".utf8) + document),
      [("wrapped-body", "base64"), mark]
    ),
    (
      "a JSON string of a marked document", document, JSONText.string(Array("\u{FEFF}".utf8) + document),
      [("wrapped-body", "JSON string"), mark]
    ),
    (
      "deflate of a marked document, which begins with a brace", document, deflated,
      [("wrapped-body", "without zlib's frame"), mark]
    ),
    (
      "base64 of a marked document as what was signed",
      Base64.encoded(Array("\u{FEFF}".utf8) + document), document,
      [("wrapped-body", "decoded from base64"), ("newline-or-bom", "lost the byte order mark")]
    ),
    (
      "a JSON string of a marked document as what was signed",
      Array("\"\u{FEFF}".utf8) + JSONText.string(document).dropFirst(), document,
      [("printed-value", "JSON string once"), ("newline-or-bom", "lost the byte order mark")]
    ),
  ]

  private static let newline = ("newline-or-bom", "got a newline at its end")
  private static let mark = ("newline-or-bom", "got a byte order mark")

  /// A gzip file of the document as Node, PHP and Python's zlib write it.
  private static let zipped = Array(
    Data(
      base64Encoded:
        "H4sIAAAAAAAAA6tWykxRslJKLSuJN1TSAdKpeSVAfoVeJZCXkliSqGRVrZSnZGVpYGBuaGlpZGpibmJgaWlsqKNUkg9UGJV/eDVQZU5mMVBbtKGOUWxtLQAfeUE0VAAAAA=="
    )!)

  /// Raw deflate of the document and a mark in front of it, made by zlib at level 9.
  private static let deflated = Array(
    Data(
      base64Encoded:
        "e797f7VSZoqSlVJqWUm8oZIOkE7NKwHyK/QqgbyUxJJEJatqpTwlK0sDA3NDS0sjUxNzEwNLS2NDHaWSfKDCqPzDq4EqczKLgdqiDXWMYmtrAQ=="
    )!)

  @Test("a pair of changes is told, both of them", arguments: pairs.indices)
  func pair(index: Int) throws {
    let (name, signed, received, told) = Self.pairs[index]
    let found = try Self.diagnosis(of: received, signed: signed).findings.filter { $0.level == .proven }
    for (cause, words) in told {
      let isTold = found.contains { $0.id.rawValue == cause && $0.detail.contains(words) }
      #expect(isTold, "\(name): \(found.map { "\($0.id.rawValue): \($0.detail)" })")
    }
    #expect(Set(found.map(\.id.rawValue)) == Set(told.map(\.0)), "\(name)")
  }

  @Test("the sender's own gzip is found as what was signed", .enabled(if: Recompression.isAvailable))
  func recompressed() throws {
    for received in [Self.document, Self.document + [0x0A]] {
      let found = try Self.diagnosis(of: received, signed: Self.zipped).findings.filter {
        $0.level == .proven
      }
      #expect(
        found.contains { $0.detail.contains("The body was decompressed from gzip after it was signed") })
      #expect(found.count == (received.last == 0x0A ? 2 : 1))
    }
  }

  @Test("t in milliseconds on one side only is found beside a newline", arguments: [0, 482])
  func milliseconds(part: Int) throws {
    let exact = "\(Self.time * 1000 + part)"
    let sent = try Self.diagnosis(
      of: Self.document + [0x0A], signed: Self.document, at: exact)
    let received = try Self.diagnosis(
      of: Self.document, signed: Self.document + [0x0A], sent: exact)
    for diagnosis in [sent, received] {
      let causes = diagnosis.findings.filter { $0.level == .proven }.map(\.id.rawValue)
      #expect(Set(causes) == ["unreadable-timestamp", "newline-or-bom"], "\(causes)")
    }
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
