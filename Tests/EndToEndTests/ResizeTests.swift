import Foundation
import Glibc
import Testing

/// The screen follows the terminal's size, whatever that is.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct ResizeTests {
  private static let sizes = [
    (1, 1), (500, 200), (0, 0), (120, 36), (2, 1), (1, 60), (39, 8), (40, 7), (40, 8), (99, 30), (100, 30),
    (80, 24), (300, 5), (41, 100), (0, 24), (80, 0), (200, 50), (3, 3),
  ]

  @Test("a thousand sizes under load, 0x0 and 500x200 among them, leave the screen drawn right")
  func storm() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    let borders = try await shell.borders()
    let load = try Hooktop.start([
      "send", "capture.processed", "--to", url, "--count", "400", "--rate", "200",
    ])
    let terminal = open(shell.terminal, O_RDWR | O_NOCTTY)
    defer { close(terminal) }
    for number in 0..<1000 {
      let (columns, rows) = Self.sizes[number % Self.sizes.count]
      var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
      #expect(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
      // Now and then the program gets to draw, so that not all of them are one change to it.
      if number % 10 == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }
    #expect(try await load.outcome().end == .exit(0))
    try await expectRight(shell, received: 400, borders)
  }

  @Test("the terminal's own resizes, down to one cell and up to 500x200, leave the screen drawn right")
  func windows() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    let borders = try await shell.borders()
    let load = try Hooktop.start(["send", "--to", url, "--count", "300", "--rate", "100"])
    for (columns, rows) in Self.sizes + Self.sizes.reversed() where columns > 0 && rows > 0 {
      try await shell.resize(columns, rows)
    }
    #expect(try await load.outcome().end == .exit(0))
    try await expectRight(shell, received: 300, borders)
  }

  @Test("a terminal that is too small says so, and goes on receiving")
  func tooSmall() async throws {
    let shell = try await Shell()
    let url = try await shell.watch()
    try await shell.resize(30, 6)
    try await shell.wait(until: "a word about the size") { $0.contains("40x8") && $0.url == nil }
    _ = try await Hooktop.run(["send", "--to", url])
    try await shell.resize(120, 36)
    try await shell.wait(for: "1 received", "analysis.completed")
  }

  private func expectRight(_ shell: Shell, received: Int, _ borders: Set<Int>) async throws {
    let program = try await shell.program()
    try await shell.resize(119, 35)
    try await shell.resize(120, 36)
    try await shell.wait(until: "\(received) received in whole panes") { picture in
      picture.received == received && picture.borders == borders && picture.contains("✓ valid")
        && picture.lines.count == 36 && picture.lastLine.hasSuffix("q quit")
    }
    #expect(!ProcessEntry.hasEnded(program))
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}
