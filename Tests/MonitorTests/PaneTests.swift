import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct PaneTests {
  private func app(body: String, columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    try app.receive([
      try Fixture.request(.parlay, "webhook.test", delivery: "d", body: Array(body.utf8))
    ])
    return app
  }

  @Test("the body is shown pretty, raw and in hex")
  func modes() throws {
    var app = try app(body: #"{"a":[1,2.0],"b":"x"}"#)
    #expect(app.screen.contains("JSON · pretty · 21 B"))
    #expect(app.screen.contains("    2.0"))
    app.type("b")
    #expect(app.screen.contains(#"{"a":[1,2.0],"b":"x"}"#))
    app.type("b")
    #expect(app.screen.contains("7b 22 61 22"))
    app.type("b")
    #expect(app.screen.contains("JSON · pretty"))
  }

  @Test("a body that is no JSON is shown as what it is, and broken JSON raw, with the reason")
  func notJSON() throws {
    #expect(try app(body: "payload=1").screen.contains("payload = 1"))
    let broken = try app(body: #"{"a":1,}"#, columns: 200)
    #expect(broken.screen.contains("raw · 8 B · byte 7: expected a key in double quotes"))
    #expect(broken.screen.contains(#"{"a":1,}"#))
  }

  @Test("folding closes and opens the node at the cursor")
  func folding() throws {
    var app = try app(body: #"{"a":{"b":1,"c":2},"d":3}"#)
    app.type("3j.")
    #expect(app.screen.contains("2 keys"))
    #expect(!app.screen.contains("\"b\": 1"))
    app.type(".")
    #expect(app.screen.contains("\"b\": 1"))
    app.type("{")
    #expect(!app.screen.contains("\"b\": 1"))
    app.type("}")
    #expect(app.screen.contains("\"b\": 1"))
  }

  @Test("a search runs over the whole body, opens folds, and walks round")
  func search() throws {
    let items = (0..<300).map { "\"item\($0)\"" }.joined(separator: ",")
    var app = try app(body: #"{"list":[\#(items)],"last":"needle"}"#)
    app.type("3{/NEEDLE<Enter>")
    #expect(app.screen.contains("\"last\": \"needle\""))
    #expect(app.frame.last?.contains("1 of 1") == true)
    app.type("/item299<Enter>")
    #expect(app.screen.contains("\"item299\""))
    app.type("/nowhere<Enter>")
    #expect(app.frame.last?.contains("is not in this pane") == true)
  }

  @Test("the headers pane keeps order, case and repetitions")
  func headers() throws {
    var app = try App()
    var request = try Fixture.parlay()
    request.headers.append(.init("x-Custom", "1"))
    request.headers.append(.init("X-CUSTOM", "2"))
    try app.receive([request])
    app.type("4<Enter>")
    let text = app.screen
    let first = try #require(text.firstRange(of: "x-Custom: 1"))
    let second = try #require(text.firstRange(of: "X-CUSTOM: 2"))
    #expect(first.lowerBound < second.lowerBound)
  }

  @Test("a replacement character in a header is not called damage, since it may have been sent")
  func replacement() throws {
    var app = try App()
    var request = try Fixture.parlay()
    request.headers.append(.init("X-Plain", "ü"))
    try app.receive([request])
    app.type("4<Enter>")
    #expect(!app.screen.contains("may not be as it was sent"))
    request.headers.append(.init("X-Replaced", "a\u{FFFD}b"))
    try app.receive([request])
    #expect(app.screen.contains("may not be as it was sent"))
    #expect(!app.screen.contains("damaged"))
  }

  @Test("received escape sequences are drawn as pictures in every pane")
  func hostile() throws {
    var app = try App()
    var request = try Fixture.parlay("\u{1B}[2Jevil\r", id: "evt\u{202E}")
    request.target = "/\u{1B}]0;x\u{07}"
    request.headers.append(.init("X-Bad\u{1B}", "a\u{08}\u{9B}2J"))
    try app.receive([request])
    for keys in ["", "3", "4<Enter>", "?"] {
      app.type(keys)
      for scalar in app.screen.unicodeScalars where scalar != "\n" {
        #expect(!scalar.properties.isDefaultIgnorableCodePoint)
        #expect(scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value))
      }
    }
  }

  @Test("a wrapped body that goes on below the pane says so, and one that ends there does not")
  func wrappedEnd() throws {
    var app = try app(
      body: #"{"a":"\#(String(repeating: "word ", count: 200))","b":"LAST"}"#, columns: 80, rows: 24)
    app.type("F3<Enter>")
    #expect(app.screen.contains("LAST") && !app.screen.contains(" more "))
    app.type("w")
    #expect(app.screen.contains("LAST") && !app.screen.contains(" more "))
    app.type("<Enter>")
    #expect(!app.screen.contains("LAST") && app.screen.contains(" more "))
    app.type("G")
    #expect(!app.screen.contains(" more "))
  }

  @Test(
    "a line that is cut off ends in an ellipsis, whatever its bytes look like on the screen",
    arguments: [
      "\t\t\tthree tabs are wider than three bytes", "\u{202E}\u{202E}\u{202E}\u{202E} turned about",
    ])
  func cutLine(text: String) throws {
    var app = try app(body: text, columns: 44, rows: 20)
    app.type("F3")
    let row = try #require(app.frame.first { $0.contains(text.hasPrefix("\t") ? "three" : "202E") })
    #expect(row.hasSuffix("…│"), "\(row)")
  }

  @Test("wrapped text scrolls row by row through one long line")
  func wrap() throws {
    var app = try app(body: String(repeating: "abcdefghijk", count: 500))
    app.type("F3w")
    let start = app.screen
    app.type("G")
    let end = app.screen
    #expect(end != start)
    app.type("<PgUp><PgUp>")
    #expect(app.screen != end)
    app.type("g")
    #expect(app.screen == start)
  }

  @Test(
    "any size is drawn, and below 40x8 there is one message",
    arguments: [(0, 0), (1, 1), (39, 8), (40, 7), (40, 8), (80, 24), (99, 30), (100, 24), (500, 200)])
  func sizes(columns: Int, rows: Int) throws {
    var app = try App(columns: columns, rows: rows)
    try app.receive(try Fixture.mixed())
    for keys in ["", "?", "<Esc>:", "<Esc>T", "<Esc>I", "<Esc>f", "<Esc>3<Enter>G"] {
      app.type(keys)
      #expect(app.frame.count == rows)
    }
    if columns == 39 { #expect(app.frame[0].hasPrefix("hooktop: 7 received")) }
  }

  @Test("the signature pane answers both questions for every reason")
  func signature() throws {
    var app = try App()
    try app.receive(try Fixture.mixed())
    for _ in 0..<7 {
      let verdict = try #require(app.model.list.selection?.verdict)
      #expect(app.screen.contains(verdict.reason.summary(under: Provider.parlay.scheme)))
      #expect(app.screen.contains("MAC "))
      #expect(app.screen.contains("time "))
      app.type("j")
    }
  }
}

@Suite struct RevealTests {
  private func app(body: String) throws -> App {
    var app = try App()
    try app.receive([try Fixture.request(.parlay, "webhook.test", delivery: "d", body: Array(body.utf8))])
    return app
  }

  @Test(
    "a match far to the right, or far down a wrapped line, is brought into view",
    arguments: ["3b", "3bw", "3", "3w"])
  func reveal(keys: String) throws {
    let filler = String(repeating: "0123456789", count: 402)
    var app = try app(body: "{\"a\":\"\(filler)needle\(filler)\"}")
    app.type(keys + "/needle<Enter>")
    #expect(app.frame.dropLast().contains { $0.contains("needle") && !$0.contains("/needle") })
  }

  @Test("an event type with quotes and bars in its name filters only itself")
  func hostileType() throws {
    var app = try App()
    let name = "a\\\"\u{301} | sig:valid"
    try app.receive([try Fixture.parlay(), try Fixture.parlay(name, id: "evt_2")])
    app.type("t")
    #expect(app.model.list.rowCount == 1)
    app.type("T<Enter>")
    #expect(app.model.list.rowCount == 1)
  }

  @Test("a search in the list says where it found the text, and sets it off")
  func listSearch() throws {
    var app = try App()
    try app.receive([
      try Fixture.parlay("playbook.published"), try Fixture.parlay(id: "evt_x", data: "\"needle\""),
    ])
    app.type("/PLAYBOOK<Enter>")
    #expect(app.model.list.selected == 1)
    #expect(app.frame.last == " PLAYBOOK: in the list")
    app.type("/needle")
    #expect(app.frame[34] == " needle: in the body, from the top again")
    app.type("<Enter>")
    #expect(app.model.list.selected == 2 && app.frame.last == " needle: in the body")
    app.type("/nowhere<Enter>")
    #expect(app.frame.last == " No delivery holds nowhere")
  }

  @Test("numbers past 99,999 are shown whole")
  func longNumbers() {
    #expect(Fixture.columns(60, newest: 1_234_567).heading.hasPrefix("       #"))
  }

  @Test("a number of any length takes ten columns, and shows its end")
  func longestNumbers() throws {
    var app = try App(source: .session(name: "s"))
    let template = try Fixture.parlay()
    for sequence: UInt64 in [7, 9_007_199_254_740_990, 9_007_199_254_740_991] {
      var batch = Journal.Batch()
      batch.deliveries = [
        Delivery(
          sequence: sequence, receivedAt: Fixture.start, request: template, envelope: Envelope(),
          verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1, answer: nil)
      ]
      app.take(.arrived(batch))
    }
    #expect(Fixture.columns(60, newest: .max).heading.hasPrefix(String(repeating: " ", count: 10) + "#"))
    #expect(app.screen.contains("▸…254740991 ") && app.screen.contains(" …254740990 "))
    #expect(app.screen.contains("         7 ") && app.screen.contains("#9007199254740991"))
  }
}
