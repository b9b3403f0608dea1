import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct NodeHexTests {
  static let cases: [(String, [UInt8])] = [
    ("", []), ("6c46", [0x6C, 0x46]), ("6C4", [0x6C]), ("6czz46", [0x6C]), ("zz", []), ("6c4z", [0x6C]),
    ("ab\u{161}c", [0xAB, 0xAC]), ("61\u{136}62", [0x61, 0x66]), ("6c\0", [0x6C]),
  ]

  @Test("decoding ends at the first pair that is none, and looks at low bytes only", arguments: cases.indices)
  func decoded(index: Int) {
    #expect(NodeHex.decoded(Self.cases[index].0) == Self.cases[index].1)
  }
}
