/// Random numbers that are the same on every run, so that a case that fails can be run again.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to and without `limit`; 0 where that leaves none.
  public mutating func number(below limit: Int) -> Int {
    limit > 1 ? Int(truncatingIfNeeded: next() >> 1) % limit : 0
  }

  public mutating func isOne(in count: Int) -> Bool { number(below: count) == 0 }

  /// One of `choices`, which must not be empty.
  public mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[number(below: choices.count)] }

  public mutating func bytes(count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// A place in `bytes`, and no more than `longest` bytes from there on.
  mutating func range(of bytes: [UInt8], longest: Int = 24) -> Range<Int> {
    let start = number(below: bytes.count)
    return start..<min(bytes.count, start + 1 + number(below: longest))
  }
}
