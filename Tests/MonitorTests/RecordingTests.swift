import TestSupport
import Screen
import Testing
import Webhooks

@testable import Monitor

/// A recorded session on the screen: it loads, it ends, and nothing else comes.
@Suite struct RecordingTests {
  private func opened(_ columns: Int = 120, _ rows: Int = 36, name: String = "session.ndjson") throws -> App {
    try App(columns: columns, rows: rows, source: .session(name: name))
  }

  /// Lets the session's deliveries come, some of them failed, and then says how far it is.
  private func load(_ app: inout App, percent: Int?, skipping lines: [Int] = [], isFinished: Bool = false)
    throws
  {
    if app.model.counts.received == 0 { try app.receive(try Fixture.mixed()) }
    var loading = Loading()
    loading.percent = percent
    for number in lines { loading.skip(.init(number: number, error: .notJSON(at: 0))) }
    loading.isFinished = isFinished
    app.take(.loading(loading))
  }

  @Test("a frame while the session loads", arguments: [(120, 36), (80, 24), (60, 20)])
  func loading(columns: Int, rows: Int) throws {
    var app = try opened(columns, rows)
    try load(&app, percent: 43)
    expectFrame(app, "open-loading-\(columns)x\(rows)")
  }

  @Test("a frame of a session that is loaded, with lines that could not be read")
  func loaded() throws {
    var app = try opened()
    app.receive(
      Incident(
        receivedAt: Fixture.start, reason: .wrongMethod, detail: "GET /", peer: "127.0.0.1:9", status: 405))
    try load(&app, percent: 100, skipping: [7, 12], isFinished: true)
    expectFrame(app, "open-loaded-120x36")
    app.type("I")
    expectFrame(app, "open-skipped-120x36")
    app.type("jjjj")
    #expect(!app.model.isFinished)
  }

  @Test("an empty frame says what is being loaded, and in the end that there is nothing")
  func empty() throws {
    var app = try opened(80, 24)
    expectFrame(app, "open-empty-80x24")
    var loading = Loading()
    loading.isFinished = true
    app.take(.loading(loading))
    #expect(app.screen.contains("No deliveries in session.ndjson."))
    #expect(!app.screen.contains("Waiting"))
  }

  @Test("the newest is followed while the session loads, and nothing after that")
  func following() throws {
    var app = try opened()
    try load(&app, percent: 50)
    #expect(app.screen.contains("following"))
    #expect(app.model.list.selected == app.model.list.kept.last?.sequence)
    try load(&app, percent: 100, isFinished: true)
    #expect(!app.screen.contains("following"))
    #expect(app.model.list.selected == app.model.list.kept.last?.sequence)
    for key in ["F", "="] {
      app.type(key)
      #expect(app.frame.last == " The whole session is loaded")
    }
  }

  @Test("a view frozen while the session loads can be let go after that")
  func frozen() throws {
    var app = try opened()
    try load(&app, percent: 50)
    app.type("=")
    #expect(app.frame.last == " Frozen: the session goes on loading")
    try app.receive([try Fixture.parlay(id: "evt_late")])
    #expect(app.screen.contains("frozen +1 new"))
    try load(&app, percent: 100, isFinished: true)
    app.type("=")
    #expect(!app.model.list.isFrozen)
    #expect(app.model.list.rowCount == app.model.counts.received)
  }

  @Test("gaps in a session's numbers do not count as deliveries that wait")
  func gaps() throws {
    var app = try opened()
    try load(&app, percent: 50)
    app.type("=")
    let last = try #require(app.model.list.kept.last)
    var batch = Journal.Batch()
    batch.deliveries = [
      Delivery(
        sequence: 5_000_000_000, receivedAt: last.receivedAt, request: last.request, envelope: last.envelope,
        verdict: last.verdict, isDuplicate: false, attempt: 1, answer: last.answer)
    ]
    batch.counts = app.model.counts
    app.take(.arrived(batch))
    #expect(app.screen.contains("frozen +1 new"))
  }

  @Test("what could not be read is told once, when the loading ends")
  func notices() throws {
    var app = try opened()
    try load(&app, percent: 50, skipping: [7])
    #expect(app.frame[0].contains("1 line skipped"))
    #expect(app.model.notice == nil)
    try load(&app, percent: 100, skipping: [7], isFinished: true)
    #expect(app.frame.last?.hasPrefix(" Line 7 was skipped: the line is not JSON from byte 0 on") == true)
    app.type("j")
    try load(&app, percent: 100, skipping: [7], isFinished: true)
    #expect(app.model.notice == nil)
  }

  @Test("a fault that ended the reading is told before anything else")
  func fault() throws {
    var app = try opened()
    try load(&app, percent: 50)
    var loading = Loading()
    loading.skip(.init(number: 1, error: .notUTF8))
    loading.isFinished = true
    loading.fault = "session.ndjson can't be read: Input/output error"
    app.take(.loading(loading))
    #expect(
      app.frame.last == " Not all could be loaded: session.ndjson can't be read: Input/output error")
  }

  @Test("a million lines that can't be read are counted, and the first of them listed")
  func manySkipped() throws {
    var app = try opened()
    try load(&app, percent: 100, skipping: Array(1...5000), isFinished: true)
    #expect(IncidentsPanel().content(app.model).rowCount == Loading.listLimit)
    app.type("IG")
    #expect(app.screen.contains("5,000 lines skipped, the first of them listed"))
    #expect(app.screen.contains("line 1000  the line is not JSON"))
  }

  @Test("a file's name can't drive the terminal, and is cut where there is no room for it")
  func name() throws {
    var app = try opened(80, 24, name: "\u{1B}[31m\u{202E}" + String(repeating: "long", count: 40))
    try load(&app, percent: 100, isFinished: true)
    #expect(!app.screen.contains("\u{1B}") && !app.screen.contains("\u{202E}"))
    #expect(app.frame[0].contains("…  read-only"))
    #expect(app.frame[0].hasSuffix("failed"))
  }

  @Test("an added secret is taken for the diagnosis, and changes no verdict")
  func secret() throws {
    var app = try opened()
    try load(&app, percent: 100, isFinished: true)
    let verdicts = app.model.list.kept.map(\.verdict)
    app.type("S")
    #expect(app.screen.contains("named in 3 deliveries"))
    app.type("<Esc>")
    app.type("Saparlay/new<Enter>")
    app.paste("whsec_of_another_time")
    app.type("<Enter>")
    #expect(app.frame.last?.contains("explains failures from now on; recorded verdicts stay") == true)
    #expect(app.model.list.kept.map(\.verdict) == verdicts)
    #expect(app.model.keyring.secrets.contains { $0.label == "parlay/new" })
  }

  @Test("failures are looked into as the user comes to them, not all at once")
  func diagnosis() throws {
    var app = try opened()
    app.take(.arrived(try recorded()))
    let failed = app.model.list.kept.filter { $0.verdict.status.isFailure }.map(\.sequence)
    #expect(failed.count > 2)
    #expect(failed.filter { app.model.diagnoses[$0] != nil } == [app.model.list.selected])
    app.type("e")
    let selected = try #require(app.model.list.selected)
    #expect(failed.filter { app.model.diagnoses[$0] != nil } == [selected, failed.last])
  }

  /// One of each kind of verdict, in one batch, as they come out of a file.
  /// - Parameter isOld: whether the file is of a time when the tolerance was not recorded.
  private func recorded(isOld: Bool = false) throws -> Journal.Batch {
    var live = try App()
    try live.receive(try Fixture.mixed())
    var writer = SessionWriter()
    live.model.list.kept.forEach { delivery in
      var verdict = delivery.verdict
      if isOld { verdict.tolerance = nil }
      writer.write(delivery.with(verdict: verdict))
    }
    var reader = SessionReader()
    var batch = Journal.Batch()
    for entry in reader.read(writer.bytes) {
      if case .delivery(let delivery) = try entry.result.get() { batch.deliveries.append(delivery) }
    }
    return batch
  }

  @Test(
    "of a verdict the pane says what the line holds, and nothing that it does not", arguments: [true, false])
  func recordedVerdict(isOld: Bool) throws {
    var app = try opened()
    app.take(.arrived(try recorded(isOld: isOld)))
    let mismatch = try #require(app.model.list.kept.firstIndex { $0.verdict.status == .mismatch })
    app.type("gG" + String(repeating: "k", count: mismatch))
    #expect(app.screen.contains("none of the secrets reproduces v1"))
    #expect(app.screen.contains("the window is not recorded") == isOld)
    app.type("G")
    #expect(app.screen.contains("inside the window of that time"))
  }

  @Test("a screen that is too small says what is loaded")
  func small() throws {
    var app = try opened(30, 5)
    try load(&app, percent: 100, isFinished: true)
    #expect(app.frame[0] == "hooktop: 7 loaded, 3 failed")
    #expect(!app.screen.contains("receiving"))
  }
}
