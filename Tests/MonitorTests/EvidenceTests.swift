import Diagnosis
import Screen
import Testing
import Webhooks

@testable import Monitor

/// What a diagnosis is compared with does not depend on when its turn comes.
@Suite struct EvidenceTests {
  private func job(_ effects: [Effect]) throws -> Job {
    for case .run(let job) in effects { return job }
    throw Missing()
  }

  private struct Missing: Error {}

  /// A retry whose body another program has changed, under the signature of the first attempt.
  private func changedRetry() throws -> Request {
    let first = try Fixture.parlay()
    var retry = try Fixture.parlay(data: #"{"note":"changed on the way"}"#)
    retry.headers = first.headers
    return retry
  }

  @Test("a diagnosis that waits keeps its evidence, whatever fails and is selected meanwhile")
  func waiting() throws {
    var app = try App()
    try app.receive([try Fixture.parlay()])
    let waiting = try job(try app.receiveWithoutWork(try changedRetry()))
    for number in 1...400 {
      _ = try app.receiveWithoutWork(try Fixture.parlay(id: "other_\(number)", header: "t=1745518397,v1=00"))
    }
    _ = app.model.update(.key(.character("j")), at: Fixture.start)
    app.take(waiting.work { 0 })
    #expect(app.model.diagnoses.finished(2)?.proof != nil)
  }

  /// A body in an order of keys that nobody would guess, and the same with its keys sorted on the way.
  private func sorted() throws -> (whole: Request, sorted: Request) {
    func body(_ keys: [String]) -> [UInt8] {
      Array("{\(keys.map { "\"\($0)\":\"\($0.uppercased())\"" }.joined(separator: ","))}".utf8)
    }
    let keys = ["zeta", "mid", "alpha", "omega", "beta"]
    let whole = try Fixture.request(.parlay, "my.event", delivery: "d", body: body(keys))
    var changed = whole
    changed.body = body(keys.sorted())
    return (whole, changed)
  }

  @Test("a failure without a cause is looked into again when a valid delivery of its event has come")
  func again() throws {
    var app = try App()
    let (whole, sorted) = try sorted()
    try app.receive([sorted])
    #expect(app.model.diagnoses.finished(1)?.proof == nil)
    try app.receive([try Fixture.parable(), whole])
    #expect(app.model.diagnoses.finished(1)?.proof != nil)
  }

  @Test(
    "a valid delivery that came while the search was under way counts, too, and each failure is redone once")
  func meanwhile() throws {
    var app = try App()
    let (whole, sorted) = try sorted()
    let first = try job(try app.receiveWithoutWork(sorted)).work { 0 }
    // Many arrivals, so that the witness is not near the failure.
    for number in 1...100 { _ = try app.receiveWithoutWork(try Fixture.parlay(id: "evt_\(number)")) }
    #expect(try app.receiveWithoutWork(whole).isEmpty, "the search has not ended yet")
    let again = try job(app.model.update(first, at: Fixture.start))
    #expect(again.priority == .unasked)
    #expect(
      !app.model.update(again.work { 0 }, at: Fixture.start).contains {
        if case .run = $0 { true } else { false }
      })
    #expect(app.model.diagnoses.finished(1)?.proof != nil)
    #expect(try app.receiveWithoutWork(whole).isEmpty)
  }

  @Test("a failure that there was no room for is looked into once the user goes to it")
  func refused() throws {
    var app = try App()
    for number in 1...3 {
      _ = try app.receiveWithoutWork(try Fixture.parlay(id: "a\(number)", header: "t=1,v1="))
    }
    app.take(.refused(.diagnosis(2)))
    let job = try job(app.model.update(.key(.character("j")), at: Fixture.start))
    #expect(job.key == .diagnosis(2) && job.priority == .selected)
  }

  @Test("what is signed after the body stands in the text that it is compared with, too")
  func after() throws {
    var app = try App()
    try app.receive([try Fixture.parlay()])
    let earlier = try #require(app.model.list.selection)
    let text = SignedText(before: [], body: earlier.request.body, after: Array("#1745518397".utf8))
    let comparison = ByteComparison(text, proof: nil, earlier: earlier)
    #expect(comparison.reference != nil && comparison.difference == nil)
  }
}
