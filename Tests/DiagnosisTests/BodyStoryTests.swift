import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// A proof tells every change that the bytes show, and none that they do not.
@Suite("What a proof tells of a body")
struct BodyStoryTests {
  private static let time = 1_763_716_800
  private static let plain = #"{"id":"evt_1","event":"x.y","data":{"a":1,"b":"x"}}"#
  private static let mark = "\u{FEFF}"
  private static let wide = #"{"id":"evt_1","data":{"to":"Zoë","list":{}}}"#

  /// What was signed, what arrived, and for each cause that is due the beginning or a part of its sentence.
  struct Story: Sendable, CustomTestStringConvertible {
    let signed: [UInt8]
    let received: [UInt8]
    let told: [String: String]
    let testDescription: String

    init(_ name: String, _ signed: [UInt8], _ received: [UInt8], _ told: [String: String]) {
      testDescription = name
      self.signed = signed
      self.received = received
      self.told = told
    }

    init(_ name: String, _ signed: String, _ received: String, _ told: [String: String]) {
      self.init(name, Array(signed.utf8), Array(received.utf8), told)
    }
  }

  private static let newline = ["newline-or-bom": "The body got a newline at its end after it was signed"]
  private static func newline(and cause: String, _ words: String) -> [String: String] {
    newline.merging([cause: words]) { first, _ in first }
  }

  static let stories: [Story] = [
    Story(
      "a value and a newline", #"{"a":{},"b":1}"#, #"{"a":[],"b":1}"# + "\n",
      newline(and: "values-changed", "The body got [] in place of {} after it was signed")),
    Story(
      "a value and a mark", #"{"a":"","b":1}"#, mark + #"{"a":null,"b":1}"#,
      [
        "values-changed": #"The body got null in place of "" after"#,
        "newline-or-bom": "The body got a byte order mark in front after",
      ]),
    Story(
      "a value and a newline beside letters", wide, wide.replacing("{}", with: "[]") + "\n",
      newline(and: "values-changed", "The body got [] in place of {} after it was signed")),
    Story(
      "a printed value and a mark", plain, mark + #"b'{"id":"evt_1","event":"x.y","data":{"a":1,"b":"x"}}'"#,
      [
        "printed-value": "The signature matches the JSON, but the body arrived as Python prints bytes",
        "newline-or-bom": "The body got a byte order mark in front after",
      ]),
    Story(
      "printed bytes and a newline", plain, #"b'{"id":"evt_1","event":"x.y","data":{"a":1,"b":"x"}}'"# + "\n",
      newline(and: "printed-value", "The signature matches the JSON, but the body arrived as Python prints")),
    Story(
      "ASCII re-serialised as Python does it", plain,
      plain.replacing(":", with: ": ").replacing(",", with: ", "),
      [
        "body-reserialised":
          "The JSON was re-serialised after it was signed (signed: compact; received: a space after commas and colons)."
      ]),
    Story(
      "letters escaped", wide, wide.replacing("ë", with: #"\u00eb"#),
      [
        "body-reserialised":
          "The JSON was re-serialised after it was signed (signed: plain UTF-8; received: non-ASCII as \\uxxxx)."
      ]),
    Story(
      "slashes escaped in an indented document", "{\n  \"a\": \"x/y\"\n}", "{\n  \"a\": \"x\\/y\"\n}",
      [
        "body-reserialised":
          "The JSON was re-serialised after it was signed (signed: no optional escapes; received: / as \\/)."
      ]),
    Story(
      "re-serialised, with a newline", plain, plain.replacing(":", with: ": ") + "\n",
      newline(
        and: "body-reserialised",
        "The JSON was re-serialised after it was signed (signed: compact; received: a space after colons).")),
    Story(
      "sorted and a newline", #"{"a":"Zoë","b":1,"c":2}"#, #"{"c":2,"b":1,"a":"Zoë"}"# + "\n",
      newline(
        and: "body-reserialised", "The JSON was re-serialised after it was signed (signed: keys sorted).")),
    Story(
      "a mark and a newline", plain, mark + plain + "\n",
      ["newline-or-bom": "The body got a byte order mark in front and got a newline at its end after"]),
    Story(
      "a newline lost and a mark added", plain + "\n", mark + plain,
      ["newline-or-bom": "The body got a byte order mark in front and lost the newline at its end after"]),
    Story(
      "CRLF in all lines and a newline more", "{\n  \"a\": 1\n}", "{\r\n  \"a\": 1\r\n}\n",
      [
        "newline-or-bom":
          "The body got carriage returns before its newlines and got a newline at its end after"
      ]),
    Story(
      "white space in front", plain, "\n\n" + plain, ["newline-or-bom": "The body got white space in front"]),
    Story(
      "gzip in base64", Array(plain.utf8),
      Base64.encoded(BodyWrapping.gzip.applied(to: Array(plain.utf8)) ?? []),
      ["wrapped-body": "The body was compressed with gzip and then was put into base64 after"]),
    Story(
      "base64 in a field", Array(plain.utf8),
      Array(#"{"payload":""#.utf8) + Base64.encoded(Array(plain.utf8)) + Array("\"}".utf8),
      [
        "wrapped-body":
          "The body was put into base64 and then was put into the JSON field payload, as text after"
      ]),
    Story(
      "base64 and a newline", Array(plain.utf8), Base64.encoded(Array(plain.utf8)) + [0x0A],
      newline(and: "wrapped-body", "The body was put into base64 after")),
    Story(
      "a multipart form", Array(plain.utf8), BodyWrapping.multipart.applied(to: Array(plain.utf8)) ?? [],
      ["wrapped-body": "The body was put into a multipart form after"]),
    Story(
      "a mark in front of what is text in a field", plain,
      #"{"payload":"\#u{FEFF}{\"id\":\"evt_1\",\"event\":\"x.y\",\"data\":{\"a\":1,\"b\":\"x\"}}"}"#,
      [
        "wrapped-body": "The body was put into the JSON field payload, as text after",
        "newline-or-bom": "The body got a byte order mark in front after",
      ]),
    Story(
      "Latin-1 signed, UTF-8 sent", Array("{\"a\":\"Zo".utf8) + [0xEB] + Array("\"}".utf8),
      Array("{\"a\":\"Zoë\"}".utf8),
      ["charset-damage": "The body was signed in Latin-1, and arrived in UTF-8"]),
    Story(
      "letters read in Latin-1 in a JSON string", Array((wide + "\n").utf8),
      JSONText.string(Array(wide.utf8)),
      [
        "wrapped-body": "The body was put into a JSON string after",
        "newline-or-bom": "The body lost the newline at its end after",
      ]),
    Story(
      "the sender's print ends its line", Array((SignedInsteadText.bytes(plain) + "\n").utf8),
      Array(plain.utf8),
      [
        "printed-value":
          "The sender signed the body as Python prints bytes, b'...', with a newline at its end, not the body that it sent"
      ]),
    Story(
      "what a parser prints, and a mark that it passes over", "{'a': 1}", mark + #"{"a":1}"#,
      ["printed-value": "The sender signed the parsed body as Python prints it"]),
    Story(
      "printed bytes of a compact document that is sent spaced", SignedInsteadText.bytes(#"{"a":1,"b":"ë"}"#),
      #"{"a": 1, "b": "ë"}"#,
      [
        "printed-value": "The sender signed the body as Python prints bytes, b'...', not the body",
        "body-reserialised":
          "The JSON was re-serialised after it was signed (before: compact; received: a space after commas and colons)",
      ]),
    Story(
      "a member signed anew", #"{"x": 1, "y": 2}"#, #"{"id":"evt_1","data":{"x":1,"y":2}}"#,
      [
        "printed-value":
          "The sender signed only the member data of the body, written anew: a space after commas and colons, not the"
      ]),
    Story(
      "nine keys of an inner object signed sorted",
      #"{"id":1,"data":{"aa":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}}"#,
      #"{"id":1,"data":{"c":3,"aa":1,"b":2,"i":9,"d":4,"h":8,"e":5,"g":7,"f":6}}"#,
      [
        "body-reserialised":
          "The JSON was re-serialised after it was signed (signed: keys sorted in inner objects)."
      ]),
    Story(
      "longest keys first", #"{"ccc":1,"dd":2,"bb":3,"a":4}"#, #"{"a":4,"dd":2,"ccc":1,"bb":3}"#,
      [
        "body-reserialised":
          "The JSON was re-serialised after it was signed (signed: longest keys first)."
      ]),
    Story(
      "a counter", #"{"data":{"attempt":1}}"#, #"{"data":{"attempt":2}}"#,
      ["values-changed": "The body got 2 in place of 1 for attempt, as a retry does that counts its attempts"]
    ),
  ]

  @Test("every change is told, and no other one", arguments: stories)
  func told(story: Story) throws {
    let secret = try SigningSecret("whsec_of_these_tests", label: "parlay", provider: .parlay)
    let code = secret.signature(timestamp: "\(Self.time)", body: story.signed)
    let request = Request(
      headers: Headers([.init("X-Parlay-Signature", "t=\(Self.time),v1=\(code)")]), body: story.received)
    let (arrival, ring) = (Timestamp(seconds: Double(Self.time)), Keyring([secret]))
    let verdict = Verifier(keyring: ring).verify(request, provider: .parlay, at: arrival)
    let findings = Diagnosis(
      of: DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict), keyring: ring,
      budget: .unbounded
    ).findings.filter { $0.level == .proven }
    #expect(Set(findings.map(\.id.rawValue)) == Set(story.told.keys), "\(findings.map(\.detail))")
    for finding in findings {
      let due = story.told[finding.id.rawValue] ?? ""
      #expect(finding.detail.hasPrefix(due), "\(finding.detail)")
    }
  }

  @Test("what is more comes before a change of the ends")
  func order() throws {
    let both = try #require(Cause.all.first { $0.isSlight })
    #expect(both.id == "newline-or-bom" && Cause.all.count(where: \.isSlight) == 1)
  }

  @Test("a change that these bytes do not show is no candidate, nor is a way back")
  func noChange() throws {
    let body = Array("{}".utf8)
    let own = BodyCandidate(received: body)
    #expect(own.undoing(.charset(.signedAsText), to: body) == nil)
    let longer = try #require(own.undoing(.edge(.newlineDropped), to: body + [0x0A]))
    #expect(longer.undoing(.edge(.newlineAdded), to: body) == nil)
    #expect(longer.undoing(.edge(.newlineAdded), to: body + [0x0A, 0x0A]) != nil)
  }

  @Test("UTF-8 is said to be no other encoding, and JSON to be no printed value")
  func guards() throws {
    for body in ["{}", "{\"a\":\"é\"}", "\u{FEFF}{}"].map({ Array($0.utf8) }) {
      #expect(try CharsetDamage.signedAsText.undone(body) == nil)
      for reading in PrintedReading.allCases { #expect(reading.document(body) == nil) }
    }
    // A letter of Latin-1 alone is no UTF-8 that was read wrong.
    #expect(try CharsetDamage.latin1AsUTF8.undone(Array("é".utf8)) == nil)
    #expect(try CharsetDamage.windowsAsUTF8.undone(Array("é".utf8)) == nil)
    #expect(PrintedReading.pythonValue.document(Array(#"{"a":"x\/y"}"#.utf8)) == nil)
    #expect(PrintedReading.pythonBytes.document(Array("b'{}'x".utf8)) == nil)
    #expect(TextEdit(.slashed)?.originals(Array(#"{"a":"x\/y"}"#.utf8)) == [])
    for mark in ["\u{FEFF}", " \n", "\0"] {
      #expect(EdgeChange.textAround.undone(Array((mark + "{}").utf8)) == nil)
    }
    #expect(LossyEncoding.dropped.encoded(Array("\u{FEFF}é".utf8)) == nil)
  }
}

private enum SignedInsteadText {
  static func bytes(_ text: String) -> String {
    String(decoding: SignedInstead.pythonBytes.text(for: Array(text.utf8)) ?? [], as: UTF8.self)
  }
}
