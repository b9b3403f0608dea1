public import DequeModule

/// The newest elements of a stream, numbered from 1, within a bound of count and of cost.
public struct RingBuffer<Element: Sendable>: Sendable {
  public let capacity: Int
  /// The most that the kept elements may cost together, in bytes; the newest is kept whatever it costs.
  public let costLimit: Int
  public private(set) var elements: Deque<Element> = []
  /// The number of the last element appended; 0 before the first.
  public private(set) var last: UInt64 = 0
  public private(set) var cost = 0
  private let costOf: @Sendable (Element) -> Int

  /// - Parameter costOf: what an element costs, in bytes; the same each time it is asked.
  public init(capacity: Int, costLimit: Int = .max, costOf: @escaping @Sendable (Element) -> Int = { _ in 0 })
  {
    self.capacity = max(1, capacity)
    self.costLimit = costLimit
    self.costOf = costOf
  }

  /// The number of the oldest element kept; one past the last where none is.
  public var first: UInt64 { last + 1 - UInt64(elements.count) }

  /// How many elements were pushed out.
  public var evicted: UInt64 { first - 1 }

  /// Keeps `element` as the newest and drops what is then too much.
  public mutating func append(_ element: Element) {
    push(element)
    while popExcess() != nil {}
  }

  /// Keeps `element` as the newest; the caller then takes out what is too much with `popExcess`.
  mutating func push(_ element: Element) {
    elements.append(element)
    last += 1
    cost += costOf(element)
  }

  /// Takes out the oldest element where the bounds are passed.
  /// - Parameter extra: what is kept beside the elements and counts with them, in bytes.
  mutating func popExcess(beside extra: Int = 0) -> Element? {
    isOver(beside: extra) ? popOldest() : nil
  }

  /// Whether the bounds are passed; a single element never does.
  /// - Parameters:
  ///   - extra: what is kept beside the elements and counts with them, in bytes.
  ///   - others: how many elements of it there are.
  func isOver(beside extra: Int, count others: Int = 0) -> Bool {
    let count = elements.count + others
    return count > capacity || (cost + extra > costLimit && count > 1)
  }

  mutating func popOldest() -> Element? {
    guard let oldest = elements.popFirst() else { return nil }
    cost -= costOf(oldest)
    return oldest
  }

  /// Returns the elements after number `cursor`, at most `limit` of them, and how many were pushed out unread. Moves
  /// the cursor past what it returns.
  public func read(after cursor: inout UInt64, limit: Int = .max) -> (elements: [Element], missed: Int) {
    guard cursor < last, limit > 0 else { return ([], 0) }
    let missed = first > cursor + 1 ? Int(first - cursor - 1) : 0
    let start = cursor + UInt64(missed)
    let count = min(Int(last - start), limit)
    let index = elements.count - Int(last - start)
    cursor = start + UInt64(count)
    return (Array(elements[index..<index + count]), missed)
  }
}
