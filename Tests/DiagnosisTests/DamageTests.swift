import Foundation
import JSON
import TestSupport
import Testing

@testable import Diagnosis

/// What happens to a body on its way and what undoes it are one pair of functions, which test each other.
@Suite struct DamageTests {
  static let samples: [[UInt8]] = [
    #"{"a":1}"#, #"{"id":"evt_1","name":"Zoë","note":"na\\ïve / <x> & \"y\""}"#, "{\"a\":\"é\"}\n",
    "[1,2]\r\n",
    "{\r\n  \"a\": 1\r\n}", "{\n  \"a\": 1\n}\n", "\u{FEFF}{}", "a\rb\r", "line\nline", "",
    "\u{FFFD} lost", "plain text", "田中 👋 \u{2028}", "end ", "end\t", "end\u{1A}", "end\0", "end\u{A0}",
    "end\n\n", "\nfront", " front", "e30=", #""text""#, "[{\"b\":[],\"a\":{}}]", "café",
  ].map { Array($0.utf8) }

  @Test("what a change of the ends does to a body is undone", arguments: EdgeChange.allCases)
  func edges(change: EdgeChange) {
    check {
      change.applied(to: $0)
    } undone: {
      change.undone($0)
    }
  }

  @Test("what a wrong character set does to a body is undone", arguments: CharsetDamage.allCases)
  func charsets(damage: CharsetDamage) {
    check {
      damage.applied(to: $0)
    } undone: {
      try damage.undone($0)
    }
  }

  static let wrappings: [BodyWrapping] = [
    .base64, .base64Removed, .hex, .form(field: "payload"), .percent, .multipart, .jsonString,
    .jsonField("payload"), .gzip, .deflate,
  ]

  @Test("what a wrapping does to a body is undone", arguments: wrappings)
  func wrapping(wrapping: BodyWrapping) {
    check {
      wrapping.applied(to: $0)
    } undone: {
      wrapping.undone($0)
    }
  }

  @Test(
    "what a wrapping does to a document is undone",
    arguments: [.formKey, .jsonMember("payload"), .array, .rawDeflate] as [BodyWrapping])
  func wrappedDocument(wrapping: BodyWrapping) {
    for document in ["{\"a\":1}", #"[{"b":"é"}]"#].map({ Array($0.utf8) }) {
      #expect(wrapping.applied(to: document).flatMap { wrapping.undone($0) } == document)
    }
  }

  @Test(
    "a body that was written in another style is among the ways to write it",
    arguments: JSONSpacing.all.indices)
  func styles(index: Int) {
    var damagedCount = 0
    for order in [JSONStyle.Order.asSent, .sorted] {
      for strings in [nil, JSONStyle.python.strings] {
        let style = JSONStyle(spacing: JSONSpacing.all[index], order: order, strings: strings)
        damagedCount += count {
          // White space and spelling are undone where the body is as a common writer writes it.
          let plain = JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle())
          guard Reserialisations.written($0, in: plain) == $0 else { return nil }
          return Reserialisations.written($0, in: style)
        } among: { damaged, original in
          let template = JSONKeyTemplate(original).map { [(JSONStyle.Order.documented, $0)] } ?? []
          let ways = try Reserialisations(damaged, templates: template, memory: .byHand)
          return damaged == original || ways?.visit { bytes, _ in bytes == original } ?? false
        }
      }
    }
    #expect(damagedCount > 0)
  }

  @Test("the closing brackets that were cut off are found")
  func cutOff() throws {
    for count in 1...3 {
      let body = Array(#"{"a":[[1]]}"#.utf8)
      let cut = try #require(JSONClosing.cut(count, from: body))
      #expect(JSONClosing.missing(from: cut).map { cut + $0 } == body)
    }
  }

  /// A document, or a text, that each edit changes.
  static let edited: [(ValueEdit, String)] = [
    (.objectToArray, #"{"a":{},"b":1}"#), (.arrayToObject, #"{"a":[],"b":[1]}"#),
    (.emptyToNull, #"{"a":""}"#),
    (.nullToEmpty, #"{"a":null}"#), (.fractionDropped, #"{"n":1.0}"#), (.fractionAdded, #"{"n":17}"#),
    (.zerosDropped, #"{"n":2.50}"#), (.zerosAdded, #"{"n":2.5}"#), (.hundredthsDropped, #"{"n":1.00}"#),
    (.exponentExpanded, #"{"n":1e3}"#), (.exponentCollapsed, #"{"n":1000}"#),
    (.exponentSpelled, #"{"n":1e+03}"#),
    (.rounded, #"{"n":12345678901234567}"#), (.zeroSigned, #"{"n":0}"#), (.zeroUnsigned, #"{"n":-0}"#),
    (.counterRaised, #"{"attempt":2}"#), (.counterLowered, #"{"attempt":2}"#),
    (.textToNumber, #"{"n":"17"}"#),
    (.numberToText, #"{"n":17,"m":1.5}"#), (.boolToNumber, #"{"y":true,"n":false}"#),
    (.numberToBool, #"{"y":1,"n":0}"#),
    (.boolToText, #"{"y":true}"#), (.textToBool, #"{"y":"true"}"#), (.nullToText, #"{"a":null}"#),
    (.textToNull, #"{"a":"null"}"#), (.wordCapitalised, #"{"a":"true"}"#), (.arrayToNull, #"{"a":[]}"#),
    (.objectToNull, #"{"a":{}}"#), (.nullToArray, #"{"a":null}"#), (.nullToObject, #"{"a":null}"#),
    (.elementToArray, #"{"a":"x"}"#), (.arrayToElement, #"{"a":["x"]}"#), (.trimmed, #"{"a":"x "}"#),
    (.padded, #"{"a":"x"}"#), (.linesToCRLF, #"{"a":"x\ny"}"#), (.linesToLF, #"{"a":"x\r\ny"}"#),
    (.dateToZ, #"{"d":"2026-01-02T03:04:05Z"}"#), (.dateToOffset, #"{"d":"2026-01-02T03:04:05+00:00"}"#),
    (.dateToMilliseconds, #"{"d":"2026-01-02T03:04:05.120Z"}"#),
    (.dateToMillisecondsWithOffset, #"{"d":"2026-01-02T03:04:05.120+00:00"}"#),
    (.dateToMicroseconds, #"{"d":"2026-01-02T03:04:05.120000Z"}"#),
    (.dateRespelled, #"{"d":"2026-01-02 03:04:05"}"#),
    (.nullMembersAdded, #"{"a":1,"b":{"c":2}}"#), (.emptyMembersAdded, #"{"a":1}"#),
    (.keysToSnakeCase, #"{"someKey":{"otherKey":1}}"#), (.keysToCamelCase, #"{"some_key":1}"#),
    (.decoded, #"{"h":"a &amp; b"}"#), (.encoded, #"{"h":"a & b"}"#), (.slashed, #"{"a":1}"#),
    (.unslashed, #"{\"a\":1}"#), (.composed, "{\"a\":\"Zoe\u{308}\"}"), (.decomposed, "{\"a\":\"Zo\u{EB}\"}"),
  ]

  @Test("what a framework does to values is undone", arguments: edited.indices)
  func values(index: Int) throws {
    let (edit, text) = Self.edited[index]
    let document = Array(text.utf8)
    let damaged = try #require(edit.applied(to: document))
    let isBack =
      if let text = TextEdit(edit) {
        text.originals(damaged).contains(document)
      } else {
        JSONOutline(damaged).map { edit.visit($0) { $0 == document } } ?? false
      }
    #expect(damaged != document && isBack, "\(edit): \(String(decoding: damaged, as: UTF8.self))")
  }

  @Test("every edit of values has a damage side")
  func everyEdit() {
    let leftOut: [ValueEdit] = [.nullMembersDropped, .emptyMembersDropped]
    for edit in ValueEdit.allCases where !leftOut.contains(edit) {
      #expect(Self.edited.contains { $0.0 == edit }, "\(edit)")
    }
  }

  @Test(
    "members that were left out are found by the keys of another body of the kind",
    arguments: [
      (.nullMembersDropped, #"{"a":null,"b":1,"c":{"d":null,"e":[1]},"f":null}"#),
      (.nullMembersDropped, #"{"c": {"d": null}, "b": 1}"#),
      (.emptyMembersDropped, #"{"a":"","b":1,"c":"x","d":""}"#),
    ] as [(ValueEdit, String)])
  func leftOut(edit: ValueEdit, text: String) throws {
    let document = Array(text.utf8)
    let damaged = try #require(edit.applied(to: document))
    #expect(damaged.count < document.count)
    let (outline, template) = (try #require(JSONOutline(damaged)), try #require(JSONKeyTemplate(document)))
    #expect(edit.visitLeftOut(outline, template) { $0 == document })
  }

  @Test("letters are composed and taken apart as Unicode has it")
  func letters() {
    for text in [
      "Zoë naïve Ångström Çağrı", "Tiếng Việt ậ ở", "Ελλάδα ΐ", "Йод ёж", "がぎぐ ポプ", "한국어 각", "ASCII", "👋",
    ] {
      let (whole, apart) = (
        text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping
      )
      #expect(LetterForms.composed(Array(apart.utf8)) == Array(whole.utf8), "\(text)")
      #expect(LetterForms.decomposed(Array(whole.utf8)) == Array(apart.utf8), "\(text)")
    }
  }

  /// What each encoder makes of an é, a € and a waving hand.
  static let encoded: [(LossyEncoding, String)] = [
    (.questionPerCharacter, "3f3f3f"), (.questionPerUnit, "3f3f3f3f"), (.latin1, "e93f3f3f"),
    (.lowBytes, "e9ac3d4b"), (.windows, "e9803f"), (.sevenBits, "432962022c701f110b"),
    (.utf16Little, "e900ac203dd84bdc"), (.utf16Big, "00e920acd83ddc4b"), (.latin1PerCharacter, "e93f3f"),
    (.decodedAsLatin1, "c383c2a9c3a2c282c2acc3b0c29fc291c28b"), (.questionPerByte, "3f3f3f3f3f3f3f3f3f"),
    (.dropped, ""), (.latin1Dropped, "e9"),
    (
      .characterReferences,
      "26233233333b2623383336343b"
        + "26233132383037353b"
    ),
    (.pythonEscapes, "5c7865395c75323061635c553030303166343462"),
    (.replacementPerByte, String(repeating: "efbfbd", count: 9)), (.threeBytesOnly, "c3a9e282ac3f"),
    (.threeBytesOnlyPerByte, "c3a9e282ac3f3f3f3f"), (.utf16LittleMarked, "fffee900ac203dd84bdc"),
    (.utf16BigMarked, "feff00e920acd83ddc4b"), (.utf32Little, "e9000000ac2000004bf40100"),
    (.cesu, "c3a9e282aceda0bdedb18b"),
  ]

  @Test("what an encoder loses is known for each of them", arguments: LossyEncoding.allCases)
  func lossy(encoding: LossyEncoding) throws {
    let due = try #require(Self.encoded.first { $0.0 == encoding }).1
    #expect(encoding.encoded(Array("é€👋".utf8)).map { Hex.text($0) } == due)
    #expect(encoding.encoded([0xFF]) == nil)
    #expect(!encoding.words.isEmpty && !encoding.encodingWords.isEmpty)
  }

  @Test("an encoding that loses nothing of a body is undone as damage on the way is")
  func whole() throws {
    let body = Array("{\"a\":\"Zoë\"}".utf8)
    let pairs: [(LossyEncoding, CharsetDamage)] = [
      (.latin1, .toLatin1), (.windows, .toWindows), (.utf16LittleMarked, .toUTF16),
      (.utf16BigMarked, .toUTF16),
      (.decodedAsLatin1, .latin1AsUTF8),
    ]
    for (encoding, damage) in pairs {
      #expect(encoding.isWhole(for: body) == (encoding != .decodedAsLatin1))
      #expect(try encoding.encoded(body).flatMap { try damage.undone($0) } == body, "\(encoding)")
    }
    #expect(
      !LossyEncoding.latin1.isWhole(for: Array("€".utf8))
        && LossyEncoding.windows.isWhole(for: Array("€".utf8)))
  }

  /// Two steps that undo each other, and a secret that the first one changes.
  static let secretSteps: [(SecretChange, SecretChange, String)] = [
    (.withNewline, .trimmed, "whsec_a"), (.withCRLF, .trimmed, "whsec_a"), (.withReturn, .trimmed, "whsec_a"),
    (.withSpaceBefore, .trimmed, "whsec_a"), (.withMark, .withoutInvisibles, "whsec_a"),
    (.withNoBreakSpace, .withoutSpaces, "whsec_a"), (.inQuotes, .unquoted, "whsec_a"),
    (.inSingleQuotes, .unquoted, "whsec_a"), (.inBackticks, .unquoted, "whsec_a"),
    (.withoutPrefix, .withPrefix, "whsec_a"), (.withVersion, .withoutVersion, "whsec_a"),
    (.base64Encoded, .base64Decoded, "whsec_a"), (.hexEncoded, .hexDecoded, "whsec_a"),
    (.percentEncoded, .percentDecoded, "whsec/a+b"), (.twice, .half, "whsec_a"),
    (.withLiteralNewline, .withoutLiteralNewline, "whsec_a"), (.zerosForLetters, .lettersForZeros, "O_O"),
    (.uppercased, .lowercased, "whsec_a"),
  ]

  @Test("what a copy does to a secret is undone by another step", arguments: secretSteps.indices)
  func secrets(index: Int) {
    let (damage, repair, text) = Self.secretSteps[index]
    let damaged = damage.applied(to: Array(text.utf8), prefix: "whsec_")
    #expect(damaged != nil && damaged != Array(text.utf8))
    #expect(damaged.flatMap { repair.applied(to: $0, prefix: "whsec_") } == Array(text.utf8), "\(damage)")
  }

  /// A secret that each of the other steps changes, and what it becomes.
  static let secretForms: [(SecretChange, String, String)] = [
    (.withoutName, "KEY=whsec_a", "whsec_a"), (.prefixedBase64Decoded, "whsec_YWJj", "abc"),
    (.prefixedHexDecoded, "whsec_616263", "abc"), (.literalNewlineResolved, "a\\n", "a\n"),
    (.plainHyphens, "a\u{2013}b", "a-b"), (.longestWord, "key whsec_abc (prod)", "whsec_abc"),
    (.withoutBackslashes, "a\\_b", "a_b"), (.underscores, "a-b c", "a_b_c"), (.asPythonBytes, "a", "b'a'"),
    (.empty, "a", ""), (.undefined, "a", "undefined"), (.null, "a", "null"), (.none, "a", "None"),
    (.undecoded, "a", "a"),
    (.sha256Hex, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (.sha256Base64, "abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    (.sha1Hex, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (.md5Hex, "abc", "900150983cd24fb0d6963f7d28e17f72"),
  ]

  @Test("a step makes of a secret what it says", arguments: secretForms.indices)
  func secretForm(index: Int) {
    let (step, text, due) = Self.secretForms[index]
    #expect(
      step.applied(to: Array(text.utf8), prefix: "whsec_").map { String(decoding: $0, as: UTF8.self) } == due)
    // What changes nothing is no step.
    if step != .undecoded { #expect(step.applied(to: Array(due.utf8), prefix: "whsec_") != Array(due.utf8)) }
  }

  @Test("every step of a secret is shown by one of these")
  func everyStep() {
    let shown = Self.secretSteps.flatMap { [$0.0, $0.1] } + Self.secretForms.map(\.0)
    let anywhere = SecretChange.allCases.filter { !$0.everywhere(in: Array("ab".utf8)).isEmpty }
    #expect(Set(shown + anywhere + [.sha256]) == Set(SecretChange.allCases))
    #expect(
      SecretChange.sha256.applied(to: Array("abc".utf8), prefix: "")?.prefix(3).elementsEqual([
        0xBA, 0x78, 0x16,
      ]) == true)
    #expect(anywhere == [.characterMissing, .characterAdded, .charactersSwapped, .characterMistyped])
    #expect(
      SecretChange.characterMissing.everywhere(in: Array("ab".utf8)) == [Array("b".utf8), Array("a".utf8)])
  }

  @Test("line ends that were lost are found again")
  func lines() {
    for body in ["{\n  \"a\": 1\n}", "{\r\n  \"a\": 1\r\n}", "[1,\n2]\n"].map({ Array($0.utf8) }) {
      #expect(LostLines.applied(to: body).map { LostLines.visit($0) { $0 == body } } == true)
    }
    #expect(LostLines.applied(to: Array("{}".utf8)) == nil)
  }

  @Test("a digest that is written in a wrong form is read back", arguments: DigestForm.allCases)
  func digests(form: DigestForm) {
    // Bytes with and without zeros in front, and above 0x7F.
    for first: UInt8 in [0x00, 0x0A, 0x7F, 0xF3] {
      let digest = [first] + (1..<32).map { UInt8($0 * 9 & 0xFF) }
      let text = form.written(digest)
      #expect(text != Array(Hex.text(digest).utf8) || form == .leadingZerosDropped)
      if text.count == 64 { continue }
      #expect(form.fits(text[...], size: 32))
      let read = form.read(text[...], size: 32)
      #expect(read == nil || read == digest)
    }
  }

  @Test("a value that a language printed is read back", arguments: PrintedReading.allCases)
  func printed(reading: PrintedReading) {
    let body = Array(#"{"a":1,"b":[true,"é"]}"#.utf8)
    let read = reading.applied(to: body).flatMap(reading.document)
    // Languages print a space behind each comma and colon.
    #expect(read.map { $0.filter { $0 != 0x20 } } == body)
  }

  static let programs: [(String, @Sendable ([UInt8]) -> [UInt8]?)] = [
    ("json.dumps(json.loads(body)).encode()", { Reserialisations.written($0, in: .python) }),
    ("body.decode('latin-1').encode()", { CharsetDamage.latin1AsUTF8.applied(to: $0) }),
    ("b'\\xff\\xfe' + body.decode().encode('utf-16-le')", { CharsetDamage.toUTF16.applied(to: $0) }),
    (
      "urllib.parse.urlencode({'payload': body}).encode()",
      { BodyWrapping.form(field: "payload").applied(to: $0) }
    ),
    ("base64.b64encode(body)", { BodyWrapping.base64.applied(to: $0) }),
  ]

  @Test("other programs do the same to a body", arguments: programs.indices)
  func python(index: Int) throws {
    let (expression, damage) = Self.programs[index]
    let body = Array(#"{"note": "Zoë says \"na\\u00efve\", 田中: 👋, {x:1}", "n": 1.5}"#.utf8)
    let compact = try #require(
      Reserialisations.written(body, in: JSONStyle(spacing: .compact, order: .asSent)))
    let expected = try Self.python(expression, compact)
    #expect(
      damage(compact).map { String(decoding: $0, as: UTF8.self) } == String(decoding: expected, as: UTF8.self)
    )
  }

  @Test("other programs read what was compressed", arguments: ["gzip", "zlib"])
  func compressed(module: String) throws {
    let body = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let wrapping: BodyWrapping = module == "gzip" ? .gzip : .deflate
    let packed = try #require(wrapping.applied(to: body))
    // The input of a program is bounded by a pipe: its digest is enough.
    let small = try #require(wrapping.applied(to: Array(body.prefix(3000))))
    #expect(try Self.python("\(module).decompress(body)", small) == Array(body.prefix(3000)))
    #expect(wrapping.undone(packed) == body)
  }

  private static func python(_ expression: String, _ input: [UInt8]) throws -> [UInt8] {
    let script = """
      import base64, gzip, json, sys, urllib.parse, zlib
      body = sys.stdin.buffer.read()
      sys.stdout.buffer.write(\(expression))
      """
    return try Program.run(["python3", "-c", script], input: input)
  }

  /// At least one sample is damaged, and each that is comes back.
  private func check(
    _ applied: ([UInt8]) throws -> [UInt8]?, undone: ([UInt8]) throws -> [UInt8]?
  ) {
    #expect(count(applied) { damaged, original in try undone(damaged) == original } > 0)
  }

  /// How many samples are damaged; each of them comes back.
  private func count(
    _ applied: ([UInt8]) throws -> [UInt8]?, among isUndone: ([UInt8], [UInt8]) throws -> Bool
  ) -> Int {
    var damagedCount = 0
    for sample in Self.samples {
      guard let damaged = try? applied(sample) else { continue }
      if damaged != sample { damagedCount += 1 }
      let isBack = (try? isUndone(damaged, sample)) ?? false
      #expect(damaged == sample || isBack, "\(String(decoding: sample, as: UTF8.self))")
    }
    return damagedCount
  }
}
