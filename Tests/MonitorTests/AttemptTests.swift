import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

extension App {
  /// Lets a delivery arrive so many seconds after the start, signed then unless `t` says when, and answered with `status`.
  fileprivate mutating func attempt(
    _ id: String = "evt_1", after seconds: Double, _ status: Int = 500, t: Double? = nil,
    data: String = #"{"note":"test"}"#, origin: Origin = .received, secret: String? = nil
  ) throws {
    let moment = { Timestamp(seconds: Fixture.start.seconds + $0) }
    var request = try Fixture.parlay(id: id, data: data, at: moment(t ?? seconds))
    if let secret {
      let signer = try SigningSecret(secret, label: "parlay", provider: .parlay)
      let time = moment(t ?? seconds).microseconds / 1_000_000
      request.sign(signer.signatureHeader(timestamp: time, body: request.body))
    }
    let envelope = Envelope(reading: request, providers: model.setting.providers)
    let verdict = Verifier(keyring: model.keyring).verify(
      request, provider: envelope.provider, at: moment(seconds))
    now = moment(seconds)
    try receive([
      Arrival(
        receivedAt: now, request: request, envelope: envelope, verdict: verdict,
        answer: Answer(status: status, milliseconds: 1), origin: origin)
    ])
  }

  /// Lets seconds pass since the start.
  fileprivate mutating func tick(at seconds: Double) {
    now = Timestamp(seconds: Fixture.start.seconds + seconds)
    take(.ticked)
  }

  /// The line of the signature pane that begins with a label.
  fileprivate func line(_ label: String) -> String? {
    guard case .text(let lines)? = model.inspection?.parts[.signature]?.content else { return nil }
    let texts = lines.map { String(decoding: $0.flatMap(\.bytes), as: UTF8.self) }
    return texts.first { $0.hasPrefix(label + " ") }.map { String($0.dropFirst(8)) }
  }
}

@Suite("The attempts at one event, in the signature pane")
struct AttemptTests {
  @Test(
    "a chain is listed with its gaps, and the next attempt is counted down",
    arguments: [(80, 24), (120, 36)])
  func frames(columns: Int, rows: Int) throws {
    var app = try App(columns: columns, rows: rows)
    try app.attempt(after: 0)
    try app.attempt("evt_2", after: 5, 200)
    try app.attempt(after: 62)
    try app.attempt(after: 365, t: 62, data: "{}")
    app.tick(at: 365 + 48)
    app.type("2")
    if rows == 24 { app.type("Z") }
    expectFrame(app, "attempts-\(columns)x\(rows)")
  }

  @Test("each attempt stands beside the schedule, its time and its bytes")
  func words() throws {
    var app = try App()
    try app.attempt(after: 0)
    #expect(app.line("try 1") == nil, "one attempt is no chain")
    try app.attempt(after: 62)
    #expect(app.line("try 2") == "#2 ✓ ok 500  after 1 m 02 s, due 1 m, t renewed, same bytes")
    #expect(app.line("try 1") == "#1 ✓ ok 500  the first")
    try app.attempt(after: 100, 200, t: 62, data: "{}")
    #expect(app.line("try 3") == "#3 ✓ ok 200  after 38 s, due 5 m, same t, other bytes")
    try app.attempt(after: 110, 200)
    #expect(
      app.line("try 4") == "#4 ✓ ok 200  after 10 s, though #3 was answered 200, t renewed, other bytes")
  }

  @Test("attempts that were refused for want of their secret join those that verify once it is known")
  func joined() throws {
    var app = try App()
    try app.attempt(after: 0, 401, secret: "whsec_late")
    try app.attempt(after: 5, 401, secret: "whsec_forged")
    try app.attempt(after: 60, 401, secret: "whsec_late")
    #expect(app.line("try 3")?.hasPrefix("#3 ✗ mismatch 401  after 55 s") == true)
    app.type("Sanew<Enter>")
    app.paste("whsec_late")
    app.type("<Enter><Esc>")
    #expect(app.line("try 3") == nil)
    #expect(app.line("try 2") == "#3 ✗ mismatch 401  after 1 m, due 1 m, t renewed, same bytes")
    #expect(app.line("try 1") == "#1 ✗ mismatch 401  the first")
    #expect(app.line("retry")?.hasSuffix("(2 of 5)") == true)
    try app.attempt(after: 360, 200, secret: "whsec_late")
    #expect(app.line("try 3") == "#4 ✓ ok 200  after 5 m, due 5 m, t renewed, same bytes")
    #expect(app.model.list.kept.map(\.attempt) == [1, 2, 3, 3] && app.screen.contains("try 3"))
    try app.attempt(after: 370, 401, secret: "whsec_forged")
    #expect(app.model.list.kept.last?.attempt == 2)
  }

  @Test("a retry after the last documented one is said to be beyond them")
  func beyond() throws {
    var app = try App()
    for number in 0...6 { try app.attempt(after: Double(number) * 60) }
    #expect(app.line("try 7")?.hasPrefix("#7 ✓ ok 500  after 1 m, beyond 5 documented retries") == true)
    #expect(app.line("retry") == nil && !app.model.showsAge)
  }

  @Test("the next attempt is counted down to, and said to be overdue once it is")
  func countdown() throws {
    var app = try App()
    try app.attempt(after: 0)
    try app.attempt(after: 60)
    try app.attempt(after: 360)
    for (seconds, words) in [
      (360.0, "in 25 m"), (360.4, "in 25 m"), (361, "in 24 m 59 s"), (1608, "in 4 m 12 s"),
      (1859.5, "in 1 s"),
      (1860, "due now"), (1861, "overdue by 1 s"), (1922, "overdue by 1 m 02 s"),
    ] {
      app.tick(at: seconds)
      #expect(app.line("retry") == "next attempt \(words) (3 of 5)")
    }
    #expect(app.screen.contains("next attempt overdue by 1 m 02 s (3 of 5)"))
    try app.attempt(after: 1922, 200)
    #expect(app.line("retry") == nil)
  }

  @Test("with a time scale the schedule is divided by it, and seconds have tenths")
  func scaled() throws {
    var app = try App(timeScale: 600)
    try app.attempt(after: 0)
    #expect(app.line("retry") == "next attempt in 0.1 s (1 of 5)")
    #expect(app.line("answer")?.hasSuffix("Parlay tries again in 0.1 s, 5 times at most") == true)
    try app.attempt(after: 0.13)
    #expect(app.line("try 2") == "#2 ✓ ok 500  after 0.1 s, due 0.1 s, same bytes")
    try app.attempt(after: 0.66)
    try app.attempt(after: 3.2)
    #expect(app.line("try 4")?.hasPrefix("#4 ✓ ok 500  after 2.5 s, due 2.5 s, ") == true)
    for (seconds, words) in [(3.2, "in 12 s"), (5.25, "in 10 s"), (15.15, "in 0.1 s"), (15.2, "due now")] {
      app.tick(at: seconds)
      #expect(app.line("retry") == "next attempt \(words) (4 of 5)")
    }
    app.tick(at: 15.55)
    #expect(app.line("retry") == "next attempt overdue by 0.3 s (4 of 5)")
    #expect(app.model.tickInterval == 0.1)
    try app.attempt("evt_2", after: 20, 200)
    #expect(app.model.tickInterval == 1, "nothing is counted down")
    #expect(try App().model.tickInterval == 1)
  }

  @Test("a scale that makes gaps of milliseconds does not round them to nothing")
  func fast() throws {
    var app = try App(timeScale: 100_000)
    try app.attempt(after: 0)
    try app.attempt(after: 1)
    #expect(app.line("try 2")?.contains("after 1 s, due 0.001 s") == true, "\(app.line("try 2") ?? "-")")
  }

  @Test("a second redraws the countdown only where it is on the screen")
  func ticks() throws {
    var app = try App(columns: 80, rows: 24)
    try app.attempt(after: 0)
    #expect(app.model.showsAge)
    let before = app.model.ages
    app.tick(at: 0.3)
    #expect(app.model.ages == before, "the same second")
    app.tick(at: 1)
    #expect(app.model.ages != before)
    // Another pane is in its place, or it is scrolled away.
    app.type("3")
    #expect(!app.model.showsAge)
    app.type("2")
    #expect(app.model.showsAge)
    app.resize(80, 13)
    app.type("g")
    #expect(!app.model.showsAge, "\(app.screen)")
  }

  @Test("what the screen says is what a tick is held against, whatever the keys did meanwhile")
  func ticksAfterKeys() throws {
    var app = try App()
    try app.attempt(after: 0)
    app.now = Timestamp(seconds: Fixture.start.seconds + 1.2)
    app.type("w")
    let shown = app.model.ages
    app.tick(at: 1.5)
    #expect(app.model.ages != shown && app.screen.contains("next attempt in 59 s"))
  }

  @Test("a search of the pane keeps its match while the seconds go by")
  func search() throws {
    var app = try App()
    try app.attempt(after: 0)
    app.type("2/a<Enter>nn")
    let current = app.model.inspection?.parts[.signature]?.search?.current
    app.tick(at: 1)
    #expect(current != nil && app.model.inspection?.parts[.signature]?.search?.current == current)
  }

  @Test("an older attempt tells of those that come, and of what their senders are told later")
  func later() throws {
    var app = try App()
    try app.attempt(after: 0)
    app.type("F")
    try app.attempt(after: 60)
    #expect(app.model.list.selected == 1 && app.line("try 2") != nil)
    #expect(app.line("retry") == "next attempt in 5 m (2 of 5)")
    let held = try app.hold(try Fixture.parlay())
    #expect(app.line("try 3")?.hasPrefix("#3 ✓ ok …") == true && app.line("retry") == nil)
    let exchange = Exchange(
      at: app.now, url: "http://127.0.0.1:3000", response: .init(status: 503), milliseconds: .init(total: 1))
    try app.settle(held, exchange)
    #expect(
      app.line("try 3")?.hasPrefix("#3 ✓ ok 503") == true && app.line("retry")?.hasSuffix("(3 of 5)") == true)
  }

  @Test("what is followed asks for its other attempts where it has any, and for them once it is not followed")
  func followed() throws {
    var app = try App()
    let isAsked = { (effects: [Effect]) in
      effects.contains { if case .run(let job) = $0 { job.key == .attempts } else { false } }
    }
    #expect(!isAsked(try app.receiveWithoutWork(try Fixture.parlay(id: "a"))))
    #expect(!isAsked(try app.receiveWithoutWork(try Fixture.parlay(id: "b"))))
    #expect(isAsked(try app.receiveWithoutWork(try Fixture.parlay(id: "b"))))
    #expect(!isAsked(app.model.update(.key(.character("b")), at: Fixture.start)), "it is being looked up")
    // Another one that gave way to that, or took too long, or had no room, is asked for again.
    #expect(isAsked(app.model.update(.attempts(of: 1, Attempts([])), at: Fixture.start)))
    #expect(!isAsked(app.model.update(.refused(.attempts), at: Fixture.start)), "not at once")
    #expect(isAsked(app.model.update(.key(.character("b")), at: Fixture.start)))
    #expect(!isAsked(app.model.update(.overran(.attempts), at: Fixture.start)))
    #expect(isAsked(try app.receiveWithoutWork(try Fixture.parlay(id: "b"))))
    app.type("j")
    #expect(app.line("try 2") != nil)
  }

  @Test("what is selected asks for its other attempts only where it has any")
  func selected() throws {
    var app = try App()
    try app.receive(["a", "b", "b", "c"].map { try Fixture.parlay(id: $0) })
    let asked = (0..<3).map { _ in
      app.model.update(.key(.character("j")), at: Fixture.start).contains {
        if case .run(let job) = $0 { job.key == .attempts } else { false }
      }
    }
    #expect(asked == [true, true, false], "a stands alone")
  }

  @Test("a replay is no attempt, and has none")
  func replay() throws {
    var app = try App()
    try app.attempt(after: 0)
    try app.attempt(after: 30, origin: .replay(of: 1))
    #expect(app.line("retry") == nil && app.line("try 1") == nil)
    app.type("j")
    #expect(app.line("try 2") == nil && app.line("retry") == "next attempt in 30 s (1 of 5)")
  }

  @Test("what was recorded has no now: the moment itself is shown, and nothing counts down")
  func session() throws {
    var app = try App(source: .session(name: "a.ndjson"))
    try app.attempt(after: 0, origin: .recorded(line: 1))
    #expect(app.line("retry") == "next attempt due at 18:14:17 (1 of 5)")
    app.tick(at: 86400)
    #expect(app.line("retry")?.contains("18:14:17") == true && app.model.countdown == nil)
    try app.attempt(after: 60, 200, origin: .recorded(line: 2))
    #expect(app.line("retry") == nil)
  }
}

@Suite("Folding the attempts at one event")
struct FoldTests {
  /// Three attempts at `a` among three other events: 1 a, 2 b, 3 a, 4 c, 5 a, 6 d.
  private func app(columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    for (place, id) in ["a", "b", "a", "c", "a", "d"].enumerated() {
      try app.attempt(id, after: Double(place), id == "a" ? 500 : 200)
    }
    return app
  }

  private func rows(_ app: App) -> [UInt64] { Array(app.model.list.shown.numbers.reversed()) }

  @Test(
    "c folds them under the newest, which says how many; c again unfolds", arguments: [(80, 24), (120, 36)])
  func folds(columns: Int, height: Int) throws {
    var app = try app(columns: columns, rows: height)
    app.type("jjjc")
    #expect(rows(app) == [6, 5, 4, 2] && app.model.list.selected == 5)
    #expect(app.screen.contains(" ▸2 try 3") && app.screen.contains("2 folded"))
    expectFrame(app, "folded-\(columns)x\(height)")
    app.type("c")
    #expect(rows(app) == [6, 5, 4, 3, 2, 1] && app.model.list.selected == 5)
    #expect(!app.screen.contains("▸2") && !app.screen.contains("folded"))
  }

  @Test("rows are gone through as they are shown: j k J K g G")
  func movement() throws {
    var app = try app()
    app.type("jc")
    for (keys, selected) in [("j", 4), ("j", 2), ("k", 4), ("K", 5), ("J", 4), ("G", 2), ("g", 6)]
      as [(String, UInt64)]
    {
      app.type(keys)
      #expect(app.model.list.selected == selected, "after \(keys)")
    }
  }

  @Test("what arrives is folded, too, and followed")
  func arrivals() throws {
    var app = try app()
    app.type("jcF")
    try app.attempt("a", after: 60)
    #expect(rows(app) == [7, 6, 4, 2] && app.model.list.selected == 7)
    #expect(app.screen.contains("▸3 try 4"))
    try app.attempt("e", after: 61)
    #expect(rows(app) == [8, 7, 6, 4, 2])
  }

  @Test("what arrives does not move the selection: the selected attempt stays a row until it is left")
  func steady() throws {
    var app = try app()
    app.type("jc")
    try app.attempt("a", after: 60)
    #expect(rows(app) == [7, 6, 5, 4, 2] && app.model.list.selected == 5)
    try app.attempt("a", after: 61)
    #expect(rows(app) == [8, 6, 5, 4, 2] && app.model.list.selected == 5)
    app.type("j")
    #expect(rows(app) == [8, 6, 4, 2] && app.model.list.selected == 4)
    #expect(app.screen.contains("▸4 try 5"))
  }

  @Test("a filter is asked of each attempt, and folds those that it leaves")
  func filter() throws {
    var app = try app()
    app.type("jcfseq:<5<Enter>")
    #expect(rows(app) == [4, 3, 2] && app.screen.contains("▸1 try 2"))
    app.type("<Esc>")
    #expect(rows(app) == [6, 5, 4, 2])
    app.type("fseq:5<Enter>")
    #expect(rows(app) == [5] && !app.screen.contains("▸2"))
    app.type("c<Esc>")
    #expect(rows(app) == [6, 5, 4, 3, 2, 1], "c unfolds what is folded, though the filter leaves one")
  }

  @Test("a filter that asks for outcomes takes a folded attempt in and leaves it out")
  func outcomes() throws {
    var app = try app()
    app.type("jcfapp:none | seq:>5<Enter>")
    #expect(rows(app) == [6, 5, 4, 2])
    let exchange = Exchange(
      at: Fixture.start, url: "http://127.0.0.1:3000", response: .init(status: 200),
      milliseconds: .init(total: 1))
    app.happen(.exchanged(exchange), to: 3)
    #expect(rows(app) == [6, 5, 4, 2] && app.screen.contains("▸1 try 3"))
    app.type("g")
    app.happen(.exchanged(exchange), to: 5)
    #expect(rows(app) == [6, 4, 2, 1] && !app.screen.contains("▸1"))
  }

  @Test("a search finds folded attempts, and unfolds what it goes to")
  func search() throws {
    var app = try App()
    try app.attempt("a", after: 0, data: #"{"note":"needle"}"#)
    try app.attempt("b", after: 1)
    try app.attempt("a", after: 2)
    app.type("c/needle<Enter>")
    #expect(app.model.list.selected == 1 && rows(app) == [3, 2, 1])
    app.type("cg/evt_nothing<Enter>")
    #expect(rows(app) == [3, 2])
    app.type("/analysis<Enter>")
    for selected in [2, 1, 3] as [UInt64] {
      app.type("n")
      #expect(app.model.list.selected == selected)
    }
    app.type("N")
    #expect(app.model.list.selected == 1)
  }

  @Test("the next failed signature is found where it is folded, and the palette goes to a folded number")
  func failed() throws {
    var app = try App()
    try app.receive([
      try Fixture.parlay(id: "a", header: "t=1745518397,v1=" + String(repeating: "0", count: 64)),
      try Fixture.parlay(id: "a"), try Fixture.parlay(id: "b"),
    ])
    app.type("jcg")
    #expect(rows(app) == [3, 2])
    app.type("e")
    #expect(app.model.list.selected == 1 && rows(app) == [3, 2, 1])
    app.type("c:1<Enter>")
    #expect(app.model.list.selected == 1)
  }

  @Test("a frozen view folds what it shows, and takes what came when it goes on")
  func frozen() throws {
    var app = try app()
    app.type("=jc")
    try app.attempt("a", after: 60)
    #expect(rows(app) == [6, 5, 4, 2])
    app.type("=g")
    #expect(rows(app) == [7, 6, 4, 2])
  }

  @Test("evicted attempts leave their fold, which ends with the newest")
  func evicted() throws {
    var app = try App(keeping: 4)
    for (place, id) in ["a", "a", "a", "b"].enumerated() { try app.attempt(id, after: Double(place)) }
    app.type("jc")
    #expect(app.screen.contains("▸2 try 3"))
    try app.attempt("c", after: 10)
    #expect(rows(app) == [5, 4, 3] && app.screen.contains("▸1 try 3"))
    for place in 0..<3 { try app.attempt("d\(place)", after: 20 + Double(place)) }
    #expect(app.model.list.folds.isEmpty && app.model.list.folds.hidden.isEmpty)
    #expect(rows(app) == [8, 7, 6, 5])
  }

  @Test("a marked attempt that outlives its fold is a row again")
  func marked() throws {
    var app = try App(keeping: 4)
    for (place, id) in ["a", "a", "b"].enumerated() { try app.attempt(id, after: Double(place)) }
    app.type("jjmkcg")
    #expect(rows(app) == [3, 2])
    for place in 0..<4 { try app.attempt("d\(place)", after: 20 + Double(place)) }
    #expect(rows(app) == [7, 6, 5, 1] && app.model.list.folds.hidden.isEmpty)
  }

  @Test("what has no other attempt, no event or came from the user is not folded, and c says why")
  func nothing() throws {
    var app = try App()
    try app.attempt("a", after: 0)
    app.type("c")
    #expect(app.frame.last == " No other attempt of this event is shown" && app.model.list.folds.isEmpty)
    try app.attempt("a", after: 1, origin: .replay(of: 1))
    app.type("c")
    #expect(app.frame.last == " A replay is not one of the sender's attempts")
    try app.receive([Request(headers: Headers([.init("Host", "a")]), body: Array("x".utf8), peer: "p")])
    app.type("gc")
    #expect(app.frame.last == " This delivery names no event, so its other attempts are not known")
    app.type("cjj")
    #expect(rows(app) == [3, 2, 1])
  }

  @Test("a flood of one event is folded a delivery at a time")
  func flood() throws {
    var app = try App(keeping: 50)
    for place in 0..<30 { try app.attempt("a", after: Double(place)) }
    app.type("c")
    for place in 30..<100 { try app.attempt("a", after: Double(place)) }
    #expect(rows(app) == [100] && app.model.list.folds.hidden.count == 49)
  }
}
