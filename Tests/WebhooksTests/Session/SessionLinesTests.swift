import Testing
@testable import Webhooks

@Suite struct SessionLinesTests {
  @Test("lines are numbered from one, and those of white space are counted and left out")
  func numbering() {
    var lines = SessionLines(limit: 10)
    #expect(
      lines.lines(in: Array("a\n\n b\n".utf8)) == [
        .init(number: 1, content: .whole([0x61])), .init(number: 3, content: .whole([0x20, 0x62])),
      ])
    #expect(lines.finish() == nil)
  }

  @Test("the limit itself still fits, across chunks too")
  func limit() {
    var lines = SessionLines(limit: 4)
    #expect(lines.lines(in: Array("ab".utf8)).isEmpty)
    #expect(
      lines.lines(in: Array("cd\nabcde\n".utf8)).map(\.content) == [.whole(Array("abcd".utf8)), .tooLong])
    #expect(lines.lines(in: Array("x".utf8)).isEmpty)
    #expect(lines.finish() == .init(number: 3, content: .unended([0x78])))
    #expect(lines.finish() == nil)
  }
}
