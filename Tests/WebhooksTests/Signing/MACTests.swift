import Testing
@testable import Webhooks

@Suite struct MACTests {
  private static let text = String(repeating: "00ff10a9", count: 8)

  @Test("64 lower-case hexadecimal digits are 32 bytes")
  func reading() throws {
    let mac = try #require(MAC(lowercaseHex: Self.text.utf8))
    #expect((0..<4).map { mac.bytes[$0] } == [0x00, 0xFF, 0x10, 0xA9])
  }

  @Test(
    "any other text is no MAC",
    arguments: [
      "", "00", String(text.dropLast()), text + "0", text.uppercased(), String(text.dropLast()) + "g",
      String(text.dropLast()) + " ", String(text.dropLast(2)) + "é",
    ])
  func refusing(text: String) {
    #expect(MAC(lowercaseHex: text.utf8) == nil)
  }

  @Test("two MACs match only where all 256 bits do")
  func matching() throws {
    let mac = try #require(MAC(lowercaseHex: Self.text.utf8))
    #expect(mac.matches(mac))
    for bit in 0..<256 {
      var other = mac
      other.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!mac.matches(other) && !other.matches(mac), "bit \(bit)")
    }
  }

  @Test("printing and dumping a MAC shows none of its bytes")
  func silent() throws {
    let mac = try #require(MAC(lowercaseHex: String(repeating: "c7", count: 32).utf8))
    var dumped = ""
    dump(mac, to: &dumped)
    for text in ["\(mac)", String(reflecting: mac), dumped] {
      #expect(!text.contains("199") && !text.lowercased().contains("c7"), "\(text)")
    }
  }
}
