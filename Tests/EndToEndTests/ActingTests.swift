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

  @Test("marked deliveries are replayed together, in order, and compared")
  func marked() async throws {
    let app = try await StandInApp()
    let shell = try await Shell()
    let url = try await shell.watch("hooktop watch --port 0 --forward \(app.url)/hook")
    for number in 1...3 { #expect(try await Post().signed().send(to: url + "/\(number)") == 200) }
    try await shell.wait(until: "the deliveries") { $0.contains("3 received") }
    try await shell.press("m", "j", "j", "m")
    try await shell.wait(until: "the marks") { $0.contains("2 marked") }
    try await shell.press("D")
    try await shell.wait(until: "the comparison") {
      $0.contains("Compare #1 with #3") && $0.contains("~ changed target")
    }
    try await shell.press("q", "r", "Enter")
    try await shell.wait(until: "both replays") { $0.contains("2 of 2 sent: 2 accepted, 0 not") }
    let requests = try await app.requests(5)
    #expect(requests[3].text("body") == requests[0].text("body"))
    #expect(requests[4].pairs("headers") == requests[2].pairs("headers"))
    try await shell.press("q", "U", "Q")
    try await shell.waitForPrompt(0)
  }

  @Test("R lends the terminal to an editor, takes it back whatever that does, and receives meanwhile")
  func edited() async throws {
    let app = try await StandInApp()
    let shell = try await Shell()
    let script = """
      #!/bin/sh
      echo "in the editor"
      read line
      case "$line" in
      fail) exit 3 ;;
      kill) stty raw -echo; printf '\\033[?1049h\\033[31m'; kill -9 $$ ;;
      esac
      sed -i -e 's/^X-Parlay-Event: .*/X-Parlay-Event: edited.event/' "$2"
      """
    let editor = try shell.folder.write(script.utf8, to: "editor")
    let url = try await shell.watch(
      "EDITOR='sh \(editor) -w' VISUAL= hooktop watch --port 0 --forward \(app.url)/hook")
    #expect(try await Post().signed().send(to: url) == 200)
    try await shell.wait(until: "the delivery") { $0.contains("1 received") }
    for (line, words) in [("fail", "ended with status 3"), ("kill", "was killed by signal 9")] {
      try await shell.press("R", "j", "j", "Enter")
      try await shell.wait(until: "the editor") { $0.contains("in the editor") }
      try await shell.type(line)
      try await shell.wait(until: "the screen") { $0.contains("Nothing was sent: ") && $0.contains(words) }
    }
    try await shell.press("R", "j", "j", "Enter")
    try await shell.wait(until: "the editor") { $0.contains("in the editor") }
    #expect(try await Post().signed().send(to: url) == 200)
    // It is the editor's alone, which reads on here.
    try await shell.press("C-c")
    try await shell.wait(until: "the screen, with what came meanwhile") { $0.contains("2 received") }
    try await shell.press("R", "j", "j", "Enter")
    try await shell.wait(until: "the editor") { $0.contains("in the editor") }
    try await shell.type("go")
    try await shell.wait(until: "the replay") { $0.contains("was replayed as #3: 200") }
    let requests = try await app.requests(3)
    #expect(requests[2].pairs("headers").contains { $0[0] == "X-Parlay-Event" && $0[1] == "edited.event" })
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
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
