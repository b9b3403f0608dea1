internal import JSON
public import Webhooks

/// The first byte in which what came differs from what was signed, with a little of both around it.
public struct ByteDifference: Sendable, Equatable {
  /// How many bytes on either side are kept.
  public static let context = 24

  /// Counted from 0; the shorter one's size where it is the beginning of the other.
  public let offset: Int
  public let receivedSize: Int
  /// The offset of the first byte of both excerpts.
  public let excerptStart: Int
  public let receivedExcerpt: [UInt8]
  public let originalExcerpt: [UInt8]

  /// Compares two byte strings. Returns nil if they are equal.
  public init?(received: [UInt8], original: [UInt8]) {
    self.init(
      received: SignedText(before: [], body: received), original: SignedText(before: [], body: original))
  }

  /// Compares two signed texts. Returns nil if they are equal.
  init?(received: SignedText, original: SignedText, isCancelled: () -> Bool = { false }) {
    let first = received.sharedCount(with: original, isCancelled: isCancelled)
    guard first < max(received.count, original.count) else { return nil }
    offset = first
    receivedSize = received.count
    excerptStart = max(0, first - Self.context)
    receivedExcerpt = received.bytes(in: excerptStart..<first + Self.context)
    originalExcerpt = original.bytes(in: excerptStart..<first + Self.context)
  }

  /// The difference in one sentence without any received text: `First difference at offset 12: signed '"', received 0x20`.
  public var sentence: String {
    "First difference at offset \(offset): signed \(Self.name(originalExcerpt, at: offset - excerptStart)), "
      + "received \(Self.name(receivedExcerpt, at: offset - excerptStart))"
  }

  private static func name(_ excerpt: [UInt8], at place: Int) -> String {
    guard place < excerpt.count else { return "the end" }
    let byte = excerpt[place]
    if 0x21...0x7E ~= byte { return "'\(Unicode.Scalar(byte))'" }
    return "0x" + Hex.text([byte])
  }
}

extension SignedText {
  /// Returns the offset of the first byte that differs from `other`, or nil if the texts are equal.
  /// - Parameter isCancelled: checked every 64 KiB; once it returns true, the result is meaningless.
  public func firstDifference(
    from other: SignedText, isCancelled: () -> Bool = { false }
  ) -> ByteDifference? {
    ByteDifference(received: self, original: other, isCancelled: isCancelled)
  }
}

/// Received text made fit for a sentence: short, and nothing in it that drives a terminal or misleads.
enum Printable {
  /// `text` with all but printable ASCII as `?`, cut off after `limit` characters.
  static func short(_ text: String, limit: Int = 60) -> String {
    let shown = text.unicodeScalars.prefix(limit + 1).map { 0x20...0x7E ~= $0.value ? Character($0) : "?" }
    return shown.count > limit ? String(shown.prefix(limit)) + "..." : String(shown)
  }
}

// Received text is looked at as bytes: Swift compares strings by canonical equivalence, under which other bytes
// count as equal, and a row of combining marks costs the square of its length.

extension Collection<UInt8> {
  /// Whether `word`, in lower-case ASCII, stands somewhere in these bytes, ASCII letters of either case.
  func speaksOf(_ word: String) -> Bool {
    let word = Array(word.utf8)
    return indices.contains { start in
      guard self[start].asciiLowercased == word.first else { return false }
      return self[start...].prefix(word.count).lazy.map(\.asciiLowercased).elementsEqual(word)
    }
  }
}
