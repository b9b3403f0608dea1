import Testing

@testable import JSON

@Suite("JSON faults")
struct JSONFaultTests {
  static let sentences: [(JSONFault, Int, String)] = [
    (.empty(size: 0), 0, "the body is empty"),
    (.empty(size: 3), 3, "the body holds white space only"),
    (.byteOrderMark, 0, "the body begins with a byte order mark; send it without one"),
    (.unexpected(0x7D, at: 7, due: .key), 7, "at byte 7 a key in double quotes is due, found '}'"),
    (.unexpected(0x0A, at: 2, due: .end), 2, "at byte 2 the JSON is over, but byte 0x0a follows"),
    (.unexpected(0xFF, at: 0, due: .value), 0, "at byte 0 a value is due, found byte 0xff"),
    (.cutOff(at: 9, due: .colon), 9, "the body ends at byte 9, where a colon is due"),
    (.openString(from: 2, at: 9), 9, "the body ends at byte 9 inside the string from byte 2"),
    (.controlCharacter(0x1B, at: 4), 4, "at byte 4 a string holds byte 0x1b; it must be escaped"),
    (.badEscape(at: 5), 5, "at byte 5 a string holds an escape that JSON does not have"),
    (.badNumber(at: 6), 6, "at byte 6 the number is not one that JSON allows"),
    (.badWord(at: 1), 1, "at byte 1 stands a word other than true, false or null"),
    (.tooDeep(limit: 10_000, at: 12), 12, "at byte 12 the JSON is more than 10000 levels deep"),
    (.tooLarge(size: 11, limit: 10), 10, "the body has 11 bytes; only up to 10 can be laid out"),
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
