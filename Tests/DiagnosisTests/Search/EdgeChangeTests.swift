import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct EdgeChangeTests {
  static let cases: [(EdgeChange, String, String?)] = [
    (.newlineAdded, "a\n", "a"), (.newlineAdded, "a", nil), (.crlfAdded, "a\r\n", "a"),
    (.trailingSpaceAdded, "a \n\t", "a"),
    (.surroundingSpaceAdded, " a\n", "a"), (.newlineDropped, "a", "a\n"), (.crlfDropped, "a", "a\r\n"),
    (.markAdded, "\u{FEFF}a", "a"), (.markAdded, "a", nil), (.markDropped, "a", "\u{FEFF}a"),
    (.linesToCRLF, "a\r\nb\r", "a\nb\r"),
    (.linesToLF, "a\nb\r\n", "a\r\nb\r\n"), (.linesToLF, "a", nil), (.nulAdded, "a\0\0", "a"),
    (.nulAdded, "\0", nil),
    (.trailingSpaceAdded, "", nil),
  ]

  @Test("each change is undone exactly", arguments: cases.indices)
  func undone(index: Int) {
    let (change, body, original) = Self.cases[index]
    let undone = change.undone(Array(body.utf8)).map { String(decoding: $0, as: UTF8.self) }
    // An empty body is no candidate of its own, but nothing to be lost either.
    #expect(undone == original || undone == "" && original == nil)
  }
}
