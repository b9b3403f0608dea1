import Foundation
import Glibc
import Testing
import Webhooks

@testable import hooktop

@Suite struct SessionPiecesTests {
  private static let bytes = (1...500).flatMap { SampleSession.delivery($0) } + Array("{\"cut".utf8)

  /// The lines of all pieces, and how much was read with the last one.
  private static func read(
    _ path: String, _ beforeEach: (SessionPieces) -> Void
  ) throws -> (lines: [SessionLines.Line], percents: [Int?]) {
    let stream = try FileStream(path, pieceSize: 10_000)
    let pieces = SessionPieces(try stream.readLine(limit: 100_000), stream)
    var (lines, percents): ([SessionLines.Line], [Int?]) = ([], [])
    beforeEach(pieces)
    while let piece = try pieces.next() {
      lines += piece.lines
      percents.append(piece.percent)
      beforeEach(pieces)
    }
    return (lines, percents)
  }

  @Test(
    "the lines of a file are the same, and in their order, whether it is read ahead or not", arguments: 0...2)
  func ahead(everyNth: Int) throws {
    try SampleSession.withFile(Self.bytes) { path in
      var count = 0
      let (lines, percents) = try Self.read(path) { pieces in
        count += 1
        if everyNth > 0, count % everyNth == 0 { pieces.readAhead() }
      }
      var whole = SessionLines(limit: 1 << 20)
      #expect(lines == whole.lines(in: Self.bytes) + [whole.finish()].compactMap { $0 })
      #expect(percents.count > 5 && percents.last == 100)
      #expect(percents.compactMap(\.self) == percents.compactMap(\.self).sorted())
    }
  }

  @Test("of a pipe nothing is read ahead, so that what has come is told while nothing more does")
  func pipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let line = SampleSession.delivery(1)
    func send() { #expect(write(ends[1], line, line.count) == line.count) }
    send()
    let stream = try FileStream("/dev/fd/\(ends[0])")
    let pieces = SessionPieces(try stream.readLine(limit: 100_000), stream)
    #expect(try pieces.next()?.lines.map(\.number) == [1])
    send()
    pieces.readAhead()
    var waiting: Int32 = 0
    #expect(ioctl(ends[0], UInt(FIONREAD), &waiting) == 0 && waiting == line.count)
    let next = try pieces.next()
    #expect(next?.lines.map(\.number) == [2] && next?.percent == nil)
  }

  @Test("what can't be read is told in its place: after what was")
  func failure() throws {
    let pieces = SessionPieces(SampleSession.delivery(1), try FileStream("/"))
    #expect(try pieces.next()?.lines.count == 1)
    #expect(throws: FileError.self) { try pieces.next() }
    #expect(try pieces.next() == nil)
  }
}
