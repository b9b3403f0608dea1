import Testing

@testable import Monitor

@Suite struct FilterTests {
  private func mixed() throws -> App {
    var app = try App()
    try app.receive(try Fixture.mixed())
    return app
  }

  @Test(
    "each quick filter leaves what it says",
    arguments: [
      ("L", 1), ("LL", 4), ("LLL", 2), ("LLLL", 7), ("s", 3), ("ss", 4), ("sss", 7), ("p", 5),
      ("pp", 1), ("ppp", 7),
    ])
  func quick(keys: String, rows: Int) throws {
    var app = try mixed()
    app.type(keys)
    #expect(app.model.list.rowCount == rows)
  }

  @Test("t shows one type and lifts it again")
  func thisType() throws {
    var app = try mixed()
    app.type("Gt")
    #expect(app.model.list.rowCount == 2)
    #expect(app.screen.contains("type:analysis.completed"))
    app.type("t")
    #expect(app.model.list.rowCount == 7)
  }

  @Test("T picks several types from a list with counts")
  func picker() throws {
    var app = try mixed()
    app.type("T")
    #expect(app.screen.contains("[ ] analysis.completed  2"))
    app.type(" <Down> <Enter>")
    #expect(app.model.list.rowCount == 3)
  }

  @Test("an expression filters, has a history, and Esc clears it")
  func expression() throws {
    var app = try mixed()
    app.type("ftype:analysis.* sig:failed<Enter>")
    #expect(app.model.list.rowCount == 1)
    app.type("<Esc>")
    #expect(app.model.list.rowCount == 7)
    app.type("f<Up><Enter>")
    #expect(app.model.list.rowCount == 1)
  }

  @Test("a wrong expression keeps the old filter and points at the column")
  func wrong() throws {
    var app = try mixed()
    app.type("flive:true<Enter>f<C-u>live:maybe<Enter>")
    #expect(app.model.list.rowCount == 1)
    let rows = app.frame
    #expect(rows[rows.count - 1].hasPrefix(" filter: live:maybe"))
    let caret = rows[rows.count - 2].firstIndex(of: "^").map {
      rows[rows.count - 2].distance(from: rows[rows.count - 2].startIndex, to: $0)
    }
    #expect(caret == " filter: live:".count)
    #expect(rows[rows.count - 3].contains("live:maybe is not known"))
  }

  @Test(
    "a fault is pointed at wherever it stands in a line that is wider than the screen",
    arguments: [
      ("https://" + String(repeating: "x", count: 200), "", "h"),
      ("   colour:red " + String(repeating: "y", count: 200), "", "c"),
      (String(repeating: "z", count: 200) + " live:maybe", "", "m"),
      (String(repeating: "z", count: 200) + " live:maybe", "<Home>", "m"),
    ])
  func longFault(expression: String, keys: String, at expected: Character) throws {
    var app = try mixed()
    app.type("f")
    app.paste(expression)
    app.type(keys + "<Enter>")
    for (columns, rows) in [(120, 36), (40, 8)] {
      app.resize(columns, rows)
      let rows = app.frame.map(Array.init)
      let caret = try #require(rows[rows.count - 2].firstIndex(of: "^"))
      #expect(rows[rows.count - 1][caret] == expected)
    }
  }

  @Test("while an expression is typed, what the keys filter by is shown above it")
  func besides() throws {
    var app = try mixed()
    app.resize(80, 24)
    app.type("LLsf")
    #expect(app.frame[22] == " and live:false sig:failed")
    app.type("x<Enter>f")
    #expect(app.frame[22] == " and live:false sig:failed")
    app.type("<C-u><Enter>\\<Esc>")
    app.type("f")
    #expect(app.frame[22].hasPrefix(" type:analysis.*  live:true"))
    #expect(app.frame[22].hasSuffix("…"))
  }

  @Test("backslash takes all filters off and puts them on again")
  func offAndOn() throws {
    var app = try mixed()
    app.type("Ls\\")
    #expect(app.model.list.rowCount == 7)
    #expect(app.screen.contains("off: "))
    app.type("\\")
    #expect(app.model.list.rowCount == 1)
  }

  @Test("pasted text goes into the line, and is never commands")
  func paste() throws {
    var app = try mixed()
    app.paste("qQf")
    #expect(!app.model.isFinished)
    app.type("f")
    app.paste("live:true\nQ")
    #expect(app.frame.last == " filter: live:true Q")
  }

  @Test("Q and q are letters in a line of input")
  func letters() throws {
    var app = try mixed()
    app.type("fqQ?:")
    #expect(!app.model.isFinished)
    #expect(app.frame.last == " filter: qQ?:")
  }
}
