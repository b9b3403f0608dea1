import Foundation
import Testing

/// `hooktop watch` in a real terminal, with deliveries that other programs sign and post.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct WatchTests {
  @Test(
    "a delivery that another program has signed is shown as valid", arguments: Post.Signer.installed)
  func valid(signer: Post.Signer) async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    #expect(try await Post().signed(by: signer).send(to: url) == 200)
    let picture = try await shell.wait(for: "1 received", "✓ valid", #""note": "of curl""#)
    #expect(picture.row("▸", "parlay", "analysis.completed", "test", "✓ ok") != nil)
    #expect(picture.failed == 0)
  }

  @Test("a delivery that was signed with another secret is refused, and shown as a mismatch")
  func mismatch() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    #expect(try await Post().signed(secret: "whsec_another").send(to: url) == 401)
    let picture = try await shell.wait(for: "1 received", "1 failed", "mismatch: no secret matches")
    #expect(picture.row("▸", "parlay", "✗ mismatch") != nil)
  }

  @Test(
    "a filter is typed, and the keys for type and signature narrow the list",
    arguments: [(120, 36), (80, 24)])
  func filter(columns: Int, rows: Int) async throws {
    let shell = try await Shell(columns: columns, rows: rows)
    let url = try await shell.watch()
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    _ = try await Hooktop.run(["send", "capture.processed", "--to", url])
    _ = try await Hooktop.run(["send", "persona.assigned", "--to", url, "--break", "no-v1-matches"])
    try await shell.wait(for: "3 received")

    try await shell.press("s")
    try await shell.wait(until: "only the failed one") { $0.shows(["persona.assigned"]) }
    try await shell.press("Escape")
    try await shell.wait(until: "all") { $0.shows(Picture.three) }

    try await shell.press("f")
    try await shell.type("type:capture.*")
    try await shell.wait(until: "only the filtered one") { $0.shows(["capture.processed"]) }
    try await shell.press("Escape")
    try await shell.wait(until: "all again") { $0.shows(Picture.three) }

    try await shell.press("G", "t")
    try await shell.wait(until: "only the oldest one's type") { $0.shows(["webhook.test"]) }
    try await shell.press("t")
    try await shell.wait(until: "all at the end") { $0.shows(Picture.three) }
  }

  @Test("a wrong filter keeps the list and says what is wrong")
  func wrongFilter() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    try await shell.wait(for: "1 received")
    try await shell.press("f")
    try await shell.type("sig:nonsense")
    // What may stand there instead is named in the line of the fault alone.
    let picture = try await shell.wait(until: "a fault") { $0.row("nonsense", "failed", "mismatch") != nil }
    #expect(picture.row("webhook.test", "✓ ok") != nil)
  }

  @Test("moving up leaves the newest, and new arrivals do not move the selection")
  func selection() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url, "--count", "60"])
    try await shell.wait(until: "60 received") { $0.received == 60 && $0.row("▸   60") != nil }
    try await shell.press("g", "j", "j")
    try await shell.wait(until: "a selection") { $0.row("▸   58") != nil }
    _ = try await Hooktop.run(["send", "persona.assigned", "--to", url, "--count", "3"])
    try await shell.wait(until: "63 received") { $0.received == 63 && $0.row("▸   58") != nil }
    try await shell.press("G")
    try await shell.wait(until: "the oldest") { $0.row("▸    1") != nil && $0.row("   63 ") == nil }
    try await shell.press("F")
    try await shell.wait(until: "the newest") { $0.row("▸   63", "persona.assigned") != nil }
  }

  @Test("a long body scrolls to its end and back, and alone on the screen, too")
  func scroll() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    var post = Post()
    let lines = (1...500).map { #""line \#($0)": \#($0)"# }
    post.body = Data("{\(lines.joined(separator: ","))}".utf8)
    #expect(try await post.signed().send(to: url) == 200)
    try await shell.wait(for: #""line 1": 1,"#)
    try await shell.press("3", "G")
    try await shell.wait(for: #""line 500": 500"#)
    try await shell.press("Enter")
    try await shell.wait(until: "the body alone") {
      $0.contains(#""line 500": 500"#) && !$0.contains("Deliveries")
    }
    try await shell.press("g")
    try await shell.wait(for: #""line 30": 30,"#)
    try await shell.press("C-d", "C-d", "PageDown")
    try await shell.wait(until: "two pages down") {
      !$0.contains(#""line 1": 1,"#) && $0.contains(#""line 60""#)
    }
  }

  @Test("a paste whose end never comes does not take the keyboard with it, also where bytes are no text")
  func unendedPaste() async throws {
    let shell = try await Shell()
    try await shell.watch()
    try await shell.press("f")
    // ESC [ 200 ~ Q, and a byte of Latin-1.
    _ = try await shell.tmux("send-keys", "-H", "1b", "5b", "32", "30", "30", "7e", "51", "e9")
    try await shell.wait(for: "filter: Q")
    try await shell.press("Escape")
    try await shell.wait(until: "the keys of the list again") { !$0.description.contains("filter: ") }
    try await shell.press("q")
    try await shell.waitForPrompt(0)
  }

  @Test("bytes that are no text do not take a paste's end with them, and are not dropped in silence")
  func unreadablePaste() async throws {
    let shell = try await Shell()
    try await shell.watch()
    try await shell.press("f")
    // ESC [ 200 ~ Q, a byte of Latin-1, R, ESC [ 201 ~, S.
    _ = try await shell.tmux(
      "send-keys", "-H", "1b", "5b", "32", "30", "30", "7e", "51", "e9", "52", "1b", "5b", "32", "30", "31",
      "7e", "53")
    try await shell.wait(for: "filter: Q", "RS", "The line holds bytes that are not UTF-8: delete them first")
    try await shell.press("C-c")
    try await shell.wait(until: "the keys of the list again") { !$0.description.contains("filter: ") }
    try await shell.press("C-c")
    try await shell.waitForPrompt(0)
  }

  @Test("C-c works at once also in a paste whose end does not come")
  func controlCInPaste() async throws {
    let shell = try await Shell()
    try await shell.watch()
    try await shell.press("f")
    _ = try await shell.tmux("send-keys", "-H", "1b", "5b", "32", "30", "30", "7e", "51")
    // The second one quits, once the first has closed the line.
    for _ in 1...2 {
      try await Task.sleep(for: .milliseconds(200))
      try await shell.press("C-c")
    }
    try await shell.wait(until: "the prompt, before a paste is given up", within: .seconds(4)) {
      $0.lastLine == "[0]>"
    }
  }

  @Test(
    "in a locale without UTF-8 a character beyond ASCII is refused with the reason, and applied in no part")
  func plainLocale() async throws {
    let shell = try await Shell()
    let url = try await shell.watch("env LC_ALL=C hooktop watch --port 0")
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    try await shell.wait(for: "1 received")
    try await shell.press("f")
    try await shell.tmux("send-keys", "-l", "café")
    try await shell.wait(for: "filter: caf", "This locale has no such character")
    try await shell.press("Enter")
    let picture = try await shell.wait(for: "filter: caf", "This locale has no such character")
    #expect(picture.contains("webhook.test"))
  }

  @Test("the keys of shells move and cut by words, whatever the terminal calls them")
  func words() async throws {
    let shell = try await Shell()
    try await shell.watch()
    try await shell.press("f")
    try await shell.tmux("send-keys", "-l", "one two")
    try await shell.press("C-Left")
    try await shell.tmux("send-keys", "-l", "x")
    try await shell.wait(for: "filter: one xtwo")
    try await shell.press("M-b", "C-w", "C-Right", "C-y")
    try await shell.wait(for: "filter: xtwoone")
  }

  @Test("a pasted text is text, never commands")
  func paste() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    _ = try await Hooktop.run(["send", "webhook.test", "--to", url])
    try await shell.wait(for: "1 received")
    try await shell.paste("Qq\u{03}")
    try await shell.press("f")
    try await shell.paste("type:persona.*")
    try await shell.press("Enter")
    try await shell.wait(until: "an empty list") { $0.received == 1 && $0.row("webhook.test", "✓ ok") == nil }
  }

  @Test("Alt and Q are neither Escape nor Q")
  func alt() async throws {
    let shell = try await Shell()
    try await shell.watch()
    try await shell.press("?")
    try await shell.wait(for: "Help: ")
    try await shell.tmux("send-keys", "-l", "\u{1B}Q")
    try await shell.press("q")
    try await shell.wait(until: "the help to be closed") { !$0.contains("Help: ") }
    try await shell.press("f")
    try await shell.tmux("send-keys", "-l", "some text\u{1B}fx")
    try await shell.wait(for: " filter: some textx")
    try await shell.press("Escape")
    try await shell.wait(until: "the line of input to be closed") { !$0.contains(" filter: some") }
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }

  @Test("a frozen terminal costs no delivery and no answer")
  func frozen() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    shell.freeze(true)
    let sent = try await Hooktop.run(["send", "capture.processed", "--to", url, "--count", "1000"])
    #expect(sent.end == .exit(0))
    #expect(sent.errors.contains("1000 accepted"))
    shell.freeze(false)
    try await shell.wait(until: "1000 received") { $0.received == 1000 && $0.row("▸", "✓ ok") != nil }
  }

  @Test("at 80 columns the other panes are tabs below the list")
  func narrow() async throws {
    let shell = try await Shell(columns: 80, rows: 24)
    let url = try await shell.watch()
    #expect(try await Post().signed().send(to: url) == 200)
    try await shell.wait(for: "1 received", "✓ valid")
    try await shell.press("3")
    try await shell.wait(for: #""note": "of curl""#)
    try await shell.press("4")
    try await shell.wait(for: "X-Parlay-Event: analysis.completed")
    try await shell.press("3", "b", "b")
    try await shell.wait(for: "7b 22 69 64")
  }
}

extension Picture {
  static let three = ["webhook.test", "capture.processed", "persona.assigned"]

  /// Whether the rows of the list are of these events and no others.
  func shows(_ events: [String]) -> Bool {
    let rows = lines.dropFirst(2).filter { $0.firstMatch(of: #/^│[▸ ] +[0-9]+ +[0-9:]{8} /#) != nil }
    return rows.count == events.count
      && events.allSatisfy { event in rows.contains { $0.contains(event) } }
  }
}
