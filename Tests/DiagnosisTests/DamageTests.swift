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
    .base64, .base64Removed, .form(field: "payload"), .jsonString, .jsonField("payload"), .gzip, .deflate,
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
  func cutOff() {
    for count in 1...3 {
      let body = Array(#"{"a":[[1]]}"#.utf8)
      let cut = Array(body.dropLast(count))
      #expect(JSONClosing.missing(from: cut).map { cut + $0 } == body)
    }
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
