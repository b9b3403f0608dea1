import Testing
@testable import Webhooks

@Suite struct SessionLinesTests {
  @Test(
    "lines are numbered from one, and those of white space are counted and left out; each knows its place")
  func numbering() {
    var lines = SessionLines(limit: 10)
    #expect(
      lines.lines(in: Array("a\n\n b\n".utf8)) == [
        .init(number: 1, offset: 0, content: .whole([0x61])),
        .init(number: 3, offset: 3, content: .whole([0x20, 0x62])),
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
    #expect(lines.finish() == .init(number: 3, offset: 11, content: .unended([0x78])))
    #expect(lines.finish() == nil)
  }

  @Test(
    "a place is the same however the file is cut, behind a byte order mark and a line that is too long too")
  func places() {
    let file = Array("\u{FEFF}{1}\r\n\n{tooooooooo long}\n  {2}\n{3}".utf8)
    for size in 1...file.count {
      var lines = SessionLines(limit: 12)
      var found: [SessionLines.Line] = []
      for start in stride(from: 0, to: file.count, by: size) {
        found += lines.lines(in: Array(file[start..<min(start + size, file.count)]))
      }
      found += lines.finish().map { [$0] } ?? []
      #expect(found.map(\.number) == [1, 3, 4, 5])
      for line in found {
        guard let bytes = line.content.bytes else { continue }
        #expect(Array(file[line.offset..<line.offset + bytes.count]) == bytes)
      }
    }
  }
}
