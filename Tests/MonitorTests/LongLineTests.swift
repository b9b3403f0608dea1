import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// Long lines: their start and end, and where they are wrapped.
@Suite struct LongLineTests {
  private static let prose = Array(repeating: "lorem ipsum dolor", count: 40).joined(separator: " ")

  private func app(_ body: String, columns: Int = 100, rows: Int = 30) throws -> App {
    try BodyViewTests.app(body, columns: columns, rows: rows)
  }

  @Test("$ goes to the end of the line at the cursor, and 0 to its start")
  func ends() throws {
    var app = try app(#"{"a":"\#(Self.prose) END","b":1}"#)
    app.type("Zj")
    let start = app.frame
    #expect(!app.screen.contains("END"))
    app.type("$")
    #expect(app.frame[3].contains(#"END","#) && !app.frame[3].contains("…"))
    app.type("0")
    #expect(app.frame == start)
    // A line that fits has its end on the screen.
    app.type("$j$")
    #expect(app.frame[4].contains(#""b": 1"#))
  }

  @Test("in a wrapped line they go to its last row and back, and where all is wrapped they say so")
  func wrapped() throws {
    var app = try app("{\"a\":\"\(Array(repeating: Self.prose, count: 5).joined(separator: " ")) END\"}")
    app.type("Zwj")
    let start = app.frame
    #expect(!app.screen.contains("END"))
    app.type("$")
    #expect(app.screen.contains("END"))
    app.type("0")
    #expect(app.screen.contains(#""a": "lorem"#) && app.frame.count == start.count)
    app.type("2$")
    #expect(app.frame.last == " Every line is wrapped here")
  }

  @Test("they scroll popups, too")
  func popups() throws {
    var app = try App(columns: 60, rows: 20)
    try app.receive(try Fixture.mixed())
    app.type("?")
    let start = app.frame
    app.type("$0")
    #expect(app.frame == start)
  }

  @Test("prose is wrapped between words, below where its line begins; hexadecimal is not")
  func words() throws {
    var app = try app("{\"a\":{\"b\":\"\(Self.prose)\"}}")
    app.type("Zw")
    let words: Set<Substring> = ["lorem", "ipsum", "dolor"]
    let rows = app.frame[4..<10].map { $0.trimmingPrefix("│").prefix { $0 != "│" } }
    #expect(rows[0].hasPrefix(#"    "b": "lorem ipsum"#))
    for row in rows[1..<5] {
      #expect(row.hasPrefix("      ") && row.split(separator: " ").allSatisfy(words.contains), "\(row)")
    }
    app.type("bb")
    #expect(app.screen.contains("00000000  7b 22 61"))
  }

  @Test("a long line of words is wrapped in one pass")
  func linear() throws {
    let wrapping = Wrapping(columns: 40, charset: .utf8, proseIndent: 2, hangs: true)
    func cost(_ count: Int) -> Int {
      let runs = [TextRun(String(repeating: "word ", count: count))]
      return Cost.ofThread { #expect(wrapping.ranges(of: runs).count > count / 10) }
    }
    let found = Cost(factor: 8, slack: 30_000_000, plain: { cost(4_000) }, hostile: { cost(16_000) })
    #expect(found.isWithinBound, "\(found)")
  }
}

/// A string of a body as text.
@Suite struct TextPanelTests {
  private static let transcript =
    #"{"id":"evt_1","data":{"transcript":"Ada: hello\nBob: \u00fcber \"all\"\r\n\tEnd\u001b[2J","n":1}}"#

  private func app(_ body: String, _ type: String? = nil) throws -> App {
    try BodyViewTests.app(body, type, columns: 100, rows: 30)
  }

  /// What stands in the panel, on a screen of a hundred columns.
  private func text(_ app: App) -> [String] {
    app.frame.dropFirst(2).compactMap { row in
      let cells = Array(row)
      guard cells.count > 91, cells[8] == "│", cells[91] == "│" else { return nil }
      return String(String(cells[10..<90]).trimmingSuffix { $0 == " " })
    }
  }

  @Test(
    "V shows the string at the cursor, or the next one, with its line breaks and escapes resolved",
    arguments: ["jjj", "jj"])
  func shows(keys: String) throws {
    var app = try app(Self.transcript)
    app.type("Z" + keys + "V")
    #expect(app.model.panels.top is TextPanel)
    let rows = text(app)
    #expect(Array(rows.prefix(3)) == ["Ada: hello", "Bob: über \"all\"", "    End^[[2J"])
    #expect(app.screen.contains(#"Text of "transcript" in #1  "#))
    app.type("<Esc>")
    #expect(app.model.panels.isEmpty)
  }

  @Test(
    "it works in raw and in hexadecimal, on a form, XML, text and what was compressed",
    arguments: [
      ("jjjbV", transcript, nil, "Ada: hello"), ("jjjbbV", transcript, nil, "Ada: hello"),
      ("V", "note=a%0Ab", nil, "a"),
      ("jV", "<a>\n<b c='d'/></a>", nil, "d"), ("V", "just words", nil, "just words"),
      ("V", "x=%7B%22a%22%3A%22one%5Cntwo%22%7D", nil, "one"),
    ] as [(String, String, String?, String)])
  func kinds(keys: String, body: String, type: String?, first: String) throws {
    var app = try app(body, type)
    app.type("Z" + keys)
    #expect(text(app).first == first, "\(app.screen)")
    app = try BodyViewTests.app(try #require(BodyViewTests.gzipped), columns: 100, rows: 30)
    app.type("ZjV")
    #expect(text(app).first == "evt_1")
  }

  @Test(
    "an attribute is called by its name, and text by the tag before it",
    arguments: [
      ("<a>\n<order id = 'd' n='2'/></a>", "id"), ("<a>\n<order\n  ref=\"d\"/></a>", "ref"),
      ("<a>\n<b>d</b></a>", "<b>"),
    ])
  func attribute(body: String, name: String) throws {
    var app = try app(body, nil)
    app.type("ZjV")
    #expect(text(app).first == "d" && app.screen.contains("Text of \(name) in #1"), "\(app.screen)")
  }

  @Test("where there is no string, it says so")
  func none() throws {
    for body in ["[1,2]", "\u{0}\u{1}", ""] {
      var app = try app(body)
      app.type("V")
      #expect(app.model.panels.isEmpty || app.screen.contains("There is no string here"))
      if app.model.panels.isEmpty { #expect(app.frame.last == " There is no string here") }
    }
    var app = try App()
    app.type("V")
    #expect(app.frame.last == " No delivery is selected")
  }

  @Test("it scrolls, wraps between words, and is searched")
  func search() throws {
    let lines = (0..<200).map {
      "line \($0) of a text that is long enough to be wrapped in a panel of eighty columns, at least"
    }
    var app = try app(#"{"a":"\#(lines.joined(separator: "\\n"))"}"#)
    app.type("jV")
    #expect(Array(text(app).prefix(2)).map { $0.suffix(10) } == ["y columns,", "at least"])
    app.type("<PgDn>")
    #expect(!text(app).contains { $0.hasPrefix("line 0 ") })
    app.type("g/LINE 150<Enter>")
    #expect(app.screen.contains("/LINE 150: 1 of 1") && text(app).contains { $0.hasPrefix("line 150 ") })
    app.type("/line 1<Enter>n")
    #expect(app.screen.contains("/line 1: ") && app.screen.contains("of 111"))
    app.type("G")
    #expect(text(app).contains { $0.hasPrefix("line 199 ") })
    app.type("<Esc>")
    #expect(app.model.panels.isEmpty)
  }

  @Test("a long string is read in the background, and given up when the panel is closed")
  func large() throws {
    var app = try app(#"{"a":"\#(String(repeating: "word\\n", count: 20_000))needle"}"#)
    app.type("j")
    var effects = app.model.update(.key(.character("V")), at: Fixture.start)
    var job: Job?
    for case .run(let text) in effects where text.key == .text { job = text }
    #expect(app.screen.contains("Reading "))
    app.take(try #require(job).work { 0 })
    #expect(text(app).first == "word")
    app.type("/needle<Enter>")
    #expect(text(app).contains("needle") && app.screen.contains("/needle: 1 of 1"))
    app.type("<Esc>")
    effects = app.model.update(.key(.character("V")), at: Fixture.start)
    app.take(.refused(.text))
    #expect(app.screen.contains("Not read: too much other work is waiting."))
    effects = app.model.update(.key(.escape), at: Fixture.start)
    #expect(app.model.panels.isEmpty)
    _ = app.model.update(.key(.character("V")), at: Fixture.start)
    effects = app.model.update(.key(.escape), at: Fixture.start)
    #expect(effects.contains { if case .cancel(.text) = $0 { true } else { false } })
  }

  @Test("a frame of a transcript", arguments: [(80, 24), (120, 36)])
  func frames(columns: Int, rows: Int) throws {
    let body =
      #"{"data":{"transcript":"Ada: Good morning, and thank you for taking the time to speak with us about the new plan.\n\nBob: Good morning.\nAda: Shall we begin?"}}"#
    var app = try BodyViewTests.app(body, columns: columns, rows: rows)
    app.type("jjV")
    expectFrame(app, "text-\(columns)x\(rows)")
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(_ isEdge: (Character) -> Bool) -> SubSequence {
    self[..<(lastIndex { !isEdge($0) }.map(index(after:)) ?? startIndex)]
  }
}
