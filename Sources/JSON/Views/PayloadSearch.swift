import Glibc

/// A text to be found in bodies, as UTF-8 bytes; ASCII letters match in both cases.
///
/// Prepared once and run over many bodies. It looks for the needle's rarest byte with `memchr` and compares
/// the rest only there.
public struct PayloadSearch: Sendable {
  /// The most matches that a search collects by default.
  public static let matchLimit = 100_000
  /// How many bytes are searched before it is asked again whether anybody waits for the matches.
  private static let bytesBetweenLooks = 64 << 10

  /// The needle, ASCII letters in lower case.
  private let needle: [UInt8]
  /// Where in the needle the byte stands that is looked for first.
  private let anchor: Int

  /// Creates a search for `text` as it is written.
  public init(_ text: String) {
    self.init(bytes: Array(text.utf8))
  }

  /// Creates a search for `bytes`, which need not be UTF-8.
  public init(bytes: [UInt8]) {
    let folded = bytes.map(Self.lowercase)
    needle = folded
    anchor = folded.indices.min { Self.commonness(folded[$0]) < Self.commonness(folded[$1]) } ?? 0
  }

  /// Returns the matches in `body`, at most `limit`; where two would overlap the first one counts.
  ///
  /// An empty needle has none.
  /// - Parameter isCancelled: asked every 64 KiB; what is found once it says so is not all.
  public func matches(
    in body: [UInt8], limit: Int = PayloadSearch.matchLimit, isCancelled: () -> Bool = { false }
  ) -> PayloadMatches {
    guard !needle.isEmpty else { return PayloadMatches(ranges: [], isTruncated: false) }
    return body.withUnsafeBufferPointer { bytes in
      var finder = PayloadFinder(bytes, needle[anchor])
      var ranges: [Range<Int>] = []
      for begin in stride(from: 0, to: bytes.count, by: Self.bytesBetweenLooks) {
        var from = max(begin, ranges.last?.upperBound ?? 0)
        while let start = next(from: from, before: begin + Self.bytesBetweenLooks, in: bytes, &finder) {
          if ranges.count >= limit { return PayloadMatches(ranges: ranges, isTruncated: true) }
          from = start + needle.count
          ranges.append(start..<from)
        }
        if isCancelled() { return PayloadMatches(ranges: ranges, isTruncated: true) }
      }
      return PayloadMatches(ranges: ranges, isTruncated: false)
    }
  }

  /// Returns whether `body` holds the needle; every body holds the empty one.
  public func isFound(in body: [UInt8]) -> Bool { isFound(in: body.span) }

  /// Returns whether `text` holds the needle, as it stands in memory: nothing is copied for it.
  public func isFound(in text: String) -> Bool { isFound(in: text.utf8Span.span) }

  /// Returns whether received text holds the needle.
  public func isFound(in text: ByteString) -> Bool { text.withBytes { isFound(in: $0.span) } }

  /// Returns whether a part of received text holds the needle.
  public func isFound(in text: ArraySlice<UInt8>) -> Bool { isFound(in: text.span) }

  private func isFound(in body: Span<UInt8>) -> Bool {
    guard !needle.isEmpty else { return true }
    guard needle.count <= body.count else { return false }
    return body.withUnsafeBufferPointer { bytes in
      var finder = PayloadFinder(bytes, needle[anchor])
      return next(from: 0, before: bytes.count, in: bytes, &finder) != nil
    }
  }

  /// The first match that starts at `from` or later, and before `end`.
  @inline(__always)
  private func next(
    from: Int, before end: Int, in bytes: UnsafeBufferPointer<UInt8>, _ finder: inout PayloadFinder
  ) -> Int? {
    var at = from + anchor
    let lastAnchor = min(bytes.count - needle.count, end - 1) + anchor
    while let found = finder.next(from: at), found <= lastAnchor {
      if isMatch(at: found - anchor, in: bytes) { return found - anchor }
      at = found + 1
    }
    return nil
  }

  @inline(__always)
  private func isMatch(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in needle.indices where Self.lowercase(bytes[start + index]) != needle[index] {
      return false
    }
    return true
  }

  @inline(__always)
  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }

  /// How often a byte stands in ordinary JSON, as a rank: the lower the rarer.
  private static func commonness(_ byte: UInt8) -> Int {
    // In text that is not ASCII few lead bytes stand before many different continuation bytes.
    if byte >= 0xC0 { return 1 }
    return common.firstIndex(of: byte).map { $0 + 2 } ?? 0
  }

  /// Bytes of ordinary JSON from the rarer to the most common.
  private static let common = Array("zqxjkwvybgfhmpu/_.-[]{}9876543210cdlrnsioat:, e\"".utf8)
}

/// Finds one byte after the other in a body, letters in both cases, each stretch read once per case.
struct PayloadFinder {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let lower: UInt8
  private let upper: UInt8
  /// The next place of each case that is known; the count of bytes where there is no more.
  private var nextLower: Int
  private var nextUpper: Int

  /// A finder for `byte`, in lower case, in `bytes`, which must outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ byte: UInt8) {
    self.bytes = bytes
    lower = byte
    let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
    upper = isLetter ? byte & ~0x20 : byte
    nextLower = -1
    nextUpper = isLetter ? -1 : bytes.count
  }

  /// The first place at `from` or later; `from` never goes back.
  @inline(__always)
  mutating func next(from: Int) -> Int? {
    if nextLower < from { nextLower = find(lower, from: from) }
    if nextUpper < from { nextUpper = find(upper, from: from) }
    let next = min(nextLower, nextUpper)
    return next < bytes.count ? next : nil
  }

  @inline(__always)
  private func find(_ byte: UInt8, from: Int) -> Int {
    guard from < bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) else { return bytes.count }
    guard let found = memchr(base + from, Int32(byte), bytes.count - from) else { return bytes.count }
    return base.distance(to: UnsafeRawPointer(found))
  }
}

/// Where a search found its text in a body.
public struct PayloadMatches: Sendable, Equatable {
  /// Byte ranges of the body, in order; none overlaps another.
  public let ranges: [Range<Int>]
  /// Whether there are more matches than were asked for.
  public let isTruncated: Bool
}
