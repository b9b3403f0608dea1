import TestSupport
import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct ViewportTests {
  /// Ten lines of which each third one takes two rows, four rows of them visible.
  private static var extent: Viewport.Extent {
    Viewport.Extent(lineCount: 10, height: 4) { $0 % 3 == 0 ? 2 : 1 }
  }

  private struct State: Equatable, CustomStringConvertible {
    let cursor: [Int]
    let top: [Int]
    init(_ viewport: Viewport) {
      cursor = [viewport.cursor.line, viewport.cursor.row]
      top = [viewport.top.line, viewport.top.row]
    }
    init(_ cursor: [Int], _ top: [Int]) {
      self.cursor = cursor
      self.top = top
    }
    var description: String { "\(cursor) \(top)" }
  }

  @Test(
    "the cursor moves by rows and stays visible",
    arguments: [
      ([], [0, 0], [0, 0]), ([1], [0, 1], [0, 0]), ([3], [2, 0], [0, 0]), ([4], [3, 0], [0, 1]),
      ([5], [3, 1], [1, 0]), ([99], [9, 1], [7, 0]), ([99, -1], [9, 0], [7, 0]),
      ([99, -4], [6, 1], [6, 1]),
      ([99, -99], [0, 0], [0, 0]), ([-1], [0, 0], [0, 0]),
    ] as [([Int], [Int], [Int])])
  func move(steps: [Int], cursor: [Int], top: [Int]) {
    var viewport = Viewport()
    for step in steps { viewport.move(by: step, in: Self.extent) }
    #expect(State(viewport) == State(cursor, top))
  }

  @Test(
    "scrolling moves what is visible, and never past the end",
    arguments: [([1], [0, 1]), ([2], [1, 0]), ([99], [7, 0]), ([99, -1], [6, 1]), ([3, -99], [0, 0])]
      as [([Int], [Int])])
  func scroll(steps: [Int], top: [Int]) {
    var viewport = Viewport()
    for step in steps { viewport.scroll(by: step, in: Self.extent) }
    #expect(State(viewport) == State(top, top))
  }

  @Test(
    "both places come back inside when lines go",
    arguments: [(0, [0, 0], [0, 0]), (2, [1, 0], [0, 0]), (5, [4, 0], [2, 0])] as [(Int, [Int], [Int])])
  func clamp(count: Int, cursor: [Int], top: [Int]) {
    var viewport = Viewport()
    viewport.moveToEnd(Self.extent)
    viewport.clamp(to: Viewport.Extent(lineCount: count, height: 4) { $0 % 3 == 0 ? 2 : 1 })
    #expect(State(viewport) == State(cursor, top))
  }

  @Test("a column is revealed with some of what stands before it, and scrolling sideways ends at the edge")
  func sideways() {
    var viewport = Viewport()
    viewport.reveal(Viewport.Place(line: 4), column: 90, columns: 30, in: Self.extent)
    #expect(viewport.left == 80 && viewport.cursor.line == 4)
    viewport.reveal(Viewport.Place(line: 4), column: 85, columns: 30, in: Self.extent)
    #expect(viewport.left == 80)
    viewport.scroll(sideways: -100)
    #expect(viewport.left == 0)
  }
}

@Suite struct LineEditorTests {
  @Test(
    "keys edit the line as they do in a shell",
    arguments: [
      ("ab cd", "", "ab cd", 5), ("ab cd", "<Left>x", "ab cxd", 5), ("ab cd", "<Home>x", "xab cd", 1),
      ("ab cd", "<C-a><Del>", "b cd", 0), ("ab cd", "<Backspace>", "ab c", 4), ("ab cd", "<C-w>", "ab ", 3),
      ("ab cd  ", "<C-w>", "ab ", 3), ("ab cd", "<C-w><C-w>", "", 0), ("ab cd", "<Left><C-k>", "ab c", 4),
      ("ab cd", "<Left><C-u>", "d", 0), ("ab cd", "<Home><Left><Backspace>", "ab cd", 0),
      ("ab cd", "<Right><C-d>", "ab cd", 5), ("né", "<Backspace>", "n", 1),
      ("ab", "<C-b><C-b><C-f>x", "axb", 2), ("ab cd", "<C-Left>x", "ab xcd", 4),
      ("ab  cd", "<M-b><M-b>x", "xab  cd", 1), ("ab  cd e", "<Home><M-f><C-Right>x", "ab  cdx e", 7),
      ("ab cd e", "<Home><M-d>", " cd e", 0), ("ab cd", "<M-Backspace>", "ab ", 3),
      ("ab cd", "<C-w><C-y><C-y>", "ab cdcd", 7), ("ab cd", "<Home><C-k>x<C-y>", "xab cd", 6),
    ])
  func keys(text: String, keys: String, result: String, cursor: Int) {
    var editor = LineEditor(text)
    for key in Key.keys(in: keys) {
      let isTaken = editor.take(key)
      #expect(isTaken)
    }
    #expect(editor.text == result)
    #expect(editor.cursor == cursor)
  }

  @Test(
    "keys that are none of an editor's change nothing",
    arguments: [Key.enter, .escape, .up, .tab, .function(1), .alt(.character("x"))])
  func others(key: Key) {
    var editor = LineEditor("text")
    let isTaken = editor.take(key)
    #expect(!isTaken)
    #expect(editor == LineEditor("text"))
  }

  @Test("pasted text becomes one line, at the cursor")
  func paste() {
    var editor = LineEditor("ab")
    _ = editor.take(.left)
    editor.paste("1\r\n2\n3")
    #expect(editor.text == "a1 2 3b")
  }
}

@Suite struct LayoutTests {
  @Test(
    "all panes stand side by side where there is room, else two, else the focused one",
    arguments: [
      (100, 18, 4), (100, 17, 2), (99, 40, 2), (80, 24, 2), (80, 12, 2), (80, 11, 1), (40, 8, 1),
      (500, 200, 4),
    ])
  func panes(columns: Int, rows: Int, count: Int) {
    let layout = Layout(
      size: Size(columns: columns, rows: rows), focus: .headers, detail: .headers, isMaximised: false)
    #expect(layout.panes.count == count)
    #expect(layout.panes[.headers] != nil)
    #expect(layout.tabs.isEmpty == (count != 2))
    for frame in layout.panes.values {
      #expect(frame.row >= 1 && frame.endRow <= rows - 1 && frame.endColumn <= columns)
      #expect(frame.rows >= 3 && frame.columns >= 20)
    }
  }

  @Test("a maximised pane has all but the first and the last row", arguments: Pane.allCases)
  func maximised(pane: Pane) {
    let layout = Layout(size: Size(columns: 120, rows: 36), focus: pane, detail: .body, isMaximised: true)
    #expect(layout.panes == [pane: Rect(column: 0, row: 1, columns: 120, rows: 34)])
    #expect(layout.inside(pane) == Rect(column: 1, row: 2, columns: 118, rows: 32))
    #expect(layout.inside(pane.moved(by: 1)).isEmpty)
  }
}

@Suite struct PaneSearchTests {
  private static let lines = ["one two", "", "two TWO", "three"].map { [TextRun($0)] }

  private static func match(_ line: Int, _ range: Range<Int>) -> PaneSearch.Match {
    PaneSearch.Match(line: line, range: range)
  }

  @Test(
    "the first step goes to the match from the cursor on, the others round and round",
    arguments: [
      (0, [1], 0, 4..<7), (0, [1, 1], 2, 0..<3), (0, [1, 1, 1], 2, 4..<7), (0, [1, 1, 1, 1], 0, 4..<7),
      (1, [1], 2, 0..<3), (1, [-1], 0, 4..<7), (3, [1], 0, 4..<7), (0, [-1], 2, 4..<7),
      (2, [1, -1], 0, 4..<7),
    ] as [(Int, [Int], Int, Range<Int>)])
  func steps(from line: Int, steps: [Int], found: Int, range: Range<Int>) {
    var search = PaneSearch("two", in: .text(Self.lines))
    var last: PaneSearch.Match?
    for step in steps { last = search.move(step, from: Self.match(line, 0..<0)) }
    #expect(last == Self.match(found, range))
  }

  @Test("a line has the matches that meet a range, and says which is the current one")
  func ofLine() {
    var search = PaneSearch("two", in: .text(Self.lines))
    _ = search.move(1, from: Self.match(2, 1..<1))
    let found = search.matches(line: 2, in: 0..<100)
    #expect(found.map(\.range) == [0..<3, 4..<7])
    #expect(found.map(\.isCurrent) == [false, true])
    #expect(search.matches(line: 2, in: 3..<4).isEmpty)
    #expect(search.matches(line: 1, in: 0..<100).isEmpty)
    #expect(search.summary == "3 of 3")
  }

  @Test("in a body the matches are places of its bytes, and what is nowhere is no match")
  func inBody() {
    let content = PaneContent.payload(PayloadDocument(Array("[1,22,2]".utf8), mode: .pretty))
    #expect(PaneSearch("2", in: content).matches.map(\.range) == [3..<4, 4..<5, 6..<7])
    var none = PaneSearch("x", in: content)
    #expect(none.summary == "no match")
    let found = none.move(1, from: Self.match(0, 0..<0))
    #expect(found == nil)
  }
}

@Suite struct QuickFiltersTests {
  @Test("a key goes through its choices and back to none, and leaves the others alone")
  func cycle() throws {
    var filters = QuickFilters()
    filters.set(typed: " dup ", try Filter("dup"))
    var shown: [String] = []
    for _ in 0..<4 {
      filters.cycle(.signature, through: [.failed, .status(.valid), .status(.unchecked)])
      shown.append(filters.combined.description)
    }
    #expect(shown == ["dup sig:failed", "dup sig:valid", "dup sig:unchecked", "dup"])
    #expect(filters.typed == " dup ")
  }

  @Test("alternatives stay together beside other filters")
  func alternatives() throws {
    var filters = QuickFilters()
    filters.set(types: ["a", "b|c"])
    #expect(filters.combined.description == "type:a | type:\"b|c\"")
    filters.set(typed: "dup | live:true", try Filter("dup | live:true"))
    #expect(filters.combined.description == "(dup | live:true) (type:a | type:\"b|c\")")
    #expect(filters.besidesTyped.description == "type:a | type:\"b|c\"")
    filters.set(types: [])
    #expect(filters.combined.description == "dup | live:true")
  }

  @Test("those that quote requests are left out, and put back where no other took their place")
  func quotes() throws {
    var before = QuickFilters()
    before.set(typed: "dup ~x", try Filter("dup ~x"))
    before.set(types: ["a"])
    before.cycle(.livemode, through: [.livemode(.live)])
    before.toggle()
    #expect(before.withoutQuotes.combined == .livemode(.live) && before.withoutQuotes.isOff)
    #expect(before.withoutQuotes.typed == "" && before.withoutQuotes.types.isEmpty)
    var filters = before.withoutQuotes
    filters.restore(before)
    #expect(filters == before)
    filters = before.withoutQuotes
    filters.set(typed: "seq:>3", try Filter("seq:>3"))
    filters.restore(before)
    #expect(filters.combined.description == "seq:>3 type:a live:true" && filters.typed == "seq:>3")
    #expect(filters.types == ["a"] && !filters.isOff)
    // What quoted nothing was taken off by the user.
    filters.clear()
    filters.restore(before)
    #expect(filters.combined.description == "dup type:a ~x")
    var off = QuickFilters()
    off.set(types: ["a"])
    off.toggle()
    #expect(off.withoutQuotes == QuickFilters())
  }

  @Test("filters that are off are kept, and come back with the next one")
  func off() {
    var filters = QuickFilters()
    filters.toggle()
    #expect(!filters.isOff && filters.applied == nil)
    filters.cycle(.livemode, through: [.livemode(.live)])
    filters.toggle()
    #expect(filters.isOff && filters.applied == nil && filters.combined == .livemode(.live))
    filters.set(types: ["a"])
    #expect(filters.applied == .all(of: [.type("a"), .livemode(.live)]))
    filters.clear()
    #expect(filters == QuickFilters())
  }
}
