/// Which objects of a body get their keys in another order than they were sent in.
public struct JSONKeyPlan: Sendable, Equatable {
  /// For the index of an opening brace the indices of its keys in the new order; the rest stay as sent.
  private(set) var orders: [Int: [Int]] = [:]

  /// All keys as sent.
  public static let asSent = JSONKeyPlan()

  public var isAsSent: Bool { orders.isEmpty }

  /// Keys sorted by their UTF-8 bytes, as Go's maps and Python's `sort_keys` do.
  public static func sorted(_ outline: JSONOutline) -> JSONKeyPlan {
    plan(outline) { $0.text.lexicographicallyPrecedes($1.text) }
  }

  /// Shorter keys first, those of one length by their bytes, as PostgreSQL's jsonb holds them.
  public static func byLength(_ outline: JSONOutline) -> JSONKeyPlan {
    plan(outline) { left, right in
      left.text.count == right.text.count
        ? left.text.lexicographicallyPrecedes(right.text) : left.text.count < right.text.count
    }
  }

  /// Shorter keys first, or longer ones; those of one length as sent.
  public static func byLengthOnly(_ outline: JSONOutline, longestFirst: Bool) -> JSONKeyPlan {
    plan(outline) { left, right in
      longestFirst ? left.text.count > right.text.count : left.text.count < right.text.count
    }
  }

  /// The plan for all objects but the outermost one, whose keys stay as sent.
  public var inside: JSONKeyPlan {
    var plan = self
    plan.orders[0] = nil
    return plan
  }

  /// Keys sorted by their UTF-8 bytes in the outermost object only, as PHP's `ksort` does.
  public static func sortedOutside(_ outline: JSONOutline) -> JSONKeyPlan {
    var plan = sorted(outline)
    plan.orders = plan.orders.filter { $0.key == 0 }
    return plan
  }

  /// Keys sorted regardless of the case of ASCII letters.
  public static func caseless(_ outline: JSONOutline) -> JSONKeyPlan {
    plan(outline) { left, right in
      left.text.map(\.asciiLowercased).lexicographicallyPrecedes(right.text.map(\.asciiLowercased))
    }
  }

  /// Keys sorted by their UTF-8 bytes, the last one first.
  public static func descending(_ outline: JSONOutline) -> JSONKeyPlan {
    plan(outline) { $1.text.lexicographicallyPrecedes($0.text) }
  }

  /// Keys in the reverse of the order they were sent in.
  public static func reversed(_ outline: JSONOutline) -> JSONKeyPlan {
    var plan = JSONKeyPlan()
    for index in outline.tokens.indices where outline.tokens[index].kind == .beginObject {
      let keys = outline.keys(ofObjectAt: index)
      if keys.count > 1 { plan.orders[index] = keys.reversed() }
    }
    return plan
  }

  /// Keys that are array indices first and ascending, the others as sent, as JavaScript objects hold them.
  public static func integersFirst(_ outline: JSONOutline) -> JSONKeyPlan {
    plan(outline) { left, right in
      switch (arrayIndex(left.text), arrayIndex(right.text)) {
      case (let left?, let right?): left < right
      case (.some, nil): true
      default: false
      }
    }
  }

  /// Keys in the order that `template` gives for the same place; those it does not know come before the key of that
  /// rank, as sent, or last.
  public static func like(
    _ template: JSONKeyTemplate, _ outline: JSONOutline, unknownBefore place: Int? = nil
  ) -> JSONKeyPlan {
    var plan = JSONKeyPlan()
    let rankOfUnknown = place.map { 2 * $0 - 1 } ?? .max
    template.forEachKnownObject(of: outline) { object, ranks in
      plan.set(outline.keys(ofObjectAt: object), of: object) { key in
        ranks[outline.text(at: key)].map { 2 * $0 } ?? rankOfUnknown
      } by: {
        $0 < $1
      }
    }
    return plan
  }

  private static func plan(
    _ outline: JSONOutline, by precedes: (Key, Key) -> Bool
  ) -> JSONKeyPlan {
    var plan = JSONKeyPlan()
    for index in outline.tokens.indices where outline.tokens[index].kind == .beginObject {
      let key = { (index: Int) in Key(text: outline.text(at: index)) }
      plan.set(outline.keys(ofObjectAt: index), of: index, value: key, by: precedes)
    }
    return plan
  }

  private struct Key {
    let text: [UInt8]
  }

  /// Stores the keys sorted by what `value` makes of each, where that changes their order.
  private mutating func set<Value>(
    _ keys: [Int], of object: Int, value: (Int) -> Value, by precedes: (Value, Value) -> Bool
  ) {
    guard keys.count > 1 else { return }
    let ranked = keys.map { (key: $0, value: value($0)) }
    let sorted = ranked.sorted { precedes($0.value, $1.value) }.map(\.key)
    if sorted != keys { orders[object] = sorted }
  }

  private static func arrayIndex(_ text: [UInt8]) -> UInt32? {
    guard (1...10).contains(text.count), text.allSatisfy(\.isASCIIDigit) else { return nil }
    guard text.count == 1 || text[0] != UInt8(ascii: "0") else { return nil }
    return UInt32(String(decoding: text, as: UTF8.self)).flatMap { $0 < .max ? $0 : nil }
  }
}

/// The order of keys that a body of the same kind has, object by object, to restore a lost order from.
public struct JSONKeyTemplate: Sendable, Hashable {
  /// For each object's place, the rank of each of its keys.
  private var ranks: [Int: [[UInt8]: Int]] = [:]

  /// How many keys it knows of the object that has the most.
  public var size: Int { ranks.values.map(\.count).max() ?? 0 }

  /// The order in which `body` has its keys; nil if it is not JSON, or has more than `limit` tokens.
  public init?(_ body: [UInt8], limit: Int = .max) {
    guard let outline = JSONOutline(body, limit: limit) else { return nil }
    Self.forEachObject(of: outline) { object, place in
      var known = ranks[place] ?? [:]
      for key in outline.keys(ofObjectAt: object) {
        let text = outline.text(at: key)
        if known[text] == nil { known[text] = known.count }
      }
      ranks[place] = known
    }
  }

  /// Calls `visit` with each object of `outline` whose place this template knows, and the ranks of its keys.
  func forEachKnownObject(of outline: JSONOutline, _ visit: (Int, [[UInt8]: Int]) -> Void) {
    Self.forEachObject(of: outline) { object, place in
      if let known = ranks[place] { visit(object, known) }
    }
  }

  /// A key that an object lacks, and the key of the object that it comes behind; nil: it comes first.
  public struct MissingKey: Sendable {
    public let object: Int
    public let key: [UInt8]
    public let after: Int?
  }

  /// Returns the keys that this template knows and the objects of `outline` lack, in the order of their places.
  public func missingKeys(of outline: JSONOutline) -> [MissingKey] {
    var missing: [MissingKey] = []
    forEachKnownObject(of: outline) { object, ranks in
      let own = outline.keys(ofObjectAt: object).map { (index: $0, rank: ranks[outline.text(at: $0)]) }
      let present = Set(own.compactMap(\.rank))
      for (key, rank) in ranks.sorted(by: { $0.value < $1.value }) where !present.contains(rank) {
        let before = own.last { $0.rank.map { $0 < rank } ?? false }
        missing.append(MissingKey(object: object, key: key, after: before?.index))
      }
    }
    let place = { (key: MissingKey) in outline.range(ofValueAt: key.after.map { $0 + 1 } ?? key.object) }
    return missing.enumerated().sorted { left, right in
      let (one, other) = (left.element, right.element)
      let ends = (
        one.after == nil ? place(one).lowerBound : place(one).upperBound,
        other.after == nil ? place(other).lowerBound : place(other).upperBound
      )
      return ends.0 == ends.1 ? left.offset < right.offset : ends.0 < ends.1
    }.map(\.element)
  }

  /// Calls `visit` with each object's index and its place: a hash of the keys around it, elements all alike.
  private static func forEachObject(of outline: JSONOutline, _ visit: (Int, Int) -> Void) {
    var places: [Int] = []
    var key: [UInt8]?
    for (index, token) in outline.tokens.enumerated() {
      switch token.kind {
      case .key:
        key = outline.text(at: index)
        continue
      case .beginObject, .beginArray:
        var hasher = Hasher()
        hasher.combine(places.last)
        hasher.combine(key)
        let place = hasher.finalize()
        places.append(place)
        if token.kind == .beginObject { visit(index, place) }
      case .endObject, .endArray: places.removeLast()
      default: break
      }
      key = nil
    }
  }
}
