import Foundation
import Testing

/// No received byte drives the terminal, whatever is looked at.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct HostileBytesTests {
  @Test(
    "the terminal that these tests look at answers what it is asked",
    arguments: ["\u{1B}[c", "\u{1B}[>c", "\u{1B}[5n", "\u{1B}[6n", "\u{1B}[>q"])
  func answers(question: String) async throws {
    let shell = try await Shell()
    #expect(try await shell.answers(to: Array("before\(question)after".utf8)).starts(with: [0x1B]))
    #expect(try await shell.answers(to: Array("harmless".utf8)).isEmpty)
  }

  /// So many texts of one line each stand in one body that all of them are seen at once.
  private static let linesInBody = 28

  /// Bodies of one text each, and the short ones of the corpora many in one.
  private static func bodies(_ texts: [HostileText], _ short: [HostileText]) -> [HostileText] {
    let groups = stride(from: 0, to: short.count, by: linesInBody).map {
      short[$0..<min($0 + linesInBody, short.count)]
    }
    return texts
      + groups.flatMap { group in
        [
          HostileText("\(group[group.startIndex]) and on", group.map(\.bytes).joined(separator: [0x0A])),
          HostileText(
            "\(group[group.startIndex]) and on, as JSON",
            [0x5B] + group.map(\.jsonString).joined(separator: [0x2C]) + [0x5D]),
        ]
      }
  }

  @Test("a body that tries to drive the terminal is shown, and does not: a kernel of the worst")
  func kernel() async throws {
    try await show(Self.bodies(HostileText.kernel, HostileText.kernel))
  }

  @Test(
    "a body of the corpora is shown, and drives nothing", .enabled(if: Corpus.isComplete, "\(Corpus.absence)")
  )
  func corpora() async throws {
    try await show(Self.bodies(Corpus.terminal, Corpus.naughty + Corpus.utf8))
  }

  /// Lets bodies arrive and looks at each in all views, in the pane and with the whole screen for it.
  private func show(_ bodies: [HostileText]) async throws {
    let shell = try await Shell()
    try await shell.record()
    let barrage = try Barrage(try await shell.watch("hooktop watch --port 0 --theme dark"))
    let borders = try await shell.borders()
    for (number, body) in bodies.enumerated() {
      #expect(try HostileDelivery(text: body, place: .body).send(over: barrage) == 401, "\(body)")
      let first = try await shell.wait(until: "\(body) in whole panes") {
        $0.received == number + 1 && $0.borders == borders && $0.bodyView(of: number + 1) != nil
      }.bodyView(of: number + 1)
      var view = first
      // Through all the views in which it looks different, and back.
      repeat {
        let before = view
        try await shell.press("b")
        view = try await shell.wait(until: "\(body) in another view than \(before ?? ""), in whole panes") {
          let view = $0.bodyView(of: number + 1)
          return $0.borders == borders && view != nil && view != before
        }.bodyView(of: number + 1)
      } while view != first
    }
    try await lookNarrow(shell, at: bodies)
    try await lookWide(shell)
    try await endHarmlessly(shell, of: bodies)
  }

  /// Goes through all bodies, newest first, with the list above the body.
  private func lookNarrow(_ shell: Shell, at bodies: [HostileText]) async throws {
    try await shell.resize(80, 24)
    try await shell.press("b", "3", "1", "g")
    for (number, body) in bodies.enumerated().reversed() {
      try await shell.wait(until: "\(body), in whole panes below each other") {
        $0.isSelected(number + 1) && $0.bodyView(of: number + 1) != nil && $0.hasWholeFrame("Deliveries")
          && $0.hasWholeFrame("Body")
      }
      try await shell.press("j")
    }
  }

  /// Gives the whole screen to the newest body, which is one of many lines, and goes through it.
  private func lookWide(_ shell: Shell) async throws {
    try await shell.resize(120, 36)
    try await shell.press("g", "3", "Enter")
    for view in 1...3 {
      for keys in [["w"], ["PPage"], ["w"], ["l"], ["NPage"], ["g"]] {
        try await shell.press(keys[0])
        try await shell.wait(until: "view \(view) after \(keys) on the whole screen") {
          $0.hasWholeFrame("Body") && $0.bodyView() != nil && !$0.contains("┌ Deliveries")
        }
      }
      try await shell.press("b")
    }
  }
}

extension Picture {
  /// The view that the body stands in, and its size, as the pane's title has them: `JSON · pretty · 311 B`.
  /// - Parameter number: the delivery's; nil: any.
  fileprivate func bodyView(of number: Int? = nil) -> String? {
    // A picture may be taken while it is drawn.
    let title = row("├ Body ") ?? row("┌ Body ")
    guard number.map({ title?.contains("#\($0) ") == true }) ?? true else { return nil }
    return title?.components(separatedBy: "  ").first { $0.contains(" · ") }
  }

  /// Whether the delivery of this number is the selected one.
  fileprivate func isSelected(_ number: Int) -> Bool {
    lines.contains { $0.contains("▸") && $0.split(separator: " ").dropFirst().first == "\(number)" }
  }
}
