import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct PythonIntegerTests {
  static let texts: [(String, String?)] = [
    ("1", "1"), ("-0", "0"), ("+007", "7"), (" 1\n", "1"), ("1_0", "10"), ("_1", nil), ("1_", nil),
    ("1__0", nil), ("", nil),
    ("1.0", nil), ("0x1", nil), ("\u{661}\u{662}", "12"), ("\u{B2}", nil), ("\u{A0}1", "1"), ("\u{85}1", "1"),
    ("\u{1C}1", nil), ("\u{200B}1", nil), ("-\u{FF11}", "-1"), ("+ 1", nil), ("1\0", nil),
    ("1\u{661}", "11"), ("1a", nil), ("1/", nil), ("1:", nil),
  ]

  @Test("text is read as int() reads it", arguments: texts.indices)
  func read(index: Int) {
    #expect(PythonInteger(Self.texts[index].0)?.printed == Self.texts[index].1)
  }

  @Test("more than 4300 digits are refused, zeros in front counted and underscores not")
  func limit() {
    #expect(PythonInteger(String(repeating: "0", count: 4300))?.isZero == true)
    #expect(PythonInteger(String(repeating: "0", count: 4301)) == nil)
    #expect(PythonInteger("1" + String(repeating: "_0", count: 3000)) != nil)
  }

  @Test("what is too large for a float has no seconds")
  func overflow() {
    #expect(PythonInteger(String(repeating: "9", count: 308))?.seconds != nil)
    #expect(PythonInteger(String(repeating: "9", count: 309))?.seconds == nil)
  }
}
