import Foundation
import Testing

/// What a presentation hides reaches the terminal nowhere.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct PresentationTests {
  private static let value = "xq7\u{FC}&Kw+9/pz"
  /// What is left of the value where it is cut, escaped, encoded, or shown in hexadecimal.
  private static let pieces = [
    "xq7", "Kw+9", "9/pz", "Kw%2B", "78 71 37", "eHE3", "787137", "4cTfDvC", "xN8O8Jkt",
  ]

  /// Looks at a valid and a forged delivery everywhere; gives all that reached the terminal.
  private func tour(hides: Bool) async throws -> String {
    let shell = try await Shell(columns: 100, rows: 30)
    let app = try await StandInApp(.takesAll)
    try await shell.record()
    let url = try await shell.watch("hooktop watch --port 0 --no-control --forward \(app.url)")
    if hides {
      try await shell.press("*")
      try await shell.wait(for: "present without:")
      try await shell.press("C-u")
      try await shell.type("$.data.secret")
      try await shell.wait(for: "presenting, 1 path hidden")
    }
    var post = Post()
    post.body = Data(
      #"{"id":"evt_e2e","event":"analysis.completed","livemode":false,"data":{"secret":"\#(Self.value)","copy":"xq7\u00fc&Kw+9/pz"}}"#
        .utf8)
    post.headers = ["X-Echo: xq7%C3%BC%26Kw%2B9%2Fpz", "X-Hex: 787137c3bc264b772b392f707a"]
    let good = try await post.signed()
    _ = try await good.send(to: url)
    // Its own value is another one, which only its own headers would hold.
    post.headers = []
    post.body = Data(
      String(decoding: post.body, as: UTF8.self).replacingOccurrences(of: "Kw+9", with: "Kw+8").utf8)
    _ = try await post.signed(t: Int(Date().timeIntervalSince1970), v1: String(repeating: "5a", count: 32))
      .send(to: url)
    try await shell.wait(for: "2 received", "mismatch")
    // The valid one, and the forged one where it matters.
    for row in hides ? ["G", "g"] : ["G"] {
      try await shell.press("1", row)
      for pane in ["2", "3", "4", "5"] {
        try await shell.press(pane, "Enter", "G", "g", "b", "b", "b", "w", "w", "l", "h", "Enter")
      }
      try await shell.press("3", "j", "j", "j", "j", "j", "j", "H", "Escape", "V", "Escape", "1")
      for keys in [["i", "b", "G"], ["D", "G"], ["y"], ["x"], ["R"], ["a"], ["T"], ["I"], ["?"], ["A"]] {
        for key in keys { try await shell.press(key) }
        for _ in keys { try await shell.press("Escape") }
      }
      try await shell.press("Y", "o", "Escape", "C-l")
    }
    try await shell.press("?")
    try await shell.wait(for: "Help: ")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
    return String(decoding: shell.recorded, as: UTF8.self)
  }

  /// What was put on the clipboard, as text.
  private func copies(in recorded: String) -> String {
    recorded.matches(of: #/52;[a-z]*;([A-Za-z0-9+\/=]+)/#)
      .compactMap { Data(base64Encoded: String($0.1)) }.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  @Test("no spelling of a hidden value reaches the terminal from any pane, popup or copy")
  func hidden() async throws {
    let recorded = try await tour(hides: true)
    #expect(recorded.contains("[redacted]") && recorded.contains("mismatch"))
    for piece in Self.pieces {
      #expect(!recorded.contains(piece), "\(piece) was shown")
      #expect(!copies(in: recorded).contains(piece), "\(piece) was copied")
    }
  }

  @Test("without a presentation the same tour shows it, so that the other one can fail")
  func shown() async throws {
    let recorded = try await tour(hides: false)
    for piece in ["xq7", "9/pz", "Kw%2B", "787137"] { #expect(recorded.contains(piece), "\(piece)") }
    #expect(recorded.contains("78 71") || recorded.contains("78 \u{1B}"))
  }
}
