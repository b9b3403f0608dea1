extension RandomNumberGenerator {
  /// A random (version 4) UUID in lower case.
  public mutating func uuid() -> String {
    let high = next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = Self.hex(high) + Self.hex(low)
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { String(digits[$0..<$1]) }.joined(separator: "-")
  }

  /// `count` random letters and digits, as providers write their ids.
  public mutating func token(_ count: Int) -> String {
    let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in pick(alphabet, otherwise: "0") })
  }

  /// Any of `choices`, or `otherwise` where there are none.
  mutating func pick<Choice>(_ choices: [Choice], otherwise: Choice) -> Choice {
    choices.randomElement(using: &self) ?? otherwise
  }

  /// Any of `words`.
  mutating func word(_ words: [String]) -> String { pick(words, otherwise: "") }

  /// A whole number in `range`, as a JSON value.
  mutating func number(_ range: ClosedRange<Int>) -> SampleJSON {
    .number(String(Int.random(in: range, using: &self)))
  }

  /// True once in `times` on the average.
  mutating func oneIn(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }

  private static func hex(_ value: UInt64) -> [Character] {
    let digits = Array(String(value, radix: 16))
    return Array(repeating: "0", count: 16 - digits.count) + digits
  }
}
