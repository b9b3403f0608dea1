import DequeModule
import Diagnosis
import Foundation
import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("A presentation hides values wherever they can be read")
struct PresentationTests {
  private static let value = "xq7\u{FC}&Kw+9/pz"
  /// What is left of the value where it is cut, wrapped, escaped, or shown in hexadecimal.
  private static let pieces = ["xq7", "&Kw+9", "Kw+8", "9/pz", "Kw%2B", "78 71 37", "eHE3", "787137"]

  private static func leaks(in text: String) -> [String] { pieces.filter(text.contains) }

  /// Deliveries that hold the value in every place, and what an app has echoed.
  private func app(columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(
      columns: columns, rows: rows, forward: "http://127.0.0.1:3000/hook",
      apps: Apps(url: { _ in "http://127.0.0.1:3000/hook" }))
    try fill(&app)
    return app
  }

  private func fill(_ app: inout App) throws {
    let data =
      #"{"secret":"\#(Self.value)","copy":"as xq7\u00fc&Kw+9/pz","json":"{\"a\":\"xq7\\u00fc&Kw+9/pz\"}","n":7}"#
    var first = try Fixture.parlay(id: "evt_first", data: data)
    first.headers.append(.init("X-Echo", "xq7%C3%BC%26Kw%2B9%2Fpz"))
    first.headers.append(.init("X-Hex", "787137c3bc264b772b392f707a"))
    first.headers.append(.init("X-Base64", "eHE3w7wmS3crOS9weg=="))
    first.target = "/hook?q=xq7%C3%BC%26Kw%2B9%2Fpz"
    let whole = try Fixture.parlay(id: "evt_whole", data: data)
    var changed = whole
    changed.body = Array(
      String(decoding: whole.body, as: UTF8.self).replacingOccurrences(of: "Kw+9", with: "Kw+8").utf8)
    let form = try Fixture.request(
      .parlay, "analysis.completed", delivery: "d-form",
      body: Array("a=1&secret=xq7%C3%BC%26Kw%2B9%2Fpz".utf8))
    try app.receive([first, whole, changed, form])
    let sequence = app.model.list.kept[app.model.list.kept.count - 4].sequence
    app.happen(
      .exchanged(
        Exchange(
          at: Fixture.start, url: "http://127.0.0.1:3000/hook?q=xq7%C3%BC%26Kw%2B9%2Fpz",
          response: .init(
            status: 200, headers: Headers([.init("X-Got", Self.value)]),
            body: Array(#"{"got":"xq7\u00fc&Kw+9/pz"}"#.utf8)), milliseconds: .init(total: 3))),
      to: sequence)
  }

  private static let start = "*<C-u>$.data.secret<Enter>"

  /// Looks at everything that there is to be seen of every delivery; gives all frames.
  private func tour(_ app: inout App, rows: Int = 4) -> String {
    var screens: [String] = []
    func look(_ app: inout App, _ script: String) {
      for key in Key.keys(in: script) {
        app.take(.key(key))
        screens.append(app.screen)
      }
    }
    for row in app.model.list.kept.indices.suffix(rows) {
      app.type("1g" + String(repeating: "j", count: row))
      look(&app, "o<Esc>2<Enter>G<Esc>3<Enter>GbbGbwgllhZZ<Esc>4<Enter>Gw<Esc>5<Enter>G<Esc>")
      look(&app, "3jjjjjjV<Esc>ibG<Esc>d<Esc>m1jDG<Esc>mU1")
      look(&app, "y<Esc>x<Esc>R<Esc>A<Esc>P<Esc>S<Esc>aG<Esc>T<Esc>I<Esc>?<Esc>:<Esc>rC<Esc>cco<Esc>")
      look(&app, "tteE1")
    }
    return screens.joined(separator: "\n")
  }

  @Test("no frame of any pane or popup shows a piece of it", arguments: [(80, 24), (200, 60)])
  func frames(columns: Int, rows: Int) throws {
    var app = try app(columns: columns, rows: rows)
    let before = Self.leaks(in: tour(&app, rows: 1))
    // So that a tour that sees nothing can't pass.
    #expect(Set(before).isSuperset(of: ["xq7", "78 71 37", "Kw%2B", "eHE3", "787137"]), "\(before)")
    app.type("1\(Self.start)")
    #expect(app.model.presentation?.hides == true && app.screen.contains("1 path hidden"))
    #expect(Self.leaks(in: app.screen).isEmpty)
    let during = tour(&app)
    #expect(Self.leaks(in: during).isEmpty)
    #expect(during.contains("[redacted]") && during.contains("hidden: the body is not JSON"))
    // What has arrived meanwhile is hidden as well.
    try fill(&app)
    #expect(app.model.list.kept.count == 8)
    for _ in 0..<8 {
      app.type("J")
      #expect(Self.leaks(in: app.screen).isEmpty)
    }
  }

  @Test("the panes are what they were once it has ended")
  func ending() throws {
    var app = try app()
    app.type("1G3")
    let before = app.screen
    let kept = app.model.list.kept
    app.type(Self.start)
    #expect(app.screen != before)
    app.type("*<Left>")
    #expect(app.screen == before)
    #expect(zip(app.model.list.kept, kept).allSatisfy { $0 === $1 })
    #expect(
      app.model.list.outcomes[1].exchanges.first?.response?.headers.first("X-Got") == ByteString(Self.value))
    #expect(!app.model.setting.hidesEvidence && app.model.setting.redaction.isEmpty)
  }

  @Test("a search or a filter for it finds nothing")
  func searches() throws {
    var app = try app()
    app.type("f~Kw+9<Enter>")
    #expect(app.model.list.rowCount > 0)
    app.type("<Esc>\(Self.start)f~Kw+9<Enter>")
    #expect(app.model.list.rowCount == 0)
    app.type("<Esc>fheader:x-echo=xq7*<Enter>")
    #expect(app.model.list.rowCount == 0)
    app.type("<Esc>/Kw+9<Enter>")
    #expect(app.screen.contains("No delivery holds Kw+9"))
    app.type("<Esc>G3/xq7<Enter>")
    #expect(app.model.inspection?.parts[.body]?.search?.matches.isEmpty == true)
    // What was typed before it began can't be recalled.
    app.type("<Esc><Esc><Esc>")
    let recalled = app.model.filterHistory
    #expect(recalled.allSatisfy { !$0.contains("~Kw+9 before") } && !recalled.isEmpty)
  }

  @Test("copies and exports of every form are without it")
  func copies() throws {
    var app = try app()
    app.type(Self.start)
    for row in 0..<4 {
      app.type("1g" + String(repeating: "j", count: row) + "3Yybyvypyhyiycyd")
      for form in ExportForm.allCases {
        var exporter = app.model.exporter(form)
        let text = String(decoding: exporter.text(of: app.model.list.kept[row]), as: UTF8.self)
        #expect(Self.leaks(in: text).isEmpty, "\(form)")
      }
    }
    var count = 0
    for case .copy(let order) in app.orders {
      count += 1
      let bytes =
        switch order.content {
        case .bytes(let bytes): bytes
        case .curl(let command): command.text() + (command.bodyForFile ?? [])
        }
      #expect(Self.leaks(in: String(decoding: bytes, as: UTF8.self)).isEmpty, "\(order.what)")
    }
    #expect(count >= 20)
    for delivery in app.model.list.kept {
      #expect(Self.leaks(in: String(decoding: delivery.request.body, as: UTF8.self)).isEmpty)
    }
  }

  @Test("what is sent again is what was received, and no editor is opened")
  func replays() throws {
    var app = try app()
    let received = app.model.list.kept.map(\.request.body)
    app.type(Self.start + "1Gr")
    guard case .replay(let order)? = app.orders.last else {
      Issue.record("nothing was sent")
      return
    }
    #expect(order.delivery.sequence == 1 && order.delivery.request.body == received[0])
    app.type("Rjj<Enter>")
    #expect(app.screen.contains("It would show what the presentation hides"))
    app.type("<Esc>C")
    guard case .check(let check)? = app.orders.last else {
      Issue.record("nothing was checked")
      return
    }
    #expect(check.delivery.request.body == received[0])
  }

  @Test(
    "until its values are found a delivery is hidden but for its verdict, and so is what there is no time for"
  )
  func pending() throws {
    let app = try app()
    var model = app.model
    for key in Key.keys(in: Self.start.replacingOccurrences(of: "<Enter>", with: "")) {
      _ = model.update(.key(key), at: Fixture.start)
    }
    let effects = model.update(.key(.enter), at: Fixture.start)
    let shown = PaneFrames.text(model)
    #expect(Self.leaks(in: shown).isEmpty && shown.contains("hidden until the values"))
    let jobs = effects.compactMap { if case .run(let job) = $0, job.key == .mask { job } else { nil } }
    #expect(jobs.count == 1)
    // What arrives is held back until the next job has looked at it.
    let arrived = try Self.batch(of: app.model.list.kept[0], as: 5)
    #expect(model.update(.arrived(arrived), at: Fixture.start).isEmpty && model.list.kept.count == 4)
    let message = try #require(jobs.first).work { 0 }
    let next = model.update(message, at: Fixture.start)
    #expect(model.list.kept.count == 4 && !PaneFrames.text(model).contains("hidden until the values"))
    #expect(next.contains { if case .run(let job) = $0 { job.key == .mask } else { false } })
    let refused = model.update(.refused(.mask), at: Fixture.start)
    #expect(!refused.contains { if case .run(let job) = $0 { job.key == .mask } else { false } })
    #expect(model.list.kept.count == 5 && Self.leaks(in: PaneFrames.text(model)).isEmpty)
    #expect(model.list.kept[4].request.body == Array(Redaction.Obstacle.tooMany.rawValue.utf8))
    for key in Key.keys(in: "*G") { _ = model.update(.key(key), at: Fixture.start) }
    #expect(model.presentation == nil && PaneFrames.text(model).contains("xq7"))
  }

  private static func batch(of delivery: Delivery, as sequence: UInt64) throws -> Journal.Batch {
    var batch = Journal.Batch()
    batch.deliveries = [delivery.with(sequence: sequence)]
    batch.counts.received = Int(sequence)
    return batch
  }

  @Test(
    "the paths are asked for: that of the value at the body's cursor first, then those of --redact and the last ones"
  )
  func paths() throws {
    var app = try app()
    app.model.setting.redaction = Redaction([try JSONMask.Path("$..phone")])
    app.type("1G3/secret<Enter>*")
    #expect(app.frame.last?.contains("present without: $.data.secret $..phone") == true)
    app.type("<C-u>$.data.<Enter>")
    #expect(app.screen.contains("Column 8: expected a member's name"))
    app.type("<C-u>$.data.n<Enter>**")
    #expect(app.frame.last?.contains("$.data.n") == true)
    // Without a path nothing is hidden, and the rest of it works.
    app.type("<C-u><Enter>")
    #expect(app.screen.contains("presenting ") && !Self.leaks(in: tour(&app, rows: 1)).isEmpty)
  }

  @Test("the key that was pressed last stands in the corner, and nothing that is typed into a line")
  func keys() throws {
    var app = try app()
    app.type("j")
    #expect(app.frame.last?.contains("key j") == false)
    app.type("*<C-u><Enter>j")
    #expect(app.frame.last?.hasSuffix("key j") == true)
    app.type("<C-d>")
    #expect(app.frame.last?.hasSuffix("key C-d") == true)
    app.type("fsig")
    #expect(app.model.lastKey == nil)
    app.type("<Esc>T")
    #expect(app.frame.last?.hasSuffix("key T") == true)
    app.type("x")
    #expect(app.model.lastKey == nil)
    app.type("<Down>")
    #expect(app.frame.last?.hasSuffix("key ↓") == true)
  }

  @Test("the verdict stands in large letters, in any charset and size with room for it")
  func verdicts() throws {
    for status in Verdict.Reason.allCases {
      let word = VerdictSign(Verdict(status), .unicode).word
      let large = try #require(LargeWord(word, in: .utf8))
      #expect(large.size.rows == 3 && large.rows.allSatisfy { $0.count == large.size.columns })
      #expect(LargeWord(word, in: .ascii)?.size.rows == 5)
    }
    #expect(LargeWord("ok", in: .ascii)?.rows[0] == " ##  #  #")
    for (columns, rows) in [(80, 24), (100, 24), (120, 36), (200, 60)] {
      var app = try app(columns: columns, rows: rows)
      app.type("1G2*<C-u><Enter>")
      #expect(
        app.model.layout.verdict.rows == 4 && app.screen.contains("\u{2584}\u{2580}\u{2580}\u{2584} \u{2588}")
      )
      #expect(app.screen.contains("✓ valid: "))
      app.type("*")
      #expect(app.model.layout.verdict.isEmpty)
    }
    var small = try app(columns: 60, rows: 16)
    small.type("1G2*<C-u><Enter>")
    #expect(small.model.layout.verdict.isEmpty)
  }

  @Test("an incident's bytes are hidden")
  func incidents() throws {
    var app = try app()
    var incident = Incident(
      receivedAt: Fixture.start, reason: .badRequest, detail: "saw xq7", peer: "127.0.0.1:1", status: 400)
    incident.received = Incident.Received(Array("GET /xq7 HTTP/1.1\r\n".utf8), of: 19)
    app.receive(incident)
    app.type("I<Enter>")
    #expect(Self.leaks(in: app.screen) == ["xq7"])
    app.type("<Esc><Esc>\(Self.start)I")
    #expect(Self.leaks(in: app.screen).isEmpty)
    app.type("<Enter>b")
    #expect(Self.leaks(in: app.screen).isEmpty)
  }
}

/// A model's frame as text.
private enum PaneFrames {
  static func text(_ model: Model) -> String {
    let canvas = view(model)
    return (0..<canvas.size.rows).map { canvas.text(row: $0) }.joined(separator: "\n")
  }
}
