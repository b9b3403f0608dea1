import Foundation
import Testing

/// No name, id, path or header that a stranger chose drives the terminal, wherever it is shown.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct HostileTourTests {
  private static let sizes = [(120, 36), (80, 24)]

  @Test(
    "headers, names and ids that try to drive the terminal are shown everywhere, and do not: a kernel of the worst"
  )
  func kernel() async throws {
    try await tour(of: HostileText.kernel)
  }

  @Test(
    "headers, names and ids of the corpora are shown everywhere, and drive nothing",
    .enabled(if: Corpus.isComplete, "\(Corpus.absence)"))
  func corpora() async throws {
    try await tour(of: Corpus.all)
  }

  private func tour(of texts: [HostileText]) async throws {
    let shell = try await Shell()
    try await shell.record()
    let barrage = try Barrage(try await shell.watch("hooktop watch --port 0 --theme dark"))
    var received = 0
    for place in [HostileDelivery.Place.rawHead, .headers, .escapedJSON, .json] {
      for text in texts {
        let status = try HostileDelivery(text: text, place: place).send(over: barrage)
        // Escapes make a long text larger than a body may be.
        let isRefused = place == .rawHead || (place == .escapedJSON && status == 413)
        #expect(status == 401 || isRefused, "\(text) in \(place): \(String(describing: status))")
        if status == 401 { received += 1 }
      }
    }
    let newest = received
    for (columns, rows) in Self.sizes {
      try await shell.resize(columns, rows)
      try await shell.wait(until: "\(newest) received on \(columns) columns") {
        $0.received == newest && $0.lines.count == rows && $0.showsPanes(columns)
      }
      try await list(shell, columns, pages: received / (columns < 100 ? 7 : 30) + 1)
      try await panes(shell, columns)
      try await filters(shell, columns)
      try await popups(shell, columns)
    }
    try await endHarmlessly(shell, of: texts)
  }

  /// Presses keys and expects the panes whole after each.
  private func press(_ shell: Shell, _ columns: Int, _ keys: String...) async throws {
    for key in keys {
      try await shell.press(key)
      try await shell.wait(until: "whole panes after \(key) on \(columns) columns") { $0.showsPanes(columns) }
    }
  }

  private func list(_ shell: Shell, _ columns: Int, pages: Int) async throws {
    try await press(shell, columns, "1", "g")
    for _ in 0..<min(pages, 40) { try await press(shell, columns, "NPage") }
  }

  /// The other panes, about deliveries from all over the list.
  private func panes(_ shell: Shell, _ columns: Int) async throws {
    for pane in ["2", "3", "4"] {
      try await press(
        shell, columns, pane, "1", "g", "j", "C-d", "NPage", "NPage", "k", "G", "k", "C-u", pane)
      for key in ["Enter", "w", "NPage", "l", "G", "w", "g"] {
        try await shell.press(key)
        try await shell.wait(until: "a whole frame after \(key) on \(columns) columns") {
          $0.hasWholeFrame(["", "", "Signature", "Body", "Headers"][Int(pane)!])
            && !$0.hasWholeFrame("Deliveries")
        }
      }
      try await press(shell, columns, "Enter")
    }
  }

  /// The filter by a hostile event name, the line that it is typed in, and the search.
  private func filters(_ shell: Shell, _ columns: Int) async throws {
    try await press(shell, columns, "1", "g", "j", "j", "t")
    try await type(shell, columns, "f", "Home", "End", "Left", "C-w", "Up", "Escape")
    try await press(shell, columns, "\\", "\\", "t")
    for pane in ["4", "3", "1"] {
      try await press(shell, columns, pane)
      try await type(shell, columns, "/", "e", "Enter")
      try await press(shell, columns, "n", "n", "N")
    }
    try await press(shell, columns, "Escape", "Escape")
  }

  /// Presses keys into a line of input; what it says may lie over the panes' last rows.
  private func type(_ shell: Shell, _ columns: Int, _ keys: String...) async throws {
    for key in keys {
      try await shell.press(key)
      try await shell.wait(until: "sides after \(key) on \(columns) columns") { $0.hasSides(columns) }
    }
    // A key that comes right after Escape would be one key with it.
    try await shell.wait(until: "no line of input on \(columns) columns") { $0.showsPanes(columns) }
  }

  private func popups(_ shell: Shell, _ columns: Int) async throws {
    let popups: [(keys: [String], title: String)] = [
      (["I"], "Incidents"), (["T"], "Event types"), (["?"], "Help"), ([":"], "Actions"),
      (["S"], "Signing secrets"), (["i"], "Try it"), (["i", "b"], "Signed bytes"),
    ]
    for (keys, title) in popups {
      for key in keys { try await shell.press(key) }
      for key in title == "Actions" ? ["Down"] : ["j", "NPage", "NPage", "G", "k"] {
        try await shell.wait(until: "\(title), whole, on \(columns) columns") { $0.hasWholeFrame(title) }
        try await shell.press(key)
      }
      try await shell.wait(until: "\(title), whole, on \(columns) columns") { $0.hasWholeFrame(title) }
      for _ in keys {
        try await shell.press("Escape")
        try await shell.wait(until: "one popup less") { !$0.hasWholeFrame(title) }
      }
      try await shell.wait(until: "no popup") { $0.showsPanes(columns) }
    }
  }
}

extension Picture {
  /// Whether all panes that have room stand there whole.
  fileprivate func showsPanes(_ columns: Int) -> Bool {
    guard hasWholeFrame("Deliveries") else { return false }
    let details = ["Signature", "Body", "Headers"]
    return columns < 100
      ? details.contains(where: hasWholeFrame)
      : details.allSatisfy(hasWholeFrame) && borders.count == 4
  }

  /// Whether the screen's outer columns hold the panes' sides, in all rows but those that a line of input may take.
  fileprivate func hasSides(_ columns: Int) -> Bool {
    lines.indices.dropFirst().dropLast(4).allSatisfy { row in
      let cells = self.columns(row)
      let isTabs = lines[row].contains("3 Body  4 Headers")
      return isTabs
        || [0, columns - 1].allSatisfy { cells[$0].map("┌┐└┘│├┤".unicodeScalars.contains) ?? false }
    }
  }
}
