/// How the elements of two lists belong together: which are in both, which of those have moved, and which stand alone.
public struct Alignment: Sendable {
  /// An element that is in both lists.
  public struct Pair: Sendable, Equatable {
    public let left: Int
    public let right: Int
    /// Whether others that are in both lists stand before it in the one and after it in the other.
    public var isMoved = false
  }

  /// Ascending by the left place.
  public private(set) var pairs: [Pair] = []
  /// The places of the elements that are in the left list alone, ascending.
  public private(set) var onlyLeft: [Int] = []
  /// The same of the right list.
  public private(set) var onlyRight: [Int] = []

  /// Pairs equal elements: those at both ends first, then the first occurrence with the first, and so on. As few as
  /// possible count as moved. The time grows as that of sorting them.
  public init<Element: Hashable>(_ left: [Element], _ right: [Element]) {
    let most = min(left.count, right.count)
    var start = 0
    while start < most, left[start] == right[start] { start += 1 }
    var end = 0
    while end < most - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
    pairs = (0..<start).map { Pair(left: $0, right: $0) }
    pairMiddle(left, start..<left.count - end, right, start..<right.count - end)
    pairs += (0..<end).reversed().map { Pair(left: left.count - 1 - $0, right: right.count - 1 - $0) }
  }

  private mutating func pairMiddle<Element: Hashable>(
    _ left: [Element], _ leftPlaces: Range<Int>, _ right: [Element], _ rightPlaces: Range<Int>
  ) {
    // For each element its first place on the right, and for each place the next one of the same.
    var first: [Element: Int] = [:]
    var next = [Int?](repeating: nil, count: rightPlaces.count)
    for place in rightPlaces.reversed() {
      next[place - rightPlaces.lowerBound] = first.updateValue(place, forKey: right[place])
    }
    var isPaired = [Bool](repeating: false, count: rightPlaces.count)
    let before = pairs.count
    for place in leftPlaces {
      guard let other = first[left[place]] else {
        onlyLeft.append(place)
        continue
      }
      first[left[place]] = next[other - rightPlaces.lowerBound]
      isPaired[other - rightPlaces.lowerBound] = true
      pairs.append(Pair(left: place, right: other))
    }
    onlyRight = rightPlaces.filter { !isPaired[$0 - rightPlaces.lowerBound] }
    markMoved(from: before)
  }

  /// Marks the pairs from a place on that are not in the longest run of pairs that ascends on both sides.
  private mutating func markMoved(from start: Int) {
    // The ends of the shortest runs of each length, and for each pair the one before it in its run.
    var ends: [Int] = []
    var before = [Int?](repeating: nil, count: pairs.count - start)
    for place in start..<pairs.count {
      let length = Bisection.count(below: ends.count) { pairs[ends[$0]].right < pairs[place].right }
      before[place - start] = length > 0 ? ends[length - 1] : nil
      if length < ends.count { ends[length] = place } else { ends.append(place) }
    }
    for place in start..<pairs.count { pairs[place].isMoved = true }
    var place = ends.last
    while let stays = place {
      pairs[stays].isMoved = false
      place = before[stays - start]
    }
  }
}
