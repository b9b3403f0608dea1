import Foundation

/// Text that a stranger sends to get more out of a terminal, a log or a reader than letters.
struct HostileText: CustomStringConvertible {
  /// What it is meant to do.
  let name: String
  let bytes: [UInt8]

  init(_ name: String, _ bytes: some Sequence<UInt8>) {
    self.name = name
    self.bytes = Array(bytes)
  }

  init(_ name: String, _ text: String) {
    self.init(name, text.utf8)
  }

  var description: String { name }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// As a JSON string: what JSON lets stand is left as it is, so that invalid UTF-8 stays invalid.
  var jsonString: [UInt8] {
    bytes.reduce(into: [0x22]) { string, byte in
      switch byte {
      case 0x22, 0x5C: string += [0x5C, byte]
      case 0..<0x20: string += Array("\\u00".utf8) + Self.hex(byte)
      default: string.append(byte)
      }
    } + [0x22]
  }

  /// As a JSON string of ASCII, which is harmless until it is unescaped.
  var escapedJSONString: [UInt8] {
    let units = text.utf16.map { unit in
      "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
    }
    return Array("\"\(units.joined())\"".utf8)
  }

  private static func hex(_ byte: UInt8) -> [UInt8] {
    Array((byte < 0x10 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
  }

  /// Each control character with the eleven bytes that follow it, where there are so many: enough to be told from
  /// what a program needs for its own drawing.
  var sequences: Set<[UInt8]> { Self.sequences(in: bytes) }

  static func sequences(in bytes: [UInt8]) -> Set<[UInt8]> {
    let starts = bytes.indices.dropLast(11).filter { isControl(bytes[$0], bytes[$0 + 1]) }
    return Set(starts.map { Array(bytes[$0..<$0 + 12]) })
  }

  private static func isControl(_ byte: UInt8, _ next: UInt8) -> Bool {
    if byte < 0x20 || byte == 0x7F { return byte != 0x0A }
    return byte == 0xC2 && (0x80...0x9F).contains(next)
  }
}

extension HostileText {
  /// A kernel of the worst, one of each kind.
  static let kernel: [HostileText] = controls + strings + single + hidden + wide + broken

  private static let controls: [HostileText] = [
    HostileText("clears the screen and goes home", "\u{1B}[2J\u{1B}[Hgone"),
    HostileText("resets the terminal", "\u{1B}cfresh"),
    HostileText("writes over the verdict", "\u{1B}[1;1H\u{1B}[38;5;201mVALID\u{1B}[0m"),
    HostileText("conceals what follows", "a\u{1B}[8mhidden\u{1B}[28mb"),
    HostileText("goes back over the line", "BAD SIGNATURE\rgood SIGNATURE"),
    HostileText("deletes what stood there", "forged\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}valid"),
    HostileText("asks who the terminal is", "\u{1B}[c\u{1B}[>c\u{1B}[=c\u{1B}Z\u{5}"),
    HostileText("asks where the cursor is", "\u{1B}[6n\u{1B}[?6n\u{1B}[5n"),
    HostileText("asks for sizes and the title", "\u{1B}[14t\u{1B}[18t\u{1B}[21t\u{1B}[>q"),
    HostileText("reports the mouse and the focus", "\u{1B}[?1003h\u{1B}[?1006h\u{1B}[?1004h"),
    HostileText("leaves the alternate screen", "\u{1B}[?1049lbelow"),
    HostileText("sets a scrolling region and margins", "\u{1B}[5;9r\u{1B}[?69h\u{1B}[3;7s"),
    HostileText("ends a paste and types", "\u{1B}[201~Q:q\u{3}\r"),
    HostileText("changes the letters", "\u{1B}(0lqqk\u{E}lqk\u{F}\u{1B}(B\u{1B}%@"),
    HostileText("never ends an update", "\u{1B}[?2026h"),
    HostileText("fills the screen with E", "\u{1B}#8"),
    HostileText("has parameters without end", "\u{1B}[" + String(repeating: "9;", count: 600) + "m"),
    HostileText("is cut off in a sequence", "half\u{1B}["),
    HostileText("is cut off in a string", "half\u{1B}]0;"),
  ]

  private static let strings: [HostileText] = [
    HostileText("sets the title", "\u{1B}]0;all valid\u{7}\u{1B}]2;all valid\u{1B}\\"),
    HostileText("puts and asks for the title", "\u{1B}[22t\u{1B}[23t\u{1B}]l\u{1B}\\"),
    HostileText("links elsewhere", "\u{1B}]8;;http://203.0.113.9/\u{1B}\\parlay.example\u{1B}]8;;\u{1B}\\"),
    HostileText("writes the clipboard", "\u{1B}]52;c;cm0gLXJmIH4K\u{7}"),
    HostileText("reads the clipboard", "\u{1B}]52;c;?\u{7}"),
    HostileText("asks for colours", "\u{1B}]4;1;?\u{7}\u{1B}]10;?\u{7}\u{1B}]11;?\u{1B}\\"),
    HostileText("asks for capabilities", "\u{1B}P+q544e\u{1B}\\\u{1B}P$qm\u{1B}\\"),
    HostileText("draws a sixel", "\u{1B}P0;1q\"1;1;8;8#1;2;100;0;0#1~~@@vv@@~~$-\u{1B}\\"),
    HostileText("goes through tmux", "\u{1B}Ptmux;\u{1B}\u{1B}]0;through\u{7}\u{1B}\\"),
    HostileText(
      "is a command to screen", "\u{1B}ktitle\u{1B}\\\u{1B}_kitty\u{1B}\\\u{1B}^pm\u{1B}\\\u{1B}Xsos\u{1B}\\"),
    HostileText("sends an image", "\u{1B}_Gf=24,s=1,v=1;AAAA\u{1B}\\\u{1B}]1337;File=inline=1:AAAA\u{7}"),
    HostileText("marks a prompt", "\u{1B}]133;A\u{7}$ \u{1B}]133;B\u{7}"),
    HostileText(
      "uses C1 controls", "\u{9B}2J\u{9D}0;t\u{9C}\u{90}q\u{9C}\u{9F}x\u{9C}\u{85}\u{84}\u{8D}next"),
  ]

  private static let single: [HostileText] = [
    HostileText("is every control character", Array(0...0x1F) + [0x7F] + Array("end".utf8)),
    HostileText("is every C1 control character", (0x80...0x9F).flatMap { [0xC2, $0] }),
    HostileText("rings", String(repeating: "\u{7}", count: 50)),
    HostileText("stops the output", "\u{13}stopped\u{11}"),
    HostileText("goes to the next tab stops", "a\tb\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tover"),
    HostileText("feeds lines and forms", "a\u{B}b\u{C}c\nd\r\ne"),
    HostileText("deletes", "del\u{7F}\u{7F}\u{7F}ete"),
  ]

  private static let hidden: [HostileText] = [
    HostileText("turns the order around", "\u{202E}gpj.exe\u{202C}\u{2066}x\u{2069}\u{200F}\u{061C}"),
    HostileText("separates lines and paragraphs", "one\u{2028}two\u{2029}three\u{85}four"),
    HostileText("takes no room", "pa\u{200B}r\u{200C}l\u{200D}a\u{FEFF}y\u{AD}\u{2060}\u{180E}"),
    HostileText("hides in tags", "a\u{E0041}\u{E0042}\u{E007F}b"),
    HostileText("is private or unassigned", "\u{E000}\u{F8FF}\u{10FFFD}\u{378}"),
    HostileText("is no character", [0xEF, 0xBF, 0xBE, 0xEF, 0xB7, 0x90, 0xEF, 0xBF, 0xBF, 0x41]),
    HostileText("fills Hangul and Khmer with nothing", "\u{115F}\u{1160}\u{3164}\u{FFA0}\u{17B4}\u{17B5}"),
    HostileText("chooses variants", "a\u{FE0F}#\u{FE0F}\u{20E3}\u{2764}\u{FE0E}\u{E0100}"),
  ]

  private static let wide: [HostileText] = [
    HostileText("is wide", String(repeating: "漢字仮名交じり文", count: 30)),
    HostileText("is wide at odd columns", "x" + String(repeating: "界", count: 120)),
    HostileText("piles marks up", "Z" + String(repeating: "\u{301}\u{323}\u{489}", count: 60) + "algo"),
    HostileText("begins with a mark", "\u{300}\u{0E33}first"),
    HostileText("is written from right to left", "שלום עולם مرحبا بالعالم ‏(a)‏"),
    HostileText("is one emoji of many", "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇫🇷 1️⃣ 🧑🏿‍🚀"),
    HostileText("joins Indic letters", "क्षि नमस्ते ক্ষ తెలుగు ไม่มีที่ตั้ง"),
    HostileText("joins Hangul", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF} 한글"),
    HostileText("draws frames", "┌─┐│└─┘├┤ ║ ▸ ✓ valid │"),
    HostileText("has one long line", String(repeating: "0123456789", count: 3000)),
  ]

  private static let broken: [HostileText] = [
    HostileText("is Latin-1", [0x63, 0x61, 0x66, 0xE9, 0x20, 0x9B, 0x32, 0x4A]),
    HostileText("is UTF-16", [0xFF, 0xFE, 0x1B, 0x00, 0x5B, 0x00, 0x63, 0x00]),
    HostileText("is overlong", [0xC0, 0x9B, 0xE0, 0x80, 0x9B, 0xC1, 0x81, 0xF0, 0x80, 0x80, 0x9B, 0x41]),
    HostileText("is a surrogate or beyond", [0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xF4, 0x90, 0x80, 0x80]),
    HostileText("is cut off", [0x41, 0xE2, 0x82, 0x1B, 0x5B, 0x63, 0xF0, 0x9F, 0x98]),
    HostileText("is continuation", Array(0x80...0xBF)),
  ]
}
