internal import JSON

/// The id that an API has given to something, safe in a path, a file's name and on the screen.
public struct APIID: Sendable, Hashable, CustomStringConvertible {
  public let text: String

  /// Returns nil for what no id looks like: more than letters, digits, `-`, `_` and `.`, or over 100 of them.
  public init?(_ text: some Collection<UInt8>) {
    let isPlain = text.allSatisfy { byte in
      byte.isASCIILetter || byte.isASCIIDigit || "-_.".utf8.contains(byte)
    }
    guard isPlain, (1...100).contains(text.count), text.first != UInt8(ascii: ".") else { return nil }
    self.text = String(decoding: text, as: UTF8.self)
  }

  public var description: String { text }
}
