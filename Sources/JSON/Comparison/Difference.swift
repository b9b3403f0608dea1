/// One thing in which two texts differ: where, how, and the value on either side.
public struct Difference: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case added, removed, changed, moved
  }

  /// What a change leaves as it is, or where something has moved.
  public enum Note: Sendable, Equatable {
    /// Two spellings of the same number.
    case sameNumber
    /// Two numbers that are one to whoever reads them with 64 bits.
    case sameDouble
    /// Two spellings of the same string.
    case sameText
    /// Two spellings of a name, in capitals or not.
    case sameName
    /// The place that it has among its neighbours on either side, from 1.
    case place(left: Int, right: Int)
  }

  public let kind: Kind
  /// A JSON path as jq writes it, or a name.
  public let place: ByteString
  /// What stands on the left; nil if nothing does, or it is the same on both sides.
  public var left: Excerpt?
  public var right: Excerpt?
  public var note: Note?

  public init(
    _ kind: Kind, _ place: ByteString, left: Excerpt? = nil, right: Excerpt? = nil, note: Note? = nil
  ) {
    self.kind = kind
    self.place = place
    self.left = left
    self.right = right
    self.note = note
  }

  /// Returns a change from the one text to the other, each as it is seen from a little before they differ.
  public static func change(
    at place: ByteString, from left: ByteString, to right: ByteString, note: Note? = nil
  ) -> Difference {
    let offset = left.sharedCount(with: right)
    return Difference(
      .changed, place, left: Excerpt(of: left, around: offset), right: Excerpt(of: right, around: offset),
      note: note)
  }
}

/// As much of a text as is shown of it.
public struct Excerpt: Sendable, Equatable {
  /// How many bytes are shown at most.
  public static let limit = 200
  /// Up to so many bytes a text is shown whole.
  private static let shortLimit = 100
  /// How many bytes of a longer one stand before the place that it is about.
  private static let context = 24

  public let bytes: ByteString
  /// How many bytes of the text stand before it, and after it.
  public let before: Int
  public let after: Int

  /// - Parameter offset: what is to be seen, near the start of what is shown; where the text is short, all of it is.
  public init(of text: ByteString, around offset: Int = 0) {
    var start = text.count <= Self.shortLimit ? 0 : max(0, min(offset, text.count) - Self.context)
    // No character of UTF-8 is cut in two.
    for _ in 0..<3 where start > 0 && text[start] & 0xC0 == 0x80 { start -= 1 }
    before = start
    bytes = text.part(before..<min(text.count, before + Self.limit))
    after = text.count - before - bytes.count
  }
}

/// How many differences of each kind there are, and as many of them as are shown.
public struct Differences: Sendable, Equatable {
  /// How many are listed; all are counted.
  public static let limit = 1000

  public private(set) var list: [Difference] = []
  private var counts: [Difference.Kind: Int] = [:]

  public init() {}

  public var count: Int { counts.values.reduce(0, +) }
  public subscript(kind: Difference.Kind) -> Int { counts[kind] ?? 0 }

  /// Counts a difference, and lists it where there is room.
  public mutating func add(_ kind: Difference.Kind, _ make: () -> Difference) {
    counts[kind, default: 0] += 1
    if list.count < Self.limit { list.append(make()) }
  }
}

extension ByteString {
  /// Returns how many bytes both begin with.
  public func sharedCount(with other: ByteString) -> Int {
    withBytes { own in
      other.withBytes { theirs in
        let most = Swift.min(own.count, theirs.count)
        var place = 0
        while place < most, own[place] == theirs[place] { place += 1 }
        return place
      }
    }
  }

  /// Returns the bytes at some places, in the same storage.
  public func part(_ places: Range<Int>) -> ByteString {
    ByteString(storage, in: Int(start) + places.lowerBound..<Int(start) + places.upperBound)
  }
}
