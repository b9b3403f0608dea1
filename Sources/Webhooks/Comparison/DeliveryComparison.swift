public import JSON

/// Two deliveries side by side: what of the request line, the headers and the body differs.
public struct DeliveryComparison: Sendable {
  /// What came of comparing two bodies value by value.
  public enum Values: Sendable, Equatable {
    case compared(Differences)
    /// One of them, or both, can't be read as JSON, for these reasons.
    case notJSON(left: JSONFault?, right: JSONFault?)
    /// One of them has more values than are compared.
    case tooMany
  }

  /// The older one.
  public let left: Delivery
  public let right: Delivery
  public let line: Differences
  public let headers: Differences
  public let values: Values
  /// nil if both bodies are the same bytes, or only their values are compared.
  public let bytes: BodyDifference?
  /// Whether a delivery is compared with what its sender says of it now, value by value.
  public let isWithCurrent: Bool

  /// What the two are called: `#12`.
  public var names: (left: String, right: String) {
    ("#\(left.sequence)", isWithCurrent ? "now" : "#\(right.sequence)")
  }

  /// Compares two deliveries. Returns nil once nobody waits for it any more.
  /// - Parameter tokenLimit: how many tokens of JSON a body may have.
  public init?(
    _ one: Delivery, _ other: Delivery, tokenLimit: Int = JSONComparison.tokenLimit,
    isCancelled: () -> Bool = { false }
  ) {
    isWithCurrent = false
    (left, right) = one.sequence <= other.sequence ? (one, other) : (other, one)
    line = Self.line(left.request, right.request)
    headers = Self.headers(left.request.headers, right.request.headers)
    bytes = BodyDifference(left.request.body, right.request.body)
    guard bytes != nil else {
      values = .compared(Differences())
      return
    }
    let found = Self.values(left.request.body, right.request.body, tokenLimit, isCancelled)
    guard let found else { return nil }
    values = found
  }

  /// Compares the document in a delivery, which is a snapshot, with what its sender has now. Returns nil if the
  /// delivery holds none, or once nobody waits for it any more.
  /// - Parameter current: the document, as JSON.
  public init?(
    _ delivery: Delivery, now current: [UInt8], tokenLimit: Int = JSONComparison.tokenLimit,
    isCancelled: () -> Bool = { false }
  ) {
    let body = delivery.request.body
    guard let place = JSONOutline(body, limit: tokenLimit)?.document else { return nil }
    let now = Array(body[..<place.lowerBound]) + current + body[place.upperBound...]
    guard let found = Self.values(body, now, tokenLimit, isCancelled) else { return nil }
    (left, right, values) = (delivery, delivery, found)
    (line, headers, bytes, isWithCurrent) = (Differences(), Differences(), nil, true)
  }

  private static func line(_ left: Request, _ right: Request) -> Differences {
    var found = Differences()
    let parts: [(ByteString, ByteString, ByteString)] = [
      ("method", ByteString(left.method), ByteString(right.method)), ("target", left.target, right.target),
      ("version", ByteString(left.version.rawValue), ByteString(right.version.rawValue)),
    ]
    for (name, before, after) in parts where before != after {
      found.add(.changed) { .change(at: name, from: before, to: after) }
    }
    return found
  }

  /// Fields are paired by their names without case, the first of a name with the first.
  private static func headers(_ left: Headers, _ right: Headers) -> Differences {
    let names = { (headers: Headers) in headers.map(\.name.asciiLowercased) }
    let alignment = Alignment(names(left), names(right))
    var found = Differences()
    for pair in alignment.pairs {
      let (before, after) = (left[pair.left], right[pair.right])
      if pair.isMoved {
        let note = Difference.Note.place(left: pair.left + 1, right: pair.right + 1)
        found.add(.moved) { Difference(.moved, before.name, note: note) }
      }
      if before.value != after.value {
        found.add(.changed) { .change(at: before.name, from: before.value, to: after.value) }
      } else if before.name != after.name {
        found.add(.changed) { .change(at: before.name, from: before.name, to: after.name, note: .sameName) }
      }
    }
    for place in alignment.onlyLeft {
      found.add(.removed) { Difference(.removed, left[place].name, left: Excerpt(of: left[place].value)) }
    }
    for place in alignment.onlyRight {
      found.add(.added) { Difference(.added, right[place].name, right: Excerpt(of: right[place].value)) }
    }
    return found
  }

  private static func values(
    _ left: [UInt8], _ right: [UInt8], _ limit: Int, _ isCancelled: () -> Bool
  ) -> Values? {
    let outlines = [left, right].map { JSONOutline($0, limit: limit) }
    guard let one = outlines[0], let other = outlines[1] else {
      // What is JSON and has too many tokens gives no outline either.
      let faults = [left, right].map { JSONFieldQuery([]).fields(in: $0).fault }
      return faults.allSatisfy { $0 == nil } ? .tooMany : .notJSON(left: faults[0], right: faults[1])
    }
    return JSONComparison.differences(one, other, isCancelled: isCancelled).map(Values.compared)
  }
}

extension JSONOutline {
  /// Where the value of the last `data` stands in an object.
  fileprivate var document: Range<Int>? {
    guard tokens.first?.kind == .beginObject else { return nil }
    let key = keys(ofObjectAt: 0).last { text(at: $0).elementsEqual("data".utf8) }
    return key.map { range(ofValueAt: $0 + 1) }
  }
}

/// Where two bodies begin to differ, and how much of their ends is the same.
public struct BodyDifference: Sendable, Equatable {
  /// The first byte that differs, from 0; the shorter one's size where it is the beginning of the other.
  public let offset: Int
  /// How many bytes both end with, beside those that both begin with.
  public let sharedEnd: Int
  public let left: Excerpt
  public let right: Excerpt

  /// Compares two bodies. Returns nil if they are the same.
  public init?(_ left: [UInt8], _ right: [UInt8]) {
    guard left != right else { return nil }
    let (one, other) = (ByteString(left), ByteString(right))
    offset = one.sharedCount(with: other)
    var end = 0
    let most = min(left.count, right.count) - offset
    while end < most, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
    sharedEnd = end
    self.left = Excerpt(of: one, around: offset)
    self.right = Excerpt(of: other, around: offset)
  }
}

extension Kindred {
  /// Returns the two newest kept deliveries of the chain that `delivery` belongs to, or a replay and what it was made
  /// from, or nil if it is alone.
  public func newestPair(with delivery: Delivery) -> (Delivery, Delivery)? {
    if let original = delivery.replayOf {
      return find(original).map { ($0, delivery) }
    }
    let newest = Array(chain(of: delivery).suffix(2))
    return newest.count == 2 ? (newest[0], newest[1]) : nil
  }
}
