/// A control function among the bytes that a program has written to its terminal (ECMA-48).
struct TerminalSequence: Hashable, CustomStringConvertible {
  enum Kind: Hashable {
    /// A single control character.
    case control
    /// ESC and one or more characters.
    case escape
    /// `ESC [`.
    case csi
    /// `ESC ]`, `ESC P`, `ESC X`, `ESC ^`, `ESC _`: with a text of any length.
    case string
  }

  let kind: Kind
  /// All of it, without the text of a string.
  let text: String

  /// The character that says what is to be done.
  var final: Character { text.last ?? " " }
  var description: String { text.debugDescription }

  /// A CSI's parameters as they stand.
  var parameters: Substring { text.dropFirst(2).dropLast() }

  /// Whether it chooses a colour.
  var setsColor: Bool {
    guard kind == .csi, final == "m" else { return false }
    return parameters.split { $0 == ";" || $0 == ":" }.compactMap { Int($0) }
      .contains { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
  }

  static func all(in bytes: [UInt8]) -> [TerminalSequence] {
    var rest = bytes[...]
    var found: [TerminalSequence] = []
    while let byte = rest.popFirst() {
      if byte == 0x1B {
        found.append(escape(&rest))
      } else if byte < 0x20 || byte == 0x7F {
        found.append(TerminalSequence(kind: .control, text: String(UnicodeScalar(byte))))
      }
    }
    return found
  }

  private static func escape(_ rest: inout ArraySlice<UInt8>) -> TerminalSequence {
    var text = "\u{1B}"
    func take(while condition: (UInt8) -> Bool) {
      while let byte = rest.first, condition(byte) {
        text.unicodeScalars.append(UnicodeScalar(rest.removeFirst()))
      }
    }
    func takeOne() { if let byte = rest.popFirst() { text.unicodeScalars.append(UnicodeScalar(byte)) } }
    switch rest.first {
    case UInt8(ascii: "["):
      takeOne()
      take { (0x20...0x3F).contains($0) }
      takeOne()
      return TerminalSequence(kind: .csi, text: text)
    case let byte? where "]PX^_".utf8.contains(byte):
      takeOne()
      return TerminalSequence(kind: .string, text: text)
    default:
      take { (0x20...0x2F).contains($0) }
      takeOne()
      return TerminalSequence(kind: .escape, text: text)
    }
  }
}
