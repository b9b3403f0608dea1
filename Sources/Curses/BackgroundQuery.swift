internal import OperatingSystem
internal import Screen

/// Asks the terminal for the color of its background, and tracks whether a reply is outstanding.
///
/// A second question follows, which every terminal answers: after that reply no other one comes, so none can reach the
/// shell once the program has ended.
struct BackgroundQuery {
  /// OSC 11 with a question mark, and primary device attributes.
  static let text = "\u{1B}]11;?\u{1B}\\\u{1B}[c"

  /// How long a reply may take before it is no longer waited for, in nanoseconds.
  private static let patience: UInt64 = 1_000_000_000

  /// Until when replies may still come, or nil once they have, or when nothing was asked.
  private(set) var deadline: UInt64?

  mutating func ask(_ device: TerminalDevice) {
    device.write(Self.text)
    deadline = Clock.now + Self.patience
  }

  /// Notes an event. Returns false when it is no reply.
  mutating func take(_ event: Event) -> Bool {
    switch event {
    case .deviceAttributes:
      deadline = nil
      return true
    case .background: return true
    default: return false
    }
  }

  /// Returns the background in a reply such as `]11;rgb:ffff/ffff/ffff`, or nil for any other text.
  static func reply(in text: String) -> Background? {
    guard text.hasPrefix("]11;rgb:") else { return nil }
    let parts = text.dropFirst(8).split(separator: "/", omittingEmptySubsequences: false).map(part)
    guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else { return nil }
    return Background(red: red, green: green, blue: blue)
  }

  /// One to four hexadecimal digits as a part of the greatest value that so many can say.
  private static func part(_ digits: Substring) -> Double? {
    guard (1...4).contains(digits.utf8.count) else { return nil }
    guard let value = UInt32(digits, radix: 16), digits.first != "+" else { return nil }
    return Double(value) / Double((1 << (4 * digits.utf8.count)) - 1)
  }
}
