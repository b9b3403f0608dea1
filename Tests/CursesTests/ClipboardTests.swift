import Testing

@testable import Curses

@Suite("What puts a text on the clipboard")
struct ClipboardTests {
  private func clipboard(_ variables: [String: String]) -> Clipboard { Clipboard { variables[$0] } }

  @Test("is one sequence on a terminal, and both of tmux's in tmux")
  func sequences() {
    let plain = "\u{1B}]52;c;aGk=\u{07}"
    #expect(clipboard(["TERM": "xterm-256color"]).sequence(base64: Array("aGk=".utf8)) == plain)
    let tmux = clipboard(["TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"])
    #expect(
      tmux.sequence(base64: Array("aGk=".utf8)) == plain + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aGk=\u{07}\u{1B}\\")
  }

  @Test("comes in short pieces through screen, which give the sequence together")
  func screen() throws {
    let text = Array(repeating: UInt8(ascii: "a"), count: 2000)
    let sequence = try #require(clipboard(["TERM": "screen", "STY": "1.tty"]).sequence(base64: text))
    let pieces = sequence.split(separator: "\u{1B}\\").map { $0.dropFirst(2) }
    #expect(pieces.allSatisfy { $0.utf8.count <= 512 } && pieces.count == 4)
    #expect(pieces.joined() == "\u{1B}]52;c;\(String(decoding: text, as: UTF8.self))\u{07}")
  }

  @Test(
    "is nothing where the terminal is known not to take it",
    arguments: [
      ["TERM": "linux"], ["TERM": "vt220"], ["TERM": "xterm-256color", "VTE_VERSION": "6003"],
      ["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"],
    ])
  func refused(variables: [String: String]) {
    #expect(clipboard(variables).isRefused)
    #expect(clipboard(variables).sequence(base64: []) == nil)
    #expect(!clipboard(variables.merging(["TMUX": "1"]) { $1 }).isRefused)
  }

  @Test("is nothing over the limit of terminals, and nothing but base64 gets into it")
  func gate() {
    let clipboard = clipboard(["TERM": "xterm"])
    #expect(clipboard.sequence(base64: Array(repeating: 0x61, count: 99_992)) != nil)
    #expect(clipboard.sequence(base64: Array(repeating: 0x61, count: 99_993)) == nil)
    for byte in UInt8.min...UInt8.max {
      let isDigit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8.contains(byte)
      #expect((clipboard.sequence(base64: [byte]) != nil) == isDigit)
    }
  }
}
