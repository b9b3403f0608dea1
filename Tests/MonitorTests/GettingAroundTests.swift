import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

/// Moving about as in the tools that a user knows.
@Suite struct GettingAroundTests {
  private func filled(_ count: Int, columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    try app.receive((1...count).map { try Fixture.parlay(id: "evt_\($0)") })
    return app
  }

  private func mixed(columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    try app.receive(try Fixture.mixed())
    return app
  }

  @Test("newer deliveries above what is shown are announced, with the key that goes to them")
  func newer() throws {
    var app = try filled(60)
    #expect(!app.screen.contains("newer"))
    app.type("G")
    #expect(app.screen.contains("↑ 29 newer · F follow"))
    try app.receive([try Fixture.parlay(id: "evt_new")])
    #expect(app.screen.contains("↑ 30 newer · F follow"))
    app.type("=")
    #expect(app.screen.contains("↑ 30 newer ") && !app.screen.contains("F follow"))
    app.type("=F")
    #expect(!app.screen.contains("newer"))
  }

  @Test(
    "moving up beyond the newest delivery follows again",
    arguments: ["g", "gk", "<Home>", "F", "kk", "<PgUp><PgUp>"])
  func followAgain(keys: String) throws {
    var app = try filled(3)
    app.type("j" + keys)
    #expect(app.model.list.follows && app.model.list.selected == 3)
    app.type("=g")
    #expect(app.model.list.isFrozen)
  }

  @Test("moving up to the newest delivery alone does not follow")
  func atTop() throws {
    var app = try filled(3)
    app.type("jk")
    #expect(!app.model.list.follows && app.model.list.selected == 3)
  }

  @Test(
    "Enter opens the selected delivery on the whole screen, and Esc or q goes back to the list",
    arguments: ["<Esc>", "q"])
  func open(back: String) throws {
    var app = try mixed()
    app.type("jj")
    let before = app.screen
    app.type("<Enter>")
    #expect(app.frame[1].contains("Signature") && !app.screen.contains("Deliveries"))
    app.type("3")
    #expect(app.frame[1].contains("Body"))
    app.type(back)
    #expect(app.model.focus == .deliveries && !app.model.isMaximised && !app.model.isFinished)
    app.type("2<Enter>")
    #expect(app.frame[1].contains("Signature"))
    app.type("<Esc>1")
    #expect(app.screen == before)
  }

  @Test("Z maximises the focused pane, the list too, and restores it")
  func zoom() throws {
    var app = try mixed()
    let before = app.screen
    app.type("Z")
    #expect(app.frame[1].contains("Deliveries") && !app.screen.contains("Signature"))
    app.type("Z")
    #expect(app.screen == before)
  }

  @Test(
    "J and K select deliveries from any pane", arguments: ["1", "2", "3", "4<Enter>"],
    [("J", "K"), ("]", "[")])
  func neighbours(pane: String, keys: (next: String, previous: String)) throws {
    var app = try mixed()
    app.type(pane + keys.next + keys.next)
    #expect(app.model.list.selected == 5 && app.model.inspection?.delivery.sequence == 5)
    app.type(keys.previous)
    #expect(app.model.list.selected == 6)
    app.type(String(repeating: keys.next, count: 9))
    #expect(app.model.list.selected == 1 && app.frame.last == " This is the oldest delivery shown")
  }

  @Test("the details scroll from the list")
  func scrollDetails() throws {
    var app = try App()
    let items = (0..<100).map(String.init).joined(separator: ",")
    try app.receive([try Fixture.parlay(data: "[\(items)]")])
    app.type("31")
    let before = app.screen
    app.type(">>")
    #expect(app.model.focus == .deliveries && app.screen != before)
    app.type("<<")
    #expect(app.model.inspection?.parts[.body]?.viewport.top == Viewport.Place())
  }

  @Test(
    "a search of the list finds what the rows show",
    arguments: [
      ("#3", 3), ("18:13:19", 3), ("mismatch", 4), ("MALFORMED", 5), ("ok", 6), ("n/a", 7), ("parable", 2),
      ("134", 2),
      ("webhook.t", 3),
    ] as [(String, UInt64)])
  func searchRows(text: String, found: UInt64) throws {
    var app = try mixed()
    app.type("/\(text)<Enter>")
    #expect(app.model.list.selected == found)
    #expect(app.frame.last == " \(text): in the list")
  }

  @Test("a search of the list goes along while it is typed, round and round, and back where Esc gives it up")
  func liveSearch() throws {
    var app = try mixed()
    app.type("jj/web")
    #expect(app.model.list.selected == 3)
    app.type("<Backspace><Backspace><Backspace>")
    #expect(app.model.list.selected == 5)
    app.type("webhook<Esc>")
    #expect(app.model.list.selected == 5 && app.model.searches.isEmpty)
    app.type("/analysis.completed<Enter>")
    #expect(app.model.list.selected == 1)
    app.type("n")
    #expect(app.model.list.selected == 6)
    #expect(app.frame.last == " analysis.completed: in the list, from the top again")
    app.type("N")
    #expect(app.model.list.selected == 1)
    #expect(app.frame.last == " analysis.completed: in the list, from the bottom again")
  }

  @Test("a search that is given up while the newest is followed goes on following")
  func givenUp() throws {
    var app = try mixed()
    app.type("/webhook<Esc>")
    #expect(app.model.list.follows && app.model.list.selected == 7)
  }

  @Test("the keys of filters skip what no delivery has, and the selection comes back with the filter's end")
  func skipped() throws {
    var app = try filled(3)
    app.type("j")
    #expect(app.model.list.selected == 2)
    app.type("L")
    #expect(app.screen.contains("live:false") && app.model.list.rowCount == 3)
    app.type("L")
    #expect(app.model.filters.isEmpty && app.model.list.selected == 2)
    var other = try mixed()
    other.type("jj")
    #expect(other.model.list.selected == 5)
    other.type("L")
    #expect(other.model.list.rowCount == 1 && other.model.list.selected == 3)
    try other.receive([try Fixture.parlay(id: "evt_9", live: true)])
    #expect(other.model.list.selected == 3)
    other.type("<Esc>")
    #expect(other.model.list.selected == 5)
  }

  @Test("backslash brings back what Esc has cleared")
  func clearedByEscape() throws {
    var app = try mixed()
    app.type("sftype:playbook.*<Enter><Esc>")
    #expect(app.model.list.rowCount == 7)
    app.type("\\")
    #expect(app.model.list.rowCount == 1 && app.screen.contains("type:playbook.* sig:failed"))
    app.type("\\")
    #expect(app.model.list.rowCount == 7 && app.screen.contains("off: "))
  }

  @Test(
    "C-c closes what is open, and quits where nothing is",
    arguments: ["f", "/abc", ":", "i", "ib", "T", "Sa", "?"])
  func controlC(keys: String) throws {
    var app = try mixed()
    app.type(keys)
    while !app.model.panels.isEmpty { app.type("<C-c>") }
    #expect(!app.model.isFinished && app.model.list.selected == 7)
    app.type("<C-c>")
    #expect(app.model.isFinished)
  }

  @Test("where deliveries would be lost, q and C-c ask first, and Q does not")
  func quitting() throws {
    var app = try App(losesDeliveries: true)
    app.type("q")
    #expect(app.model.isFinished)
    app = try App(losesDeliveries: true)
    try app.receive(try Fixture.mixed())
    for key in ["q", "<C-c>"] {
      app.type(key)
      #expect(app.screen.contains("7 deliveries received and not recorded: quitting loses them."))
      app.type("q")
      #expect(!app.model.isFinished && app.model.panels.isEmpty)
    }
    #expect(app.model.summary == "7 received, 3 failed, not recorded")
    var (yes, twice, atOnce) = (app, app, app)
    yes.type("qy")
    twice.type("<C-c><C-c>")
    atOnce.type("Q")
    #expect(yes.model.isFinished && twice.model.isFinished && atOnce.model.isFinished)
  }

  @Test("where one is in a pane stands in its own title", arguments: [(120, 36), (80, 24)])
  func positions(columns: Int, rows: Int) throws {
    var app = try App(columns: columns, rows: rows)
    let items = (0..<100).map(String.init).joined(separator: ",")
    try app.receive(try (1...60).map { try Fixture.parlay(id: "evt_\($0)", data: "[\(items)]") })
    app.type("3jj")
    #expect(app.frame.contains { $0.contains("Body  #60  3/10") })
    #expect(app.frame.contains { $0.contains("Deliveries  1/60") })
  }

  @Test("every detail pane says which delivery it shows, and of what event and time where there is room")
  func titles() throws {
    var app = try mixed(columns: 200, rows: 60)
    app.type("jj")
    for pane in ["Signature  #5", "Body  #5", "Headers  #5"] {
      #expect(app.frame.contains { $0.contains(pane) && $0.contains("analysis.failed  18:13:21") }, "\(pane)")
    }
  }

  @Test("a delivery that is read stays on the screen when it is evicted, and says so, until it is left")
  func readEvicted() throws {
    var app = try App(keeping: 2)
    var changed = try Fixture.parlay(id: "evt_1")
    changed.body.append(0x0A)
    try app.receive([changed, try Fixture.parlay(id: "evt_2")])
    app.type("G<Enter>")
    #expect(app.frame[1].contains("Signature  #1 ") && app.screen.contains("PROVEN"))
    for id in 3...6 { try app.receive([try Fixture.parlay(id: "evt_\(id)")]) }
    #expect(app.frame[1].contains("Signature  #1 evicted") && app.screen.contains("PROVEN"))
    app.type("3b")
    #expect(app.frame[1].contains("Body  #1 evicted") && app.screen.contains(#""id":"evt_1""#))
    app.type("K")
    #expect(app.frame[1].contains("Body  #6 ") && !app.frame[1].contains("evicted"))
    app.type("J")
    #expect(app.frame[1].contains("Body  #5 "))
  }

  @Test("hexadecimal fits the pane: eight bytes a line where sixteen do not, at the same bytes")
  func hex() throws {
    var app = try App()
    try app.receive([try Fixture.parlay(data: "\"\(String(repeating: "x", count: 600))\"")])
    app.type("bb3")
    let narrow = try #require(app.frame.first { $0.contains("00000008  ") })
    #expect(!narrow.contains("…") && narrow.contains(#"  vt_1","e"#))
    app.type(String(repeating: "j", count: 40))
    app.type("<Enter>")
    #expect(app.screen.contains("00000140  ") && !app.screen.contains("00000148  "))
    #expect(app.model.inspection?.parts[.body]?.viewport.cursor.line == 20)
    app.type("<Enter>")
    #expect(app.model.inspection?.parts[.body]?.viewport.cursor.line == 40)
    app.resize(60, 20)
    app.type("1ib")
    #expect(app.screen.contains("000008  ") && !app.screen.contains("…│"))
  }

  @Test("what a popup has no room for is scrolled to", arguments: ["i", "S", "I", "?", "ib"])
  func sideways(keys: String) throws {
    var app = try mixed(columns: 40, rows: 10)
    app.receive(
      Incident(
        receivedAt: Fixture.start, reason: .aborted, detail: String(repeating: "word ", count: 10) + "END",
        peer: "", status: nil))
    app.type(keys)
    let before = app.screen
    #expect(before.contains("…│") || before.contains("… │"))
    app.type(String(repeating: "l", count: 20))
    #expect(app.screen != before)
    let end = app.screen
    #expect(!end.contains("…│") && !end.contains("… │"))
    #expect(keys != "I" || end.contains("END"))
    app.type("l")
    #expect(app.screen == end)
    app.type(String(repeating: "h", count: 20))
    #expect(app.screen == before)
  }

  @Test("the list of types has a row for deliveries without one, and is narrowed by typing")
  func types() throws {
    var app = try mixed()
    app.type("T")
    #expect(app.screen.contains("[ ] (no type)  1"))
    app.type("no")
    #expect(app.frame.count { $0.contains("[ ] ") } == 1)
    app.type("<Enter>")
    #expect(app.model.list.rowCount == 1 && app.screen.contains("type:-"))
    app.type("t")
    #expect(app.model.list.rowCount == 7)
    app.type("Tplay <Enter>")
    #expect(app.model.list.rowCount == 1 && app.screen.contains("type:playbook.published"))
  }

  @Test("a number in the palette goes to the delivery of that number")
  func number() throws {
    var app = try mixed()
    app.type(":5")
    #expect(app.screen.contains("Enter goes to delivery #5."))
    app.type("<Enter>")
    #expect(app.model.list.selected == 5 && !app.model.list.follows)
    app.type(":99<Enter>")
    #expect(app.frame.last == " Delivery #99 is not kept here")
    app.type("s:7<Enter>s:1<Enter>")
    #expect(app.frame.last == " Delivery #1 does not pass the filter" || app.model.list.selected == 1)
  }

  @Test(
    "a line with something in it that could not be read is not taken, and says why",
    arguments: [Charset.utf8, .ascii])
  func unreadable(charset: Charset) throws {
    var app = try App(charset: charset)
    try app.receive(try Fixture.mixed())
    let reason = charset == .utf8 ? "bytes that are not UTF-8" : "This locale has no such character"
    app.type("f~caf")
    app.take(.key(.character("\u{FFFF}")))
    #expect(app.frame[34].contains(reason))
    app.type("<Enter>")
    #expect(app.frame[34].contains(reason) && app.model.filters.isEmpty)
    app.type("<Backspace><Enter>")
    #expect(app.model.filters.typed == "~caf")
    app.type("Sa<C-u>parlay/x<Enter>")
    app.paste("whsec_\u{FFFF}")
    app.type("<Enter>")
    #expect(app.used == nil && app.screen.contains(reason))
  }
}
