import Diagnosis
import JSON
import Screen
import Synchronization
import Testing
import Webhooks

@testable import Monitor

/// A model whose jobs are done when the test says so.
private struct Bench {
  var app: App
  var jobs: [Job] = []

  /// - Parameter note: that of the deliveries to begin with.
  init(_ count: Int, keeping limit: Int = 10_000, note: (Int) -> String = { "note \($0)" }) throws {
    app = try App(keeping: limit)
    try app.receive((1...count).map { try Fixture.parlay(id: "evt_\($0)", data: "\"\(note($0))\"") })
  }

  mutating func type(_ script: String) {
    for key in Key.keys(in: script) { tell(.key(key)) }
  }

  mutating func receive(_ request: Request) throws { note(try app.receiveWithoutWork(request)) }

  mutating func tell(_ message: Message) { note(app.model.update(message, at: Fixture.start)) }

  private mutating func note(_ effects: [Effect]) {
    for case .run(let job) in effects {
      jobs.removeAll { $0.key == job.key }
      jobs.append(job)
    }
  }

  /// Does the job that waits, and tells what came of it.
  mutating func work(_ key: Job.Key, _ clock: @escaping Job.Clock = { 0 }) throws {
    let place = try #require(jobs.firstIndex { $0.key == key })
    tell(jobs.remove(at: place).work(clock))
  }

  /// Tells that there was no room for the job that waits, which asks for nothing, but for a notice.
  mutating func refuse(_ key: Job.Key) throws {
    jobs.remove(at: try #require(jobs.firstIndex { $0.key == key }))
    #expect(app.model.update(.refused(key), at: Fixture.start).isEmpty)
    #expect(app.frame.last?.contains("Too much other work is waiting.") == true)
  }

  var rows: [UInt64] {
    let list = app.model.list
    return (0..<list.rowCount).map { list.delivery(atRow: $0).sequence }
  }
}

private func large(_ id: String, _ text: String = "needle") throws -> Request {
  try Fixture.parlay(id: id, data: "[\"\(String(repeating: "x", count: 70_000))\",[\"\(text)\"]]")
}

/// What would keep the keys waiting, on many or large bodies, is done in the background.
@Suite struct BackgroundTests {
  /// A clock that goes on by 60 ms whenever it is read.
  private func clock() -> Job.Clock {
    let reading = Atomic<UInt64>(0)
    return { reading.wrappingAdd(60_000_000, ordering: .relaxed).newValue }
  }

  @Test("a text is looked for slice by slice, with what was shown on the screen until all is searched")
  func slices() throws {
    var bench = try Bench(5) { $0 % 2 == 0 ? "zig" : "zag" }
    bench.app.model.list.inlineBytes = 0
    bench.type("jf~zig<Enter>")
    #expect(bench.rows == [5, 4, 3, 2, 1] && bench.app.screen.contains("searching 0%"))
    try bench.work(.filter, clock())
    #expect(bench.rows.count == 5 && bench.app.screen.contains("searching 40%"))
    bench.type("j")
    #expect(bench.app.model.list.selected == 3)
    try bench.receive(try Fixture.parlay(id: "evt_6", data: "\"zig\""))
    #expect(!bench.rows.contains(6))
    try bench.work(.filter, clock())
    try bench.work(.filter, clock())
    #expect(bench.rows == [6, 4, 2] && !bench.app.screen.contains("searching"))
    #expect(bench.app.model.list.selected == 4)
    #expect(!bench.jobs.contains { $0.key == .filter })
    try bench.receive(try Fixture.parlay(id: "evt_7", data: "\"zig\""))
    #expect(bench.rows == [7, 6, 4, 2])
  }

  @Test("arrivals that never stop do not put the end off")
  func steadyArrivals() throws {
    var bench = try Bench(100) { $0 % 50 == 0 ? "zig" : "zag" }
    bench.app.model.list.inlineBytes = 8000
    bench.type("f~zig<Enter>")
    #expect(bench.app.screen.contains("searching"))
    for number in 101...110 {
      try bench.receive(try Fixture.parlay(id: "evt_\(number)", data: number == 101 ? "\"zig\"" : "\"zag\""))
      if bench.jobs.contains(where: { $0.key == .filter }) { try bench.work(.filter) }
    }
    #expect(bench.rows == [101, 100, 50] && !bench.app.screen.contains("searching"))
  }

  @Test("what an earlier filter finds late is not shown")
  func replaced() throws {
    var bench = try Bench(4) { $0 % 2 == 0 ? "zig" : "zag" }
    bench.app.model.list.inlineBytes = 0
    bench.type("f~zig<Enter>")
    let late = try #require(bench.jobs.first)
    bench.type("f<C-u>~zag<Enter>")
    bench.tell(late.work { 0 })
    #expect(bench.rows.count == 4)
    try bench.work(.filter)
    #expect(bench.rows == [3, 1])
    bench.type("f<C-u>~nowhere<Enter>")
    #expect(!bench.app.screen.contains("No delivery passes"))
    try bench.work(.filter)
    #expect(bench.app.frame.last?.contains("No delivery matches the filter") == true)
  }

  @Test("a large delivery that comes is searched in the background, and those behind it wait for it")
  func arrival() throws {
    var bench = try Bench(2) { _ in "needle" }
    bench.type("f~needle<Enter>")
    #expect(bench.rows == [2, 1])
    try bench.receive(try large("evt_3"))
    try bench.receive(try Fixture.parlay(id: "evt_4", data: "\"needle\""))
    #expect(bench.rows == [2, 1])
    try bench.work(.filter)
    while bench.jobs.contains(where: { $0.key == .filter }) { try bench.work(.filter) }
    #expect(bench.rows == [4, 3, 2, 1])
  }

  @Test("what happens to a delivery while the filter is asked counts as well")
  func outcomes() throws {
    var bench = try Bench(3) { _ in "needle" }
    bench.app.model.list.inlineBytes = 0
    bench.type("fcause:newline-or-bom ~needle<Enter>")
    var batch = Journal.Batch()
    batch.firstKept = 1
    batch.outcomes = [
      .init(sequence: 2, outcomes: [.diagnosed([.init(cause: "newline-or-bom", level: "proven")])])
    ]
    bench.tell(.arrived(batch))
    try bench.work(.filter)
    #expect(bench.rows == [2])
  }

  @Test("the next delivery that holds a text is looked for in the background where there is much to search")
  func find() throws {
    var bench = try Bench(5) { $0 % 2 == 0 ? "needle" : "hay" }
    bench.app.model.list.inlineBytes = 0
    bench.type("/needle<Enter>")
    #expect(bench.app.frame.last?.contains("Searching for needle") == true)
    #expect(bench.app.model.list.selected == 5)
    try bench.work(.find)
    #expect(bench.app.model.list.selected == 4)
    bench.type("n")
    try bench.work(.find)
    #expect(bench.app.model.list.selected == 2)
    bench.type("/nowhere<Enter>")
    try bench.work(.find)
    #expect(bench.app.frame.last == " No delivery holds nowhere")
    bench.type("/needle<Enter>n")
    let late = try #require(bench.jobs.first { $0.key == .find })
    bench.type("<Esc>")
    bench.tell(late.work { 0 })
    #expect(bench.app.model.list.selected == 2)
    bench.type("/needle<Enter>n")
    try bench.work(.find)
    #expect(bench.app.model.list.selected == 4)
  }

  @Test("a large body is searched in the background, and its first match is gone to")
  func bodySearch() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    try bench.work(.document)
    bench.type("3/needle<Enter>")
    #expect(bench.app.screen.contains("/needle: searching"))
    try bench.work(.search)
    #expect(bench.app.screen.contains("/needle: 1 of 1") && !bench.app.screen.contains("searching"))
    bench.type("/evt_2<Enter>")
    let late = try #require(bench.jobs.first { $0.key == .search })
    bench.type("<Esc>")
    bench.tell(late.work { 0 })
    #expect(!bench.app.screen.contains("/evt_2"))
  }

  @Test("a large body in hex that comes to be shown is searched in the background")
  func hexSearch() throws {
    var bench = try Bench(1)
    bench.type("bb3/needle<Enter>")
    bench.type("1")
    try bench.receive(try large("evt_2"))
    #expect(bench.app.screen.contains("/needle: searching"))
    try bench.work(.search)
    #expect(bench.app.screen.contains("/needle: 1"))
  }

  @Test("a large body is folded in the background, and takes no other fold meanwhile")
  func fold() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    try bench.work(.document)
    bench.type("3G{")
    #expect(bench.app.model.inspection?.document?.lineCount == 12)
    bench.type("}")
    #expect(bench.app.frame.last == " The body is still being folded")
    try bench.work(.fold)
    #expect(bench.app.model.inspection?.document?.lineCount == 7)
    bench.type("}")
    try bench.work(.fold)
    #expect(bench.app.model.inspection?.document?.lineCount == 12)
  }

  /// A clock that says that all time is over, and counts how often it is looked at.
  private final class Over: Sendable {
    private let number = Atomic(0)
    var looks: Int { number.load(ordering: .relaxed) }
    func read() -> UInt64 {
      number.wrappingAdd(1, ordering: .relaxed)
      return .max
    }
  }

  @Test("a search of a large body that is cancelled ends at its next look at the clock")
  func cancelledSearch() throws {
    var bench = try Bench(1)
    let matches = String(repeating: "needle ", count: 40_000)
    try bench.receive(try large("evt_2", matches))
    try bench.work(.document)
    bench.type("3/needle<Enter>")
    let job = try #require(bench.jobs.first { $0.key == .search })
    let clock = Over()
    guard case .searched(let cut) = job.work(clock.read), case .searched(let whole) = job.work({ 0 })
    else {
      Issue.record("the search said something else")
      return
    }
    #expect(clock.looks == 1 && cut.search.isTruncated)
    #expect(whole.search.matches.count == 40_000 && cut.search.matches.count < 1000)
  }

  @Test("a fold of a large body that is cancelled ends at its next look at the clock")
  func cancelledFold() throws {
    var bench = try Bench(1)
    let many = "x\"],[\"" + Array(repeating: "y", count: 10_000).joined(separator: "\"],[\"")
    try bench.receive(try large("evt_2", many))
    try bench.work(.document)
    bench.type("3G{")
    let job = try #require(bench.jobs.first { $0.key == .fold })
    let clock = Over()
    guard case .folded(let cut) = job.work(clock.read), case .folded(let whole) = job.work({ 0 })
    else {
      Issue.record("the fold said something else")
      return
    }
    #expect(clock.looks == 1)
    #expect(whole.document.lineCount < 100 && cut.document.lineCount > 10_000)
  }
}

/// What waits to be done in the background is bounded, and what there is no room for can be asked for again.
@Suite struct RefusedWorkTests {
  @Test("a filter that there was no room for goes on with the next key")
  func filter() throws {
    var bench = try Bench(3) { $0 == 2 ? "zig" : "zag" }
    bench.app.model.list.inlineBytes = 0
    bench.type("f~zig<Enter>")
    try bench.refuse(.filter)
    #expect(bench.rows == [3, 2, 1] && bench.app.screen.contains("searching 0%"))
    bench.type("j")
    try bench.work(.filter)
    #expect(bench.rows == [2])
  }

  @Test("a search of the list that there was no room for can be asked for again")
  func find() throws {
    var bench = try Bench(3) { $0 == 1 ? "needle" : "hay" }
    bench.app.model.list.inlineBytes = 0
    bench.type("/needle<Enter>")
    try bench.refuse(.find)
    bench.type("n")
    try bench.work(.find)
    #expect(bench.app.model.list.selected == 1)
  }

  @Test("a search of a large body that there was no room for goes on with the next key")
  func search() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    try bench.work(.document)
    bench.type("3/needle<Enter>")
    try bench.refuse(.search)
    bench.type("w")
    try bench.work(.search)
    #expect(bench.app.screen.contains("/needle: 1 of 1"))
  }

  @Test("a fold that there was no room for can be asked for again")
  func fold() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    try bench.work(.document)
    bench.type("3G{")
    try bench.refuse(.fold)
    bench.type("{")
    try bench.work(.fold)
    #expect(bench.app.model.inspection?.document?.lineCount == 7)
  }

  @Test("a what-if that there was no room for says so, and the next change tries again")
  func trial() throws {
    var bench = try Bench(1)
    bench.type("i")
    try bench.refuse(.trial)
    #expect(bench.app.screen.contains("tried now     not worked out: too much other work is waiting"))
    bench.type("+")
    try bench.work(.trial)
    #expect(bench.app.screen.contains("tried now     ✓ valid"))
  }

  @Test("a comparison that there was no room for says so, and is made when the panel is opened again")
  func comparison() throws {
    var bench = try Bench(1)
    bench.type("ib")
    try bench.refuse(.comparison)
    #expect(bench.app.screen.contains("Not compared: too much other work is waiting."))
    bench.type("<Esc>b")
    try bench.work(.comparison)
    #expect(bench.app.screen.contains("Nothing to compare with"))
  }

  @Test("a delivery that is diagnosed again keeps what is known of it where there is no room")
  func diagnosis() throws {
    var app = try App()
    var changed = try Fixture.parlay()
    changed.body.append(0x0A)
    try app.receive([changed])
    app.take(.refused(.diagnosis(1)))
    #expect(app.model.diagnoses.finished(1)?.proof != nil && app.model.notice == nil)
  }

  /// A world that has no room for any job.
  private struct Full: World {
    let now = Fixture.start
    var asked = 0

    func redraw() {}
    func suspend() -> Size { Size(columns: 80, rows: 24) }
    mutating func run(_ job: Job) -> [Message] {
      asked += 1
      return [.refused(job.key)]
    }
    func use(_ keyring: Keyring) {}
    func keep(_ outcome: Outcome, of sequence: UInt64) {}
  }

  @Test("what is refused is not asked for again at once, over and over")
  func onlyOnce() throws {
    var model = try Bench(3).app.model
    model.list.inlineBytes = 0
    var program = Monitor.Program(model, in: Full())
    for key in Key.keys(in: "f~zig<Enter>") { program.tell(.key(key)) }
    #expect(program.outside.asked == 1)
    program.tell(.key(.down))
    #expect(program.outside.asked == 2)
  }

  @Test(
    "a job about all that is kept keeps nothing that is evicted while it waits",
    arguments: [(.trial, "i"), (.filter, "f~zig<Enter>"), (.find, "/zig<Enter>")] as [(Job.Key, String)])
  func evicted(key: Job.Key, keys: String) throws {
    var bench = try Bench(3, keeping: 3)
    bench.app.model.list.inlineBytes = 0
    bench.type(keys)
    let job = try #require(bench.jobs.first { $0.key == key })
    weak let oldest = bench.app.model.list.kept.first
    #expect(oldest != nil)
    for id in 4...6 { try bench.receive(try Fixture.parlay(id: "evt_\(id)")) }
    withExtendedLifetime(job) { #expect(oldest == nil) }
  }

  @Test("a job says what it keeps alive: the bodies that it is about, and their lines")
  func bytes() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2", Array(repeating: "x", count: 10_000).joined(separator: "\",\"")))
    try bench.work(.document)
    bench.type("3/needle<Enter>{1ib")
    let cost = try #require(bench.app.model.list.selection).cost
    for key in [Job.Key.search, .fold] {
      // Eight bytes for each line.
      #expect(try #require(bench.jobs.first { $0.key == key }).bytes > cost + 80_000)
    }
    for key in [Job.Key.trial, .comparison] {
      #expect(try #require(bench.jobs.first { $0.key == key }).bytes == cost)
    }
  }
}
