import TestSupport
import JSON
import Testing

@Suite struct RepairedUTF8Tests {
  @Test("random bytes are repaired as the standard library does, which follows the same rule")
  func random() {
    var random = SeededRandom(seed: 3)
    let likely: [UInt8] = [
      0x41, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xF5, 0xFF,
    ]
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        likely.randomElement(using: &random)!
      }
      #expect(UTF8.repaired(bytes) == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes)")
    }
  }
}
