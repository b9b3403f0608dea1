import Foundation
import Testing

/// Replay, check and answers on demand, on the screen, with a real app and a real sender.
@Suite(.enabled(if: Tool.python3.isInstalled && Tool.tmux.isInstalled), .timeLimit(.minutes(3)))
struct ActingTests {
  @Test("r, R and C reach the app, and what comes of them is shown and recorded")
  func replayAndCheck() async throws {
    let app = try await StandInApp()
    let shell = try await Shell()
    let file = shell.folder.path("s.ndjson")
    let url = try await shell.watch("hooktop watch --port 0 --record \(file) --forward \(app.url)/hook")
    #expect(try await Post().signed().send(to: url + "/in?x=1") == 200)
    try await shell.wait(until: "the delivery") { $0.contains("1 received") }
    try await shell.press("r")
    try await shell.wait(until: "the replay") { $0.contains("#1 was replayed as #2: 200, ") }
    try await shell.press("R", "j", "Enter")
    try await shell.wait(until: "the signed replay") { $0.contains("#2 was replayed as #3: 200, ") }
    let requests = try await app.requests(3)
    #expect(requests[1].text("body") == requests[0].text("body"))
    #expect(requests[1].pairs("headers") == requests[0].pairs("headers"))
    #expect(requests[1].text("target") == "/hook?x=1")
    try await shell.press("C")
    try await shell.wait(until: "the sum of the check") { $0.contains("18 probes: 0 wrong, 0 lenient") }
    #expect(app.requests.count == 21)
    try await shell.press("q", "Q")
    try await shell.waitForPrompt(0)
    let records = try shell.folder.text("s.ndjson").split(separator: "\n").map { try Record(String($0)) }
    #expect(records.filter { $0.text("kind") == "delivery" }.map { $0.number("replay_of") } == [nil, 1, 2])
    let whys = records.compactMap { $0.text("why") }
    #expect(whys == ["forward", "replay", "replay"] + Array(repeating: "check", count: 18))
  }

  @Test("A answers the next deliveries, counts down in the top line, and is over")
  func answers() async throws {
    let shell = try await Shell()
    let url = try await shell.watch("hooktop watch --port 0")
    try await shell.press("A", "a")
    try await shell.type("status 503 body 'later' x2")
    try await shell.wait(until: "the rule") { $0.contains("status 503 body 'later' x2 · 2 more") }
    try await shell.press("q")
    #expect(try await Post().signed().send(to: url) == 503)
    try await shell.wait(until: "one less") { $0.contains("A: status 503 body 'later' x2 · 1 more") }
    #expect(try await Post().signed().send(to: url) == 503)
    try await shell.wait(until: "its end") { $0.contains("2 received") && !$0.contains("A: ") }
    #expect(try await Post().signed().send(to: url) == 200)
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}
