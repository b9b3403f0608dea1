import Testing

@testable import JSON

@Suite struct ScriptNumberTests {
  static let read: [(String, Double)] = [
    ("", 0), ("  ", 0), ("5.", 5), (".5", 0.5), ("-0x10", .nan), ("0x10", 16), ("0b11", 3), ("0o17", 15),
    ("0x", .nan),
    ("1e3", 1000), ("1e", .nan), ("+5", 5), ("--5", .nan), ("1_0", .nan), ("Infinity", .infinity),
    ("-Infinity", -.infinity),
    ("infinity", .nan), ("\u{FEFF}7\u{2028}", 7), ("\u{85}7", .nan), ("1e400", .infinity), ("1e-400", 0),
    ("nan", .nan),
    ("0x1p3", .nan), ("1 2", .nan), ("007", 7), ("999999999999999", 999_999_999_999_999),
    ("9007199254740993", 9_007_199_254_740_992), ("1745518397", 1_745_518_397),
  ]

  @Test("text is read as Number() reads it", arguments: read.indices)
  func parsed(index: Int) {
    let (text, value) = Self.read[index]
    let parsed = ScriptNumber.parsed(text)
    #expect(parsed == value || parsed.isNaN && value.isNaN, "\(text.debugDescription) \(parsed)")
  }

  static let written: [(Double, String)] = [
    (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (1_745_518_397, "1745518397"),
    (1e20, "100000000000000000000"),
    (1e21, "1e+21"), (1.5e21, "1.5e+21"), (0.000001, "0.000001"), (0.0000001, "1e-7"),
    (123456.789, "123456.789"),
    (9_007_199_254_740_992, "9007199254740992"), (.nan, "NaN"), (-.infinity, "-Infinity"),
    (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (0.1, "0.1"), (100, "100"),
    (9_007_199_254_740_991, "9007199254740991"), (-5e15, "-5000000000000000"), (-0.5, "-0.5"),
    (1_152_921_504_606_846_976, "1152921504606847000"),
  ]

  @Test("numbers are printed as String() prints them", arguments: written.indices)
  func printed(index: Int) {
    #expect(ScriptNumber.printed(Self.written[index].0) == Self.written[index].1)
  }
}
