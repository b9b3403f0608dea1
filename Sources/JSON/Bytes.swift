internal import Glibc

extension UInt8 {
  /// The byte with `A`–`Z` folded to `a`–`z`.
  @inlinable
  public var asciiLowercased: UInt8 {
    self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
  }

  /// Whether HTTP counts the byte as optional white space: a space or a tab.
  @inlinable
  public var isSpaceOrTab: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  /// Whether the byte is `0`–`9`.
  @inlinable
  public var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  /// Whether the byte is `a`–`z` or `A`–`Z`.
  @inlinable
  public var isASCIILetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}

extension String {
  /// The text with `A`–`Z` folded to `a`–`z` and nothing else changed.
  public var asciiLowercased: String { String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self) }
}

extension BidirectionalCollection {
  /// Returns what is left without the elements at both ends that satisfy `isEdge`; empty, at the end, where all of
  /// them do.
  @inlinable
  public func trimmed(where isEdge: (Element) -> Bool) -> SubSequence {
    guard let first = firstIndex(where: { !isEdge($0) }), let last = lastIndex(where: { !isEdge($0) }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}

extension BidirectionalCollection {
  /// Returns what is left without the elements at the end that satisfy `isEdge`.
  @inlinable
  public func trimmedEnd(where isEdge: (Element) -> Bool) -> SubSequence {
    self[..<(lastIndex { !isEdge($0) }.map(index(after:)) ?? startIndex)]
  }
}

extension [UInt8] {
  /// Returns the index of the next newline from `start` on; `memchr` looks at many bytes at once.
  public func newline(from start: Int = 0) -> Int? {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}

extension [UInt8] {
  /// Returns the index of the first `needle` at or after `start`; nil if there is none, or `needle` is empty.
  public func index(of needle: [UInt8], from start: Int = 0) -> Int? {
    withUnsafeBytes { bytes in
      needle.withUnsafeBytes { sought in
        guard let base = bytes.baseAddress, let first = sought.baseAddress, sought.count > 0 else {
          return nil
        }
        var at = start
        while at + sought.count <= bytes.count {
          let room = bytes.count - sought.count + 1 - at
          guard let found = memchr(base + at, CInt(sought[0]), room) else { return nil }
          at = UnsafeRawPointer(found) - base
          if memcmp(found, first, sought.count) == 0 { return at }
          at += 1
        }
        return nil
      }
    }
  }

  /// Returns the bytes with `other` wherever `needle` stands; nil if it stands nowhere.
  public func substituting(_ needle: [UInt8], with other: [UInt8]) -> [UInt8]? {
    guard var found = index(of: needle) else { return nil }
    var result: [UInt8] = []
    var start = 0
    while true {
      result += self[start..<found] + other
      start = found + needle.count
      guard let next = index(of: needle, from: start) else { return result + self[start...] }
      found = next
    }
  }
}

extension ArraySlice<UInt8> {
  /// The slice without the spaces and tabs at its ends.
  public var trimmingSpaces: ArraySlice<UInt8> { trimmed(where: \.isSpaceOrTab) }
}

extension Unicode.UTF8 {
  /// Returns the scalar whose form begins at the index `start`, and its length, or nil if what stands before `end` is
  /// not UTF-8.
  ///
  /// Overlong forms, surrogates and values above U+10FFFF are refused (RFC 3629).
  /// - Parameter byte: gives the byte at an index.
  @inlinable
  @inline(__always)
  public static func scalar(
    at start: Int, before end: Int, _ byte: (Int) -> UInt8
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let lead = byte(start)
    let (length, smallest): (Int, UInt32)
    switch lead {
    case 0..<0x80: return (Unicode.Scalar(lead), 1)
    case 0xC2...0xDF: (length, smallest) = (2, 0x80)
    case 0xE0...0xEF: (length, smallest) = (3, 0x800)
    case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
    default: return nil
    }
    guard end - start >= length else { return nil }
    var value = UInt32(lead & (0x7F >> UInt8(length)))
    for index in start + 1..<start + length {
      guard byte(index) & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte(index) & 0x3F)
    }
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}

extension Unicode.UTF8 {
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// Returns the bytes with U+FFFD for each longest beginning of a character that does not go on, as WHATWG decoders
  /// do, or nil if those would be more than `limit` bytes.
  ///
  /// By hand, since the standard library takes seconds for a megabyte of bytes that are all wrong.
  public static func repaired(_ bytes: [UInt8], limit: Int = .max) -> [UInt8]? {
    guard !bytes.isUTF8 else { return bytes }
    var size = 0
    forEachPiece(of: bytes) { size += $1 ? $0.count : replacement.count }
    guard size <= limit else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(size)
    forEachPiece(of: bytes) { output += $1 ? bytes[$0] : replacement[...] }
    return output
  }

  /// Calls `visit` with each character, and each beginning of one that does not go on.
  private static func forEachPiece(of bytes: [UInt8], _ visit: (Range<Int>, _ isWhole: Bool) -> Void) {
    var at = 0
    while at < bytes.count {
      let found = scalar(at: at, before: bytes.count) { bytes[$0] }
      let count = found?.length ?? brokenLength(bytes[at...].prefix(3))
      visit(at..<at + count, found != nil)
      at += count
    }
  }

  /// How many of the bytes are the beginning of a character: those that some bytes would make one of.
  private static func brokenLength(_ bytes: ArraySlice<UInt8>) -> Int {
    var length = 1
    while length < bytes.count, isBeginning(Array(bytes.prefix(length + 1))) { length += 1 }
    return length
  }

  private static func isBeginning(_ bytes: [UInt8]) -> Bool {
    // The least and the greatest byte that may follow.
    [0x80, 0xBF].contains { (next: UInt8) in
      let whole = bytes + [next, next]
      return scalar(at: 0, before: whole.count) { whole[$0] }.map { $0.length > bytes.count } ?? false
    }
  }
}

extension [UInt8] {
  /// Whether the bytes are UTF-8; nothing is copied to find out.
  public var isUTF8: Bool { (try? UTF8Span(validating: span)) != nil }

  /// Where bytes that were cut off end without a character that was cut in two.
  public var endOfWholeCharacters: Int {
    for start in indices.suffix(3).reversed() where self[start] & 0xC0 != 0x80 {
      let isWhole = self[start] < 0xC0 || UTF8.scalar(at: start, before: count) { self[$0] } != nil
      return isWhole ? count : start
    }
    return count
  }
}

/// Binary search in what is sorted.
public enum Bisection {
  /// Returns how many of the indices below `count` satisfy `isBefore`, which holds for a prefix of them.
  @inlinable
  public static func count(below count: Int, isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [String] {
  /// `a, b and c`.
  public var inSentence: String {
    (dropLast(2) + [suffix(2).joined(separator: " and ")]).joined(separator: ", ")
  }
}
