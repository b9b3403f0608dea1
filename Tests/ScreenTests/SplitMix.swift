/// Random numbers that are the same on every run, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func number(below limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }

  /// Bytes in which what is dangerous on a terminal is frequent.
  mutating func hostileBytes(count: Int) -> [UInt8] {
    let pieces = [
      "a", "Z ", "\u{1B}[2J", "\r", "\t", "\n", "漢", "\u{301}", "\u{202E}", "\u{1F469}", "\u{200D}", "\u{9B}",
    ]
    var bytes: [UInt8] = []
    while bytes.count < count {
      if Bool.random(using: &self) {
        bytes += Array(pieces[number(below: pieces.count)].utf8)
      } else {
        bytes.append(UInt8.random(in: 0...255, using: &self))
      }
    }
    return bytes
  }
}
