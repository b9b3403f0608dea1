import Foundation
import Testing

/// No received byte drives the terminal.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct HostileBytesTests {
  /// Beside the package, not in it.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/corpora/terminal").standardizedFileURL

  private static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".bin") }.sorted()
  }()

  @Test(
    "a body that tries to drive the terminal is shown, and does not",
    .enabled(if: !files.isEmpty, "the corpus ../shared/corpora/terminal is not there"))
  func bodies() async throws {
    let shell = try await Shell()
    try await shell.record()
    let url = try await shell.watch()
    let borders = try await shell.borders()
    for (number, file) in Self.files.enumerated() {
      var post = Post()
      post.body = try Data(contentsOf: Self.folder.appending(path: file))
      #expect(try await post.signed().send(to: url) == 200, "\(file)")
      for view in ["pretty", "raw", "hex"] {
        try await shell.wait(until: "\(file), \(view), in whole panes") {
          $0.received == number + 1 && $0.borders == borders && $0.showsBody(view)
        }
        try await shell.press("b")
      }
    }
    try await shell.press("q")
    try await shell.waitForPrompt(0)
    expectHarmless(shell.recorded)
    let recorded = Data(shell.recorded)
    for file in Self.files {
      let start = try Data(contentsOf: Self.folder.appending(path: file)).prefix(64)
      guard start.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { continue }
      #expect(recorded.range(of: start) == nil, "\(file) reached the terminal as it was sent")
    }
  }

  @Test("headers, paths and event names that try to drive the terminal are shown, and do not")
  func headers() async throws {
    let shell = try await Shell()
    try await shell.record()
    let url = try await shell.watch()
    let borders = try await shell.borders()
    let texts = [
      "\u{202E}gnp.exe\u{2066}x\u{200F}", "a\u{200B}b\u{FEFF}c\u{00AD}", "\u{9B}31mHKT\u{9D}2;x\u{9C}",
    ]
    for (number, text) in texts.enumerated() {
      var post = Post()
      post.event = text
      post.body = Data(#"{"id":"\#(text)","event":"\#(text)","livemode":false}"#.utf8)
      #expect(try await post.signed().send(to: url + "/a%1b%5b2Jb") == 200)
      try await shell.wait(until: "whole panes") { $0.received == number + 1 && $0.borders == borders }
    }
    try await shell.press("4", "Enter", "T")
    try await shell.wait(for: "Event types")
    try await shell.press("Escape")
    try await shell.wait(until: "no list of types") { !$0.contains("Event types") }
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    expectHarmless(shell.recorded)
  }

  /// Expects only what ncurses and the shell need to draw, and nothing that a terminal acts upon or hides.
  private func expectHarmless(_ bytes: [UInt8]) {
    let strangers = Set(TerminalSequence.all(in: bytes)).filter { !isNeeded($0) }
    #expect(strangers.isEmpty, "\(strangers.map(\.description).sorted())")
    let text = String(decoding: bytes, as: UTF8.self)
    let hidden = Set(text.unicodeScalars.filter(isHidden))
    #expect(hidden.isEmpty, "\(hidden.map { String($0.value, radix: 16) }.sorted())")
  }

  private func isNeeded(_ sequence: TerminalSequence) -> Bool {
    switch sequence.kind {
    case .control: "\r\n\u{08}\u{0E}\u{0F}".unicodeScalars.contains(sequence.text.unicodeScalars.first!)
    case .escape:
      ["\u{1B}(B", "\u{1B})0", "\u{1B}=", "\u{1B}>", "\u{1B}M", "\u{1B}7", "\u{1B}8"].contains(sequence.text)
    case .csi: isNeeded(final: sequence.final, parameters: sequence.parameters)
    case .string: false
    }
  }

  private func isNeeded(final: Character, parameters: Substring) -> Bool {
    switch final {
    case "h", "l": ["?1", "?25", "?1049", "?2004", "4", "?7", "34", "?12"].contains(parameters)
    // ncurses moves parts of the screen so.
    case "r": parameters.wholeMatch(of: #/[1-9][0-9]?;[1-9][0-9]?/#) != nil
    case "m": parameters.allSatisfy { $0.isNumber || $0 == ";" } && parameters.count < 24
    case "H", "d", "G", "K", "X", "@", "P", "A", "B", "C", "D", "I", "Z", "b", "L", "M":
      parameters.allSatisfy { $0.isNumber || $0 == ";" } && parameters.count < 8
    case "J": ["", "1"].contains(parameters)
    default: false
    }
  }

  /// C1 controls, and what turns the order of the text around or takes no room.
  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0xAD, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xE000...0xF8FF, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF:
      true
    default: false
    }
  }
}

extension Picture {
  /// Whether the body stands there in this view; what is not JSON has no pretty one.
  fileprivate func showsBody(_ view: String) -> Bool {
    let title = row(" Body ") ?? ""
    return title.contains(" \(view) ") || view == "pretty" && title.contains(" raw ")
  }
}
