import Testing

@testable import JSON

@Suite("JSON faults")
struct JSONFaultTests {
  static let sentences: [(JSONFault, Int, String)] = [
    (.empty(size: 0), 0, "the body is empty"),
    (.empty(size: 3), 3, "the body is only white space"),
    (.byteOrderMark, 0, "the body starts with a byte order mark; send it without one"),
    (.unexpected(0x7D, at: 7, due: .key), 7, "byte 7: expected a key in double quotes, found '}'"),
    (.unexpected(0x0A, at: 2, due: .end), 2, "JSON ends at byte 2, but byte 0x0a follows"),
    (.unexpected(0xFF, at: 3, due: .value), 3, "byte 3: expected a value, found byte 0xff"),
    (.unexpected(0xFF, at: 0, due: .value), 0, "not JSON: it starts with byte 0xff"),
    (.cutOff(at: 9, due: .colon), 9, "JSON is cut off at byte 9; expected a colon"),
    (.openString(from: 2, at: 9), 9, "JSON is cut off at byte 9, inside the string that starts at byte 2"),
    (.controlCharacter(0x1B, at: 4), 4, "byte 4: byte 0x1b in a string must be escaped"),
    (.badEscape(at: 5), 5, "byte 5: invalid escape in a string"),
    (.badNumber(at: 6), 6, "byte 6: invalid number"),
    (.badWord(at: 0), 0, "not JSON"),
    (.badWord(at: 1), 1, "byte 1: unknown word; only true, false and null are allowed"),
    (.tooDeep(limit: 10_000, at: 12), 12, "byte 12: JSON is nested more than 10000 levels deep"),
    (.tooLarge(size: 11, limit: 10), 10, "the body has 11 bytes; at most 10 can be formatted"),
  ]

  @Test("every fault has its offset and one sentence", arguments: sentences)
  func sentence(fault: JSONFault, offset: Int, sentence: String) {
    #expect(fault.offset == offset)
    #expect(fault.sentence == sentence)
  }

  @Test("no byte that a sender chose reaches the sentence unless it is printable ASCII")
  func printable() {
    for byte in UInt8.min...UInt8.max {
      for due in JSONExpectation.allCases {
        let sentence = JSONFault.unexpected(byte, at: 0, due: due).sentence
        #expect(sentence.utf8.allSatisfy { 0x20...0x7E ~= $0 })
      }
    }
  }
}
