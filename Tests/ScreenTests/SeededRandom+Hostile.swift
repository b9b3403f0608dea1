import TestSupport

extension SeededRandom {
  /// Bytes in which what is dangerous on a terminal is frequent.
  mutating func hostileBytes(count: Int) -> [UInt8] {
    let pieces = [
      "a", "Z ", "\u{1B}[2J", "\r", "\t", "\n", "漢", "\u{301}", "\u{202E}", "\u{1F469}", "\u{200D}", "\u{9B}",
    ]
    var bytes: [UInt8] = []
    while bytes.count < count {
      if isOne(in: 2) {
        bytes += Array(pick(pieces).utf8)
      } else {
        bytes += self.bytes(count: 1)
      }
    }
    return bytes
  }
}
