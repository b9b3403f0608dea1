import Diagnosis
import JSON
import Screen
import Synchronization
import Testing
import Webhooks

@testable import Monitor

/// A body that takes long to index is indexed in the background.
@Suite struct BodyTests {
  private func large(id: String, text: String = "needle") throws -> Request {
    try Fixture.parlay(id: id, data: "[\"\(String(repeating: "x", count: 70_000))\",\"\(text)\"]")
  }

  private func document(_ effects: [Effect]) -> Job? {
    for case .run(let job) in effects where job.key == .document { return job }
    return nil
  }

  @Test("a large body is read in the background, and is shown once it has been")
  func inBackground() throws {
    var app = try App()
    let job = try #require(document(try app.receiveWithoutWork(try large(id: "evt_1"))))
    #expect(app.screen.contains("reading 68."))
    app.type("3.")
    #expect(app.frame.last == " The body has not been read yet")
    app.take(job.work { 0 })
    #expect(app.screen.contains("JSON · pretty"))
    #expect(app.screen.contains("\"id\": \"evt_1\""))
  }

  @Test("a small body, and a large one in hex, are shown at once")
  func atOnce() throws {
    var app = try App()
    #expect(document(try app.receiveWithoutWork(try Fixture.parlay())) == nil)
    #expect(app.screen.contains("\"id\": \"evt_1\""))
    app.type("bb")
    #expect(document(try app.receiveWithoutWork(try large(id: "evt_2"))) == nil)
    #expect(app.screen.contains("7b 22 69 64"))
  }

  /// A list of so many numbers.
  private func numbers(_ count: Int) throws -> Request {
    try Fixture.parlay(id: "evt_1", data: "[\((0..<count).map(String.init).joined(separator: ","))]")
  }

  @Test("the beginning of a large body is read at once, and its lines stay where they are once all is")
  func beginning() throws {
    var app = try App(columns: 120, rows: 30)
    let job = try #require(document(try app.receiveWithoutWork(try numbers(20_000))))
    app.type("3<PgDn><PgDn>j")
    #expect(app.screen.contains("reading 1"))
    let (place, line) = (app.model.inspection?.parts[.body]?.viewport, topLine(app))
    app.take(job.work { 0 })
    #expect(place?.top.line ?? 0 > 0 && line != nil && topLine(app) == line)
    #expect(app.model.inspection?.parts[.body]?.viewport == place)
    #expect(app.screen.contains("JSON · pretty"))
  }

  /// The line of the body at the top of its pane.
  private func topLine(_ app: App) -> [TextRun]? {
    app.model.inspection?.parts[.body].map { $0.content.runs(line: $0.viewport.top.line, search: nil) }
  }

  @Test("however large a body is, no more than its beginning is laid out while the keys wait")
  func boundedBeginning() throws {
    var app = try App()
    for count in [20_000, 200_000] {
      _ = try app.receiveWithoutWork(try numbers(count))
      #expect(app.model.inspection?.parts[.body]?.content.lineCount == 500)
    }
    // A string that is cut off is shown as far as it was read.
    _ = try app.receiveWithoutWork(
      try Fixture.parlay(id: "evt_1", data: "\"\(String(repeating: ",x", count: 50_000))\""))
    #expect(app.screen.contains("\"id\": \"evt_1\"") && app.screen.contains(",x,x"))
  }

  @Test("a body that was read too late is not shown in the place of another one")
  func late() throws {
    var app = try App()
    let first = try #require(document(try app.receiveWithoutWork(try large(id: "evt_1"))))
    let second = try #require(document(try app.receiveWithoutWork(try large(id: "evt_2"))))
    app.take(first.work { 0 })
    #expect(app.screen.contains("reading 68."))
    app.take(second.work { 0 })
    #expect(app.screen.contains("\"id\": \"evt_2\""))
  }

  @Test("what is searched for in the body is found in the next large one, too")
  func search() throws {
    var app = try App()
    try app.receive([try large(id: "evt_1")])
    app.type("3/needle<Enter>")
    #expect(app.screen.contains("/needle: 1 of 1"))
    let second = try #require(document(try app.receiveWithoutWork(try large(id: "evt_2"))))
    app.take(second.work { 0 })
    #expect(app.screen.contains("/needle: 1"))
    let third = try #require(document(try app.receiveWithoutWork(try large(id: "evt_3"))))
    app.type("/evt_3<Enter>")
    app.take(third.work { 0 })
    #expect(app.screen.contains("/evt_3: 1"))
  }

  @Test("a body that there was no room to read says so, and is read when the user asks again")
  func refused() throws {
    var app = try App()
    let job = try #require(document(try app.receiveWithoutWork(try large(id: "evt_1"))))
    app.take(.refused(job.key))
    app.type("3<Enter>")
    #expect(app.screen.contains("Not read: other large bodies are being read. Press b"))
    app.type("b")
    #expect(app.screen.contains("raw · 68."))
  }

  /// Says that nobody waits any more from the second time on that it is asked.
  private func impatient() -> Job.Clock {
    let readings = Atomic(0)
    return { readings.wrappingAdd(1, ordering: .relaxed).oldValue == 0 ? 0 : .max }
  }

  @Test("a body is not read further once nobody waits for it")
  func cancelled() throws {
    var app = try App()
    let numbers = String(repeating: "1,", count: 40_000)
    let job = try #require(
      document(try app.receiveWithoutWork(try Fixture.parlay(data: "[\(numbers)0]"))))
    guard case .opened(let body) = job.work(impatient()), case .payload(let document) = body.part.content
    else {
      Issue.record("not a body")
      return
    }
    #expect(document.fault == .cancelled)
  }

  @Test("a what-if is not worked out for more deliveries once nobody waits for it")
  func cancelledTrial() throws {
    var app = try App()
    for id in 1...5 { try app.receive([try Fixture.parlay(id: "evt_\(id)", header: "t=1,v1=")]) }
    app.type("i")
    var job: Job?
    for case .run(let trial) in app.model.update(.key(.character("+")), at: Fixture.start) { job = trial }
    guard case .tried(_, _, let outcome)? = job?.work(impatient()),
      case .tried(_, _, let whole)? = job?.work({ 0 })
    else {
      Issue.record("nothing was tried")
      return
    }
    #expect(outcome.failed == 1 && whole.failed == 5)
  }

  @Test("large signed texts are compared in the background")
  func comparison() throws {
    var app = try App()
    var request = try large(id: "evt_1")
    request.body.append(0x0A)
    try app.receive([request])
    app.type("i")
    var comparison: Job?
    for case .run(let job) in app.model.update(.key(.character("b")), at: Fixture.start) { comparison = job }
    #expect(comparison?.key == .comparison)
    #expect(app.screen.contains("Comparing the two."))
    guard case .compared(_, let cancelled)? = comparison?.work({ .max }) else { return }
    #expect(cancelled.difference?.offset == 0)
    app.take(try #require(comparison).work { 0 })
    #expect(app.screen.contains("First difference from what was signed with parlay"))
  }
}
