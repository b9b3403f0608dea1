import Glibc
import Testing

@testable import Screen

@Suite struct ScalarKindTests {
  static let table: [(Unicode.Scalar, ScalarKind)] = [
    ("é", .narrow), ("✓", .narrow), ("─", .narrow), ("א", .narrow), ("\u{A0}", .narrow),
    ("漢", .wide), ("\u{1F469}", .wide), ("\u{3000}", .wide), ("\u{1112}", .wide),
    ("\u{301}", .mark), ("\u{20DD}", .mark), ("\u{1161}", .mark),
    ("\u{180E}", .inert), ("\u{115F}", .inert), ("\u{1160}", .inert), ("\u{FFA0}", .inert),
    ("\u{1F3FB}", .inert), ("\u{1F3FF}", .inert), ("\u{1F1E6}", .inert), ("\u{1F1FF}", .inert),
    ("\u{20E3}", .inert), ("\u{1F3FA}", .wide), ("\u{34F}", .inert), ("\u{E0100}", .inert),
    ("\u{FFF9}", .inert), ("\u{9F}", .inert),
  ]

  @Test("a scalar is judged by its category and its width", arguments: table)
  func kinds(_ scalar: Unicode.Scalar, _ kind: ScalarKind) {
    #expect(ScalarKind(scalar) == kind)
  }

  @Test("a locale that something else in the process chooses changes nothing")
  func locale() {
    #expect(ScalarKind(judging: "✗") == .narrow)
    let before = setlocale(LC_CTYPE, nil).map { String(cString: $0) }
    setlocale(LC_CTYPE, "C")
    defer { setlocale(LC_CTYPE, before) }
    #expect(ScalarKind(judging: "✗") == .narrow)
    #expect(ScalarKind(judging: "漢") == .wide)
  }

  @Test("no scalar that moves the cursor, has no width or can't be seen is drawn as itself")
  func everyScalar() {
    let hidden: Set<Unicode.GeneralCategory> = [
      .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
    ]
    for value in UInt32(0x80)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), hidden.contains(scalar.properties.generalCategory) else {
        continue
      }
      if ScalarKind(scalar) != .inert { Issue.record("U+\(String(value, radix: 16)) is drawn") }
    }
  }
}
