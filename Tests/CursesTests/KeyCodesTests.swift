import CNcurses
import Screen
import Testing

@testable import Curses

struct KeyCodesTests {
  @Test("control characters are named by their key, the rest by what is typed")
  func scalars() {
    let keys: [Unicode.Scalar: Key?] = [
      "\u{01}": .control("a"), "\u{1A}": .control("z"), "\u{00}": .control("@"), "\u{1F}": .control("_"),
      "\u{09}": .tab, "\u{0A}": .control("j"), "\u{0D}": .enter, "\u{1B}": .escape, "\u{7F}": .backspace,
      " ": .character(" "), "~": .character("~"), "Z": .character("Z"), "ß": .character("ß"),
      "\u{80}": nil, "\u{9B}": nil, "\u{A0}": .character("\u{A0}"),
    ]
    for (scalar, key) in keys { #expect(KeyCodes.key(for: scalar) == key, "\(scalar.value)") }
  }

  @Test("function keys have their number, within what there is")
  func functionKeys() {
    for number in [1, 12, 63] {
      #expect(KeyCodes.key(forCode: CURSES_FIRST_FUNCTION_KEY + Int32(number)) == .function(number))
    }
    for number in [0, 64] as [Int32] {
      let key = KeyCodes.key(forCode: CURSES_FIRST_FUNCTION_KEY + number)
      #expect(key.map { if case .function = $0 { true } else { false } } != true)
    }
  }

  @Test(
    "what is not a key of a keyboard has no meaning", arguments: [KEY_MOUSE, KEY_RESIZE, -1, 0])
  func others(code: Int32) {
    #expect(KeyCodes.key(forCode: code) == nil)
  }

  @Test(
    "home and end are understood in all the ways terminals spell them",
    arguments: [
      ("", "H", .home), ("1", "~", .home), ("7", "~", .home), ("", "F", .end), ("4", "~", .end),
      ("8", "~", .end),
    ] as [(String, Unicode.Scalar, Key)])
  func sequences(parameters: String, final: Unicode.Scalar, key: Key) {
    #expect(KeyCodes.key(forSequence: parameters, final: final) == key)
    #expect(KeyCodes.key(forSequence: parameters + ";5", final: final) == nil)
  }
}
