import CNcurses

/// The parts of the terminal's terminfo description that ncurses does not use for us.
enum Terminfo {
  static let bracketedPasteOn = "\u{1B}[?2004h"
  static let bracketedPasteOff = "\u{1B}[?2004l"
  /// Buttons and the wheel, with places that have no bound.
  static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
  static let mouseOff = "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l"

  /// Loads the description of a terminal type.
  static func load(_ type: String, for descriptor: Int32) throws(TerminalError) {
    var status: Int32 = 0
    guard setupterm(type, descriptor, &status) == OK else { throw .unknown(type: type) }
    guard string("cup") != nil, tigetflag("hc") != 1 else { throw .cannotPlaceCursor(type: type) }
  }

  static var colors: Int { Int(tigetnum("colors")) }

  /// True for terminals that take ECMA-48 sequences, and skip those they do not know.
  static var isECMA48: Bool { string("cup")?.starts(with: [0x1B, 0x5B]) ?? false }

  /// Whether leaving brings back what stood on the terminal before.
  static var hasAlternateScreen: Bool { string("rmcup") != nil }

  /// What puts the terminal back after the program was torn away in the middle of a frame: paste and
  /// mouse reports off, attributes off, cursor shown, keypad and alternate screen left.
  static var restoreString: [UInt8] {
    let modes = isECMA48 ? Array((bracketedPasteOff + mouseOff).utf8) : []
    // Without an alternate screen, the shell's prompt would land in the middle of the frame.
    let newLine: [UInt8] = hasAlternateScreen ? [] : Array("\r\n".utf8)
    return ["sgr0", "rmkx", "cnorm", "rmcup"].reduce(into: modes) { $0 += string($1) ?? [] } + newLine
  }

  /// Returns a capability without its padding, or nil if the terminal does not have it.
  private static func string(_ name: String) -> [UInt8]? {
    guard let value = tigetstr(name), UInt(bitPattern: value) != UInt.max else { return nil }
    return withoutPadding(Array(String(cString: value).utf8))
  }

  /// Drops the delays, written as `$<50/>`.
  static func withoutPadding(_ capability: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < capability.count {
      if capability[index...].starts(with: [0x24, 0x3C]), let end = capability[index...].firstIndex(of: 0x3E)
      {
        index = end + 1
      } else {
        result.append(capability[index])
        index += 1
      }
    }
    return result
  }
}
