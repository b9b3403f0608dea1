import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// The order of the list: by what it goes, what arrivals and evictions do to it, and what else goes along it.
@Suite("The order of the list") struct OrderTests {
  /// A capture that began so many minutes after noon, of so many bytes more than the others; nil: without that time.
  private static func capture(_ id: Int, began minute: Int?, padding: Int = 0, emitted: Int = 0) throws
    -> Request
  {
    let start = minute.map { #""started_at":"2025-04-24T12:\#($0 < 10 ? "0" : "")\#($0):00Z","# } ?? ""
    let text = String(repeating: "x", count: padding)
    let body =
      #"{"event":"capture.processed","delivery_id":"d\#(id)","emitted_at":"2025-04-24T18:13:1\#(emitted)Z","data":{\#(start)"id":"cap_\#(id)","text":"\#(text)"}}"#
    return try Fixture.request(.parable, "capture.processed", delivery: "d\(id)", body: Array(body.utf8))
  }

  /// Captures that arrive in the order of their ids, and began in this one.
  private static func app(_ minutes: [Int?], columns: Int = 120, rows: Int = 36, keeping limit: Int = 1000)
    throws -> App
  {
    var app = try App(columns: columns, rows: rows, keeping: limit)
    try app.receive(try minutes.enumerated().map { try capture($0.offset + 1, began: $0.element) })
    return app
  }

  private static func rows(_ app: App) -> [UInt64] {
    (0..<app.model.list.rowCount).map { app.model.list.sequence(atRow: $0) }
  }

  private static func exchange(_ milliseconds: Double) -> Exchange {
    Exchange(
      at: Fixture.start, purpose: .forward, url: "http://127.0.0.1:3000/", response: .init(status: 200),
      milliseconds: .init(total: milliseconds))
  }

  @Test(
    "o offers every order, and v turns it round; what has no value comes last, equals as they arrived",
    arguments: [
      ("o<Enter>", [6, 5, 4, 3, 2, 1], ""), ("v", [1, 2, 3, 4, 5, 6], "by arrival ↑"),
      ("oj<Enter>", [1, 6, 5, 4, 2, 3], "by provider time ↓"),
      ("oj<Enter>v", [2, 4, 5, 6, 1, 3], "by provider time ↑"),
      ("ojj<Enter>", [5, 2, 6, 4, 1, 3], "by size ↓"), ("ojj<Enter>v", [3, 1, 4, 6, 2, 5], "by size ↑"),
      ("ojjj<Enter>", [4, 1, 2, 6, 5, 3], "by answer time ↓"),
      ("ojjj<Enter>v", [3, 5, 6, 2, 1, 4], "by answer time ↑"),
      ("oG<Enter>", [2, 4, 1, 5, 6, 3], "by data.started_at ↓"),
      ("ojjjj<Enter>v", [5, 1, 4, 2, 3, 6], "by data.started_at ↑"),
      ("ov<Esc>", [1, 2, 3, 4, 5, 6], "by arrival ↑"),
    ])
  func orders(keys: String, expected: [UInt64], title: String) throws {
    var app = try App(rows: 40)
    try app.receive([
      try Self.capture(1, began: 20, emitted: 9), try Self.capture(2, began: 50, padding: 300),
      Request(headers: Headers([.init("Host", "a")]), body: [1], peer: "p"),
      try Self.capture(4, began: 40, emitted: 2), try Self.capture(5, began: 10, padding: 500, emitted: 5),
      try Self.capture(6, began: nil, padding: 100, emitted: 7),
    ])
    for (number, took) in [(4, 900.0), (1, 70), (2, 3.5)] {
      app.happen(.exchanged(Self.exchange(took)), to: UInt64(number))
    }
    app.type(keys)
    #expect(Self.rows(app) == expected, "\(Self.rows(app))")
    #expect(title.isEmpty ? !app.frame[1].contains(" by ") : app.frame[1].contains(title), "\(app.frame[1])")
  }

  @Test("an arrival goes where it belongs, and moves neither what is selected nor its row on the screen")
  func arrivals() throws {
    var app = try Self.app((0..<50).map { $0 })
    app.type("oG<Enter>" + String(repeating: "j", count: 20))
    let (selected, row) = (app.model.list.selected, try #require(app.frame.firstIndex { $0.contains("▸") }))
    #expect(selected == 30)
    for (id, minute) in [(51, 59), (52, 31), (53, 45), (54, 0), (55, 29)] {
      try app.receive([try Self.capture(id, began: minute)])
      #expect(app.model.list.selected == selected)
      #expect(app.frame.firstIndex { $0.contains("▸") } == row, "after \(id)")
    }
    #expect(Self.rows(app).prefix(2) == [51, 50] && Self.rows(app).suffix(2) == [54, 1])
    #expect(!app.screen.contains("newer"))
  }

  @Test(
    "another order starts at its top where the newest was followed, and leaves a selection alone otherwise")
  func selection() throws {
    var app = try Self.app([5, 9, 7, 1])
    app.type("oG<Enter>")
    #expect(app.model.list.selected == 2 && !app.model.list.follows)
    #expect(
      app.frame.last
        == " Ordered by data.started_at, newest first; F resumes following")
    app.type("jjokk<Enter>")
    #expect(app.model.list.selected == 1)
    #expect(app.frame.last == " Ordered by size, largest first")
  }

  @Test("what is followed in another order is the newest, wherever it stands, which the title says")
  func follow() throws {
    var app = try Self.app([5, 9, 7, 1])
    app.type("oG<Enter>F")
    #expect(app.frame.last == " Following the newest delivery, wherever it stands in this order")
    #expect(app.model.list.selected == 4)
    try app.receive([try Self.capture(5, began: 8)])
    #expect(app.model.list.selected == 5 && app.model.list.selectedRow == 1)
    app.type("v")
    #expect(app.frame[1].contains("by data.started_at ↑ · following the newest"))
    #expect(app.model.list.selected == 5)
    app.type("g")
    #expect(app.model.list.selected == 4 && !app.model.list.follows)
    app.type("k")
    #expect(!app.model.list.follows)
  }

  @Test("with the newest last, following stays at the bottom, and is taken up there again")
  func newestLast() throws {
    var app = try Self.app((0..<60).map { $0 })
    app.type("v")
    #expect(app.model.list.follows && app.model.list.selected == 60)
    #expect(app.frame.last == " Ordered by arrival, oldest first")
    try app.receive([try Self.capture(61, began: 1)])
    #expect(app.frame[1].contains("61/61") && app.frame[33].contains("▸   61"))
    app.type("kk")
    try app.receive([try Self.capture(62, began: 1), try Self.capture(63, began: 1)])
    #expect(app.model.list.selected == 59 && !app.model.list.follows)
    #expect(app.frame[34].contains("↓ 2 newer · F follow"))
    app.type("G")
    #expect(app.model.list.follows)
    app.type("kj")
    #expect(!app.model.list.follows)
    app.type("j")
    #expect(app.model.list.follows)
  }

  @Test("an answer that comes later moves its delivery, and takes the selection along")
  func answers() throws {
    var app = try App(forward: "127.0.0.1:3000")
    let held = try app.hold(try Self.capture(1, began: 1))
    for id in 2...4 {
      try app.settle(try app.hold(try Self.capture(id, began: 1)), Self.exchange(Double(id) * 10))
    }
    app.type("jjjojjj<Enter>")
    #expect(Self.rows(app) == [4, 3, 2, 1] && app.model.list.selected == 1)
    try app.settle(held, Self.exchange(35))
    #expect(Self.rows(app) == [4, 1, 3, 2] && app.model.list.selected == 1)
    app.happen(.exchanged(Self.exchange(5)), to: 4)
    #expect(Self.rows(app) == [1, 3, 2, 4])
  }

  @Test("what is evicted leaves its row wherever it is, and hands the selection to its neighbour")
  func eviction() throws {
    var app = try Self.app([30, 10, 50, 20, 40], keeping: 5)
    app.type("oG<Enter>jj")
    #expect(app.model.list.selected == 1)
    try app.receive([try Self.capture(6, began: 35)])
    #expect(Self.rows(app) == [3, 5, 6, 4, 2] && app.model.list.selected == 6)
    app.type("m")
    for id in 7...10 { try app.receive([try Self.capture(id, began: id)]) }
    try app.receive([try Self.capture(11, began: 11)])
    #expect(Self.rows(app) == [6, 11, 10, 9, 8] && app.model.list.selected == 6)
    app.type("U")
    try app.receive([try Self.capture(12, began: 12)])
    #expect(Self.rows(app).count == 5 && !Self.rows(app).contains(6))
  }

  @Test("the filter, a frozen view and folded attempts keep to the order")
  func together() throws {
    var app = try Self.app([30, 10, 50, 20, 40])
    app.type("oG<Enter>fseq:>1<Enter>")
    #expect(Self.rows(app) == [3, 5, 4, 2])
    app.type("=")
    try app.receive([try Self.capture(6, began: 45)])
    #expect(Self.rows(app) == [3, 5, 4, 2])
    app.type("=v")
    #expect(Self.rows(app) == [2, 4, 5, 6, 3])
    try app.receive([try Self.capture(4, began: 59)])
    #expect(Self.rows(app) == [2, 4, 5, 6, 3, 7])
    app.type("Gc")
    #expect(Self.rows(app) == [2, 5, 6, 3, 7] && app.model.list.selected == 7)
    app.type("vc")
    #expect(Self.rows(app) == [7, 3, 6, 5, 4, 2])
  }

  @Test("keys that go along the list and its search go along the order", arguments: [0, 64 << 20])
  func along(inlineBytes: Int) throws {
    var app = try Self.app([30, 10, 50, 20, 40])
    app.model.list.inlineBytes = inlineBytes
    app.type("oG<Enter>JJ")
    #expect(app.model.list.selected == 1)
    app.type("KKK")
    #expect(app.frame.last == " This is the newest delivery shown")
    app.type("vGJ")
    #expect(app.frame.last == " This is the newest delivery shown")
    app.type("v/cap_2<Enter>")
    #expect(app.model.list.selected == 2 && app.frame.last == " cap_2: in an id")
    app.type("/cap_<Enter>")
    #expect(app.model.list.selected == 2)
    app.type("n")
    #expect(app.model.list.selected == 3 && app.frame.last == " cap_: in an id, from the top again")
    app.type("N")
    #expect(app.model.list.selected == 2 && app.frame.last == " cap_: in an id, from the bottom again")
    app.type("vn")
    #expect(app.model.list.selected == 4 && app.frame.last == " cap_: in an id")
  }

  @Test("a filter that is asked in the background ends in the order that is chosen meanwhile")
  func background() throws {
    var app = try Self.app([30, 10, 50, 20, 40])
    app.model.list.inlineBytes = 0
    app.type("oG<Enter>f~cap_<Enter>v")
    #expect(Self.rows(app) == [2, 4, 1, 5, 3])
    try app.receive([try Self.capture(6, began: 15)])
    #expect(Self.rows(app) == [2, 6, 4, 1, 5, 3])
  }

  @Test("the value that orders the list has a column, with the date where one is not of today")
  func column() throws {
    var app = try Self.app([30, nil])
    app.type("ZoG<Enter>")
    #expect(app.frame[2].contains(" started ") && app.frame[3].contains(" 12:30:00 "))
    #expect(app.frame[4].contains(" - "))
    app.now = Timestamp(seconds: Fixture.start.seconds + 86_400)
    app.take(.ticked)
    #expect(app.frame[3].contains("04-24 12:30:00"))
    app.type("ok<Enter>")
    #expect(app.frame[2].contains(" took ") && app.frame[3].contains(" 0.4 ms"))
    app.type("okk<Enter>")
    #expect(app.frame[2].contains(" sent ") && app.frame[3].contains("04-24 18:13:10"))
    app.type("o<Up><Enter>")
    #expect(!app.frame[2].contains(" sent ") && !app.frame[2].contains(" started "))
  }

  @Test("senders that say when an event began are what that order is offered for")
  func offered() {
    #expect(ListOrder.Field.all(of: Providers([.parlay])).count == 4)
    let other = Provider("acme", scheme: Provider.parlay.scheme) { $0.startedAtPath = ["begin"] }
    let all = Providers([.parlay, .parable, other])
    #expect(ListOrder.Field.all(of: all).last == .startedAt && ListOrder.Field.startedAt.name(all) == "start")
    #expect(ListOrder.Field.startedAt.name(Providers([other])) == "begin")
  }

  @Test("the list in another order, and its menu", arguments: [(80, 24), (120, 36)])
  func frames(columns: Int, rows: Int) throws {
    var app = try Self.app([30, 10, 50, nil, 40], columns: columns, rows: rows)
    app.type("oG")
    expectFrame(app, "order-menu-\(columns)x\(rows)")
    app.type("<Enter>")
    expectFrame(app, "order-\(columns)x\(rows)")
  }
}
