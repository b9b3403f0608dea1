import Foundation
import Testing

/// A webhook's whole life, as the README tells it, with its own commands in three real terminals.
@Suite(.enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"), .timeLimit(.minutes(3)))
final class StoryTests {
  private let folder: TemporaryFolder
  private let story: Story
  private var watch: Shell { story.terminals[1] }
  /// The webhook's id.
  private var id = ""

  init() async throws {
    let folder = try TemporaryFolder()
    let port = try freePort()
    self.folder = folder
    let places: Story.Places = [
      ("http://127.0.0.1:4747", "http://127.0.0.1:\(port)"),
      ("hooktop watch", "hooktop watch --port \(port)"),
      ("hooktop sandbox", "hooktop sandbox --listen 127.0.0.1:0"), ("/tmp/story", folder.path("story")),
    ]
    story = try await Story(places, environment: ["XDG_STATE_HOME": folder.path])
  }

  @Test("each step of the README's story does what the README says")
  func whole() async throws {
    try await startAndRegister()
    try await breakAndFix()
    try await rotate()
    try await pauseAndResume()
    try await answer500()
    try await missAndCatchUp()
    try await story.act()
    #expect(story.isOver)
    let secrets = folder.path("hooktop/secrets")
    #expect(try FileManager.default.contentsOfDirectory(atPath: secrets) == [])
  }

  /// Starts the next `watch` of the story, and waits for its screen.
  private func beginWatching() async throws {
    let shell = try await story.begin(in: 2)
    try await shell.wait(until: "the monitor") { $0.received == 0 && $0.url != nil }
  }

  private func startAndRegister() async throws {
    let sandbox = try await story.begin(in: 1)
    let picture = try await sandbox.wait(until: "what to try next") {
      $0.contains("-d '{\"event\":\"analysis.completed\"}'")
    }
    let exports = picture.lines.filter { $0.hasPrefix("  export ") }
    #expect(exports.count == 4)
    for shell in story.terminals.dropFirst() { for line in exports { try await shell.type(line) } }
    try await beginWatching()
    let registered = try await story.act()
    id = try #require(registered.description.firstMatch(of: #/\nid +(wh_\w+)/#).map { String($0.1) })
    #expect(registered.contains("secret saved to  \(folder.path)") && !registered.contains("whsec_"))
    #expect(registered.contains("Parlay sends webhook.test to \(id)"))
    try await watch.wait(until: "the test event") {
      $0.received == 1 && $0.failed == 0 && $0.row("▸", "webhook.test", "✓ ok") != nil
        && $0.contains("✓ valid: signed by the holder of the secret") && $0.contains("parlay/\(self.id)")
    }
    try await watch.wait(for: "The saved secret parlay/\(id) is active")
  }

  private func breakAndFix() async throws {
    try await watch.press("Q")
    try await watch.waitForPrompt(0)
    try await story.act()
    try await beginWatching()
    try await story.act()
    try await watch.wait(until: "the cause") {
      $0.contains("✗ mismatch: no secret matches") && $0.contains("secret damaged when copied  PROVEN")
        && $0.contains("whsec_ in front")
    }
    try await story.act()
    try await watch.wait(until: "the valid attempt") {
      $0.row("▸", "webhook.test", "✓ ok") != nil && $0.contains("✓ valid")
        && $0.contains("parlay/\(self.id) was rotated at ") && $0.failed.map { $0 + 1 } == $0.received
    }
  }

  private func rotate() async throws {
    // What was said of the last change is to be gone.
    try await watch.press("F", "F")
    let before = try #require(
      try await watch.wait(until: "no notice") { !$0.contains("was rotated at ") }.failed)
    #expect(try await story.act().contains("secret saved to  \(folder.path)"))
    try await watch.wait(until: "word of the rotation") { $0.contains("parlay/\(self.id) was rotated at ") }
    let picture = try await story.act()
    #expect(picture.contains("1 sent: 0 accepted, 1 refused") && !picture.contains("whsec_"))
    try await watch.wait(until: "the event with the new secret") {
      $0.row("▸", "webhook.test", "✓ ok") != nil && $0.failed == before + 1 && $0.contains("✓ valid")
    }
    try await watch.press("e")
    try await watch.wait(until: "what the rotation explains") {
      $0.contains("signed with the secret from before the")
        && $0.matches(#/rotation at \d\d:\d\d:\d\d  PROVEN/#)
    }
    try await watch.press("F")
  }

  private func pauseAndResume() async throws {
    let before = try #require(try await watch.picture().received)
    let paused = try await story.act()
    #expect(paused.contains("\(id) is paused") && paused.matches(#/queue_length +5/#))
    #expect(paused.lines.count { $0.contains(#""queued":1"#) } == 5)
    #expect(try await watch.picture().received == before)
    #expect(try await story.act().contains("\(id) is active: what was queued is sent now"))
    try await watch.wait(until: "the burst") { picture in
      picture.received == before + 5
        && picture.lines.count { $0.contains(#/parlay +analysis\.completed +test +✓ ok/#) } == 5
    }
  }

  private func answer500() async throws {
    try await watch.press("A", "j", "Enter", "Escape")
    try await watch.wait(for: "A: status 500 x3 · 3 more")
    try await story.act()
    let countdown = #/next attempt in ([0-9.]+) s \(3 of 5\)/#
    var looked = Date()
    let third = try await watch.wait(until: "the countdown after the third 500") { picture in
      defer { looked = Date() }
      return picture.matches(countdown) && picture.row("▸", "analysis.f", "try 3") != nil
        && picture.contains("answer  500, by the rule status 500 x3")
    }
    let left = try #require(third.description.firstMatch(of: countdown).flatMap { Double($0.1) })
    let fourth = try await watch.wait(until: "the fourth attempt") {
      $0.row("▸", "analysis.f", "try 4") != nil && $0.matches(#/try 4 .* 200  after/#)
    }
    #expect(fourth.matches(#/try 4 .* 200  after (2\.[4-9]|3|3\.\d) s, due 2\.5 s/#), "\(fourth)")
    let attempts = try folder.text("story.ndjson").split(separator: "\n").map { try Record(String($0)) }
      .filter { $0.event == "analysis.failed" }
    #expect(attempts.map(\.answer) == [500, 500, 500, 200])
    #expect(attempts.allSatisfy { $0.status == "valid" })
    let arrived = try #require(attempts.last?.text("received_at").flatMap(Self.date))
    let error = arrived.timeIntervalSince(looked) - left
    #expect(abs(error) < 1, "it came \(error) s after the moment that the countdown named")
  }

  /// The moment that a session's line names, to the microsecond.
  private static func date(_ text: String) -> Date? {
    let parts = text.dropLast().split(separator: ".")
    guard parts.count == 2, let whole = try? Date("\(parts[0])Z", strategy: .iso8601),
      let fraction = Double("0.\(parts[1])")
    else { return nil }
    return whole + fraction
  }

  private func missAndCatchUp() async throws {
    try await watch.press("Q")
    try await watch.waitForPrompt(0)
    let pulled = try await story.act()
    let capture = try #require(pulled.description.firstMatch(of: #/\n(cap_\w+)  20/#).map { String($0.1) })
    #expect(pulled.contains("  \"id\": \"\(capture)\","))
    try await story.terminals[0].wait(until: "the refused push") {
      $0.row("capture.processed", "refused", "next in ") != nil
    }
    try await beginWatching()
    try await watch.wait(until: "the retry") {
      $0.received == 1 && $0.row("▸", "capture.processed", "✓ ok") != nil && $0.contains(capture)
    }
    try await watch.press("P", "j", "j", "j", "j", "Enter")
    try await watch.wait(for: "Compare #1 with now")
    try await watch.press("Q")
    try await watch.waitForPrompt(0)
    try await story.terminals[0].press("C-c")
    try await story.terminals[0].waitForPrompt(130)
  }
}

extension Picture {
  /// Whether a line matches.
  fileprivate func matches(_ pattern: some RegexComponent) -> Bool {
    lines.contains { $0.firstMatch(of: pattern) != nil }
  }
}
