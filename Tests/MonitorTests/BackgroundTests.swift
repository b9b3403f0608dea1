import DequeModule
import Diagnosis
import Foundation
import JSON
import Screen
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// A model whose jobs are done when the test says so.
private struct Bench {
  var app: App
  var jobs: [Job] = []
  /// The keys of the jobs that were given up.
  var cancelled: [Job.Key] = []

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
    for effect in effects {
      switch effect {
      case .run(let job):
        jobs.removeAll { $0.key == job.key }
        jobs.append(job)
      case .cancel(let key):
        jobs.removeAll { $0.key == key }
        cancelled.append(key)
      default: break
      }
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

  @Test("of many deliveries a filter is asked of the newest at once, and of the others in the background")
  func newestFirst() throws {
    var bench = try Bench(6)
    bench.app.model.list.inlineCount = 2
    bench.type("f-id:evt_5 -id:evt_2<Enter>")
    #expect(bench.rows == [6] && bench.app.model.list.progress == 0)
    try bench.receive(try Fixture.parlay(id: "evt_7"))
    try bench.receive(try Fixture.parlay(id: "evt_5"))
    #expect(bench.rows == [7, 6] && bench.app.model.list.selected == 7)
    try bench.work(.filter)
    #expect(bench.rows == [7, 6, 4, 3, 1] && bench.app.model.list.progress == nil)
    bench.type("\\")
    #expect(bench.rows == [8, 7, 6, 5, 4, 3, 2, 1] && !bench.jobs.contains { $0.key == .filter })
  }

  @Test(
    "whoever has chosen a delivery, or another order, sees the list as it was until all are asked",
    arguments: ["jj", "v", "oj<Enter>g"])
  func chosen(keys: String) throws {
    var bench = try Bench(6)
    bench.app.model.list.inlineCount = 2
    bench.type(keys)
    let (rows, selected) = (bench.rows, bench.app.model.list.selected)
    bench.type("f-id:evt_5 -id:evt_2<Enter>")
    #expect(bench.rows == rows && bench.app.model.list.selected == selected)
    try bench.work(.filter)
    #expect(bench.rows == rows.filter { $0 != 5 && $0 != 2 })
  }

  @Test("a large delivery that comes while the others are asked is asked after them")
  func largeWhileAsked() throws {
    var bench = try Bench(4) { _ in "needle" }
    let size = bench.app.model.list.kept[3].request.body.count
    bench.app.model.list.inlineBytes = 16 * 2 * size
    bench.type("f~needle<Enter>")
    #expect(bench.rows == [4, 3])
    try bench.receive(try large("evt_5"))
    try bench.receive(try Fixture.parlay(id: "evt_6", data: "\"needle\""))
    #expect(bench.rows == [4, 3])
    while bench.jobs.contains(where: { $0.key == .filter }) { try bench.work(.filter) }
    #expect(bench.rows == [6, 5, 4, 3, 2, 1])
  }

  @Test("what happens while the others are asked counts, to those that were asked at once as well")
  func outcomesWhileAsked() throws {
    var bench = try Bench(4)
    bench.app.model.list.inlineCount = 2
    bench.type("fcause:newline-or-bom<Enter>")
    var batch = Journal.Batch()
    batch.firstKept = 1
    batch.outcomes = [3, 1].map {
      .init(sequence: $0, outcomes: [.diagnosed([.init(cause: "newline-or-bom", level: "proven")])])
    }
    bench.tell(.arrived(batch))
    #expect(bench.rows == [])
    try bench.work(.filter)
    #expect(bench.rows == [3, 1])
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

  @Test("where something happens to a large delivery, the filter is asked of it anew in the background")
  func outcomeOfLarge() throws {
    var bench = try Bench(2) { _ in "needle" }
    try bench.receive(try large("evt_3"))
    try bench.receive(try Fixture.parlay(id: "evt_4", data: "\"needle\""))
    bench.type("f~needle (cause:newline-or-bom | seq:1 | seq:4)<Enter>")
    while bench.jobs.contains(where: { $0.key == .filter }) { try bench.work(.filter) }
    #expect(bench.rows == [4, 1])
    var batch = Journal.Batch()
    batch.firstKept = 1
    batch.outcomes = [3, 2].map {
      .init(sequence: $0, outcomes: [.diagnosed([.init(cause: "newline-or-bom", level: "proven")])])
    }
    bench.tell(.arrived(batch))
    #expect(!bench.rows.contains(3) && bench.jobs.contains { $0.key == .filter })
    while bench.jobs.contains(where: { $0.key == .filter }) { try bench.work(.filter) }
    #expect(bench.rows == [4, 3, 2, 1])
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

  @Test("a search of many deliveries says how far it has come, and ends when nobody waits for it")
  func findInParts() throws {
    var bench = try Bench(7) { $0 == 1 ? "needle" : "hay" }
    bench.app.model.list.inlineBytes = 0
    bench.app.model.list.inlineCount = 8
    let stepping = steppingClock(by: 1_000_000_000)
    bench.type("/needle<Enter>")
    #expect(bench.app.screen.contains("/needle: searching 0%"))
    for percent in [25, 50, 75] {
      try bench.work(.find, stepping)
      #expect(bench.app.screen.contains("/needle: searching \(percent)%"))
    }
    try bench.work(.find, stepping)
    #expect(bench.app.model.list.selected == 1 && !bench.app.screen.contains("searching"))
    #expect(!bench.jobs.contains { $0.key == .find })
    bench.type("n")
    try bench.work(.find, stepping)
    bench.type("k")
    #expect(bench.cancelled == [.find] && !bench.app.screen.contains("searching"))
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

  @Test("a text is looked for once a large body has been read, and nothing is said of it before")
  func unreadSearch() throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    bench.type("3/needle<Enter>")
    #expect(bench.app.screen.contains("/needle: searching") && !bench.jobs.contains { $0.key == .search })
    try bench.work(.document)
    try bench.work(.search)
    #expect(bench.app.screen.contains("/needle: 1 of 1"))
    var other = try Bench(1)
    try other.receive(try large("evt_2"))
    other.type("3/needle<Enter><Esc>")
    try other.work(.document)
    #expect(!other.app.screen.contains("needle:") && !other.jobs.contains { $0.key == .search })
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
    // The first look tells when it began.
    #expect(clock.looks == 2 && cut.search.isTruncated)
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
    #expect(clock.looks == 2)
    #expect(whole.document.lineCount < 100 && cut.document.lineCount > 10_000)
  }
}

/// What nobody waits for any more is given up, and so is what takes too long, which is said.
@Suite struct EndedWorkTests {
  @Test(
    "closing a panel cancels the job that it waits for, and closing it later cancels nothing",
    arguments: [(.trial, "i"), (.comparison, "ib"), (.summary, "a")] as [(Job.Key, String)])
  func panels(key: Job.Key, keys: String) throws {
    for close in ["<Esc>", "q", "<C-c>"] {
      var bench = try Bench(2)
      bench.type(keys)
      #expect(bench.cancelled == [])
      bench.type(close)
      #expect(bench.cancelled == [key] && !bench.jobs.contains { $0.key == key })
      bench.cancelled = []
      bench.type(keys == "ib" ? "b" : keys)
      try bench.work(key)
      bench.type(close)
      #expect(bench.cancelled == [])
    }
  }

  @Test("another change of a what-if takes the place of the one that is worked out, and cancels nothing")
  func changedTrial() throws {
    var bench = try Bench(1)
    bench.type("i++")
    #expect(bench.cancelled == [] && bench.jobs.contains { $0.key == .trial })
  }

  @Test(
    "leaving a delivery cancels what is done with its large body",
    arguments: [(.document, ""), (.search, "3/needle<Enter>1"), (.fold, "3G{1")] as [(Job.Key, String)])
  func delivery(key: Job.Key, keys: String) throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2"))
    if key != .document { try bench.work(.document) }
    bench.type(keys)
    #expect(bench.cancelled == [])
    bench.type("j")
    #expect(bench.cancelled == [key])
  }

  @Test("a search of the list is cancelled by leaving the delivery where it began, and by another text")
  func find() throws {
    for keys in ["k", "<Esc>"] {
      var bench = try Bench(5)
      bench.app.model.list.inlineBytes = 0
      bench.type("jj/nowhere<Enter>")
      #expect(bench.cancelled == [])
      bench.type(keys)
      #expect(bench.cancelled == [.find])
    }
  }

  @Test("what arrives while the list follows does not cancel the search of it")
  func followedFind() throws {
    var bench = try Bench(2)
    bench.app.model.list.inlineBytes = 0
    bench.type("/nowhere<Enter>")
    try bench.receive(try Fixture.parlay(id: "evt_3"))
    #expect(bench.app.model.list.selected == 3 && bench.cancelled == [])
  }

  @Test(
    "what takes longer than its kind may is given up, and the screen says so",
    arguments: [
      (.trial, "i", "tried now     not worked out: it took longer than 20 s"),
      (.comparison, "ib", "Not compared: it took longer than 20 s."),
      (.summary, "a", "Not counted: it took longer than 20 s."),
      (.document, "", "Not read: reading took longer than 30 s."),
      (.search, "3/needle<Enter>", "The search took longer than 30 s and was stopped."),
      (.fold, "3{", "Folding took longer than 30 s and was stopped."),
      (.find, "/needle<Enter>", "The search took longer than 30 s and was stopped."),
    ] as [(Job.Key, String, String)])
  func overrun(key: Job.Key, keys: String, words: String) throws {
    var bench = try Bench(1)
    try bench.receive(try large("evt_2", Array(repeating: "x", count: 10_000).joined(separator: "\",\"")))
    if key != .document { try bench.work(.document) }
    if key == .comparison { try bench.receive(bench.app.model.list.kept[1].request) }
    bench.app.model.list.inlineBytes = 0
    bench.type(keys)
    try bench.work(key, steppingClock(by: 60_000_000_000))
    #expect(bench.app.screen.contains(words))
    #expect(!bench.app.model.awaited.contains(key))
    // The next key does not begin it again.
    bench.type("?<Esc>")
    #expect(!bench.jobs.contains { $0.key == key })
  }

  /// Makes deliveries when it is asked for them, keeps none, and counts those that others still hold.
  private final class Passing: Kindred {
    private struct Given: Sendable { weak var delivery: Delivery? }
    private let request: Request
    private let count: UInt64
    private let given = Mutex<(all: [Given], most: Int, times: Int)>(([], 0, 0))
    /// The most that were held when more were asked for.
    var mostHeld: Int { given.withLock { $0.most } }
    /// How often it was asked.
    var timesAsked: Int { given.withLock { $0.times } }

    init(_ count: UInt64, _ request: Request) {
      self.count = count
      self.request = request
    }

    func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
      give(Array((max(1, sequence)...max(sequence, count + 1)).prefix(limit)))
    }

    func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
      give(Array((1..<max(2, min(sequence, count + 1))).suffix(limit)))
    }

    private func give(_ numbers: [UInt64]) -> [Delivery] {
      let deliveries = numbers.filter { $0 <= count }.map { number in
        Delivery(
          sequence: number, receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request),
          verdict: Verdict(.noHeader), isDuplicate: false, attempt: 1,
          answer: Answer(status: 401, milliseconds: 0))
      }
      given.withLock { given in
        given.all.removeAll { $0.delivery == nil }
        given.times += 1
        given.most = max(given.most, given.all.count)
        given.all += deliveries.map { Given(delivery: $0) }
      }
      return deliveries
    }
  }

  @Test("what looks at all that is kept holds no more than a slice of it, so that eviction frees memory")
  func slices() throws {
    let request = try Fixture.parlay()
    func passing(processors: Int = 1, _ work: (Passing) -> Void) {
      let kept = Passing(2000, request)
      work(kept)
      #expect(kept.mostHeld <= 256 * processors, "\(kept.mostHeld) were held")
      #expect(kept.timesAsked >= 6)
    }
    let subject = try #require(Passing(1, request).deliveries(from: 1, atMost: 1).first)
    let keyring = try Fixture.keyring()
    passing { kept in
      #expect(Trial().outcome(for: subject, others: kept, keyring: keyring).failed == 2000)
    }
    passing { kept in
      let tally = Tally(kept, through: 1500, Outcomes())
      #expect(tally.count == 1500)
    }
    for direction in [1, -1] {
      passing { kept in
        let rows = SearchedRows(
          shown: Deque(1...2000), order: ListOrder(), selectedRow: 1000, direction: direction)
        var reader = SliceReader(kept, rows: rows)
        var looks = 0
        let found = rows.first(in: 0..<rows.steps, find: { reader.find($0) }) { _ in
          looks += 1
          return nil
        }
        #expect(found == nil && looks == 2001)
      }
    }
    passing(processors: ProcessInfo.processInfo.activeProcessorCount) { kept in
      var sieve = Sieve(number: 1, found: [], last: 0)
      let slice = sieve.nextSlice(of: kept, through: 2000, upTo: 100 * request.body.count) { _ in true }
      #expect(slice.map { sieve.take($0 { 0 }) } == true && sieve.found.count == 2000)
    }
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
    func cancel(_ key: Job.Key) {}
    func use(_ keyring: Keyring) {}
    func keep(_ outcome: Outcome, of sequence: UInt64) {}
    func join(_ sequences: [UInt64]) {}
    func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] { [] }
    func edit(_ order: EditOrder) -> (EditOutcome, Size) { (.unchanged, Size(columns: 80, rows: 24)) }
    func begin(_ order: Order) -> [Message] { [] }
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

/// A clock that jumps by so many nanoseconds whenever it is read.
private func steppingClock(by step: UInt64) -> Job.Clock {
  let reading = Atomic<UInt64>(0)
  return { reading.wrappingAdd(step, ordering: .relaxed).newValue }
}
