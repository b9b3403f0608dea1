extension SeededRandom {
  /// A JSON text with all kinds of tokens and of white space between them.
  public mutating func json(depth: Int = 5) -> String {
    space() + value(depth: depth) + space()
  }

  private mutating func value(depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &self) {
    case 0: string()
    case 1: ["0", "-0", "1.0", "1E+2", "12345678901234567890.000", "-7e-1"].randomElement(using: &self)!
    case 2: "true"
    case 3: "false"
    case 4: "null"
    case 5, 6: list("[", "]", depth: depth) { $0.value(depth: depth - 1) }
    default:
      list("{", "}", depth: depth) {
        $0.string() + $0.space() + ":" + $0.space() + $0.value(depth: depth - 1)
      }
    }
  }

  private mutating func list(
    _ open: String, _ close: String, depth: Int, _ member: (inout SeededRandom) -> String
  ) -> String {
    let members = (0..<Int.random(in: 0...4, using: &self)).map { _ in space() + member(&self) + space() }
    return open + (members.isEmpty ? space() : members.joined(separator: ",")) + close
  }

  private mutating func string() -> String {
    let pieces = ["a", "key", "é", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00", ",", "{", "]", ": ", "x y"]
    let count = Int.random(in: 0...4, using: &self)
    return "\"" + (0..<count).map { _ in pieces.randomElement(using: &self)! }.joined() + "\""
  }

  private mutating func space() -> String {
    ["", "", "", " ", "\n", "\t  ", "\r\n"].randomElement(using: &self)!
  }
}
