import JSON
import Screen
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
    #expect(app.screen.contains("Reading 68."))
    app.type("3.")
    #expect(app.frame.last == " The body is still being read")
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

  @Test("a body that was read too late is not shown in the place of another one")
  func late() throws {
    var app = try App()
    let first = try #require(document(try app.receiveWithoutWork(try large(id: "evt_1"))))
    let second = try #require(document(try app.receiveWithoutWork(try large(id: "evt_2"))))
    app.take(first.work { 0 })
    #expect(app.screen.contains("Reading 68."))
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
    #expect(app.screen.contains("Being compared."))
    app.take(try #require(comparison).work { 0 })
    #expect(app.screen.contains("First difference from what was signed with parlay"))
  }
}
