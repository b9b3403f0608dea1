import Screen
import Testing

@testable import Monitor

@Suite struct WrappingTests {
  private let runs = [TextRun("one two three "), TextRun("four five six", Style(.warning))]

  @Test(
    "the rows that are wanted are the same as among all, and no others are made",
    arguments: [nil, 2], [0..<2, 1..<3, 2..<9, 9..<12])
  func wanted(proseIndent: Int?, rows: Range<Int>) {
    let wrapping = Wrapping(columns: 8, charset: .utf8, proseIndent: proseIndent)
    let all = wrapping.rows(of: runs)
    let some = wrapping.rows(rows, of: runs, cutAt: wrapping.ranges(of: runs))
    #expect(some == Array(all[rows.clamped(to: all.indices)]))
    #expect(all.count > 3)
  }

  @Test("a sentence is cut between words, and goes on behind an indent")
  func words() {
    let rows = Wrapping(columns: 8, charset: .utf8, proseIndent: 2).rows(of: runs)
    let texts = rows.map { row in String(decoding: row.flatMap(\.bytes), as: UTF8.self) }
    #expect(texts == ["one two", "  three", "  four", "  five", "  six"])
  }
}
