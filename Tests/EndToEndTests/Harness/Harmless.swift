import Foundation
import Testing

/// Expects that among the bytes for a terminal stands only what ncurses and the shell need to draw, and nothing
/// that a terminal acts upon or hides.
func expectHarmless(
  _ bytes: [UInt8], of texts: [HostileText], sourceLocation: SourceLocation = #_sourceLocation
) {
  let strangers = Set(TerminalSequence.all(in: bytes)).filter { !$0.isNeededToDraw }
  #expect(strangers.isEmpty, "\(strangers.map(\.description).sorted())", sourceLocation: sourceLocation)
  expectNothingHidden(bytes, sourceLocation: sourceLocation)
  let drawn = HostileText.sequences(in: bytes)
  let passed = texts.filter { !$0.sequences.isDisjoint(with: drawn) }.map(\.name)
  #expect(passed.isEmpty, "reached the terminal as they were sent", sourceLocation: sourceLocation)
}

/// Expects lines that can be shown on any terminal: no control character in them, and nothing hidden.
func expectPlain(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
  let controls = Set(bytes.filter { $0 != 0x0A && ($0 < 0x20 || $0 == 0x7F) })
  #expect(controls.isEmpty, "\(controls.sorted())", sourceLocation: sourceLocation)
  expectNothingHidden(bytes, sourceLocation: sourceLocation)
}

/// Quits, and expects that nothing that reached the terminal was received, and that it has asked for no answer.
func endHarmlessly(
  _ shell: Shell, of texts: [HostileText], sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  try await shell.press("Q")
  try await shell.waitForPrompt(0)
  let recorded = shell.recorded
  expectHarmless(recorded, of: texts, sourceLocation: sourceLocation)
  let answers = try await shell.answers(to: recorded)
  #expect(answers.isEmpty, "the terminal answered \(answers)", sourceLocation: sourceLocation)
}

private func expectNothingHidden(_ bytes: [UInt8], sourceLocation: SourceLocation) {
  let text = String(validating: bytes, as: UTF8.self)
  #expect(text != nil, "it is not UTF-8", sourceLocation: sourceLocation)
  let hidden = Set((text ?? "").unicodeScalars.lazy.map(\.value).filter(isHidden))
  #expect(hidden.isEmpty, "\(hidden.map { String($0, radix: 16) }.sorted())", sourceLocation: sourceLocation)
}

/// C1 controls, what turns the order of the text around, takes no room or is no character.
private func isHidden(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0x80...0x9F, 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F,
    0x2028...0x202E, 0x2060...0x206F,
    0x3164, 0xE000...0xF8FF, 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFFE...0xFFFF,
    0xE0000...0xE0FFF, 0xF0000...0x10FFFF:
    true
  default: false
  }
}

extension TerminalSequence {
  /// Whether ncurses or the shell writes it to draw.
  fileprivate var isNeededToDraw: Bool {
    switch kind {
    case .control: "\r\n\u{08}\u{0E}\u{0F}".unicodeScalars.contains(text.unicodeScalars.first!)
    case .escape:
      ["\u{1B}(B", "\u{1B})0", "\u{1B}=", "\u{1B}>", "\u{1B}M", "\u{1B}7", "\u{1B}8"].contains(text)
    case .csi: isNeededCSI
    case .string: false
    }
  }

  private var isNeededCSI: Bool {
    switch final {
    case "h", "l": ["?1", "?25", "?1049", "?2004", "4", "?7", "34", "?12"].contains(parameters)
    // ncurses moves parts of the screen so.
    case "r": parameters.wholeMatch(of: #/[1-9][0-9]?;[1-9][0-9]?/#) != nil
    case "m": isNeededStyle
    case "H", "d", "G", "K", "X", "@", "P", "A", "B", "C", "D", "I", "Z", "b", "L", "M", "S", "T":
      parameters.allSatisfy { $0.isNumber || $0 == ";" } && parameters.count < 8
    case "J": ["", "1"].contains(parameters)
    default: false
    }
  }

  /// Bold, dim, underlined, reverse and colours: nothing that blinks or can't be read.
  private var isNeededStyle: Bool {
    var numbers = parameters.split(separator: ";").compactMap { Int($0) }[...]
    while let number = numbers.popFirst() {
      switch number {
      case 38, 48: numbers = numbers.dropFirst(2)
      case 0, 1, 2, 4, 7, 10, 22, 24, 27, 30...37, 39...47, 49, 90...97, 100...107: break
      default: return false
      }
    }
    return parameters.count < 24
  }
}
