internal import Dispatch
internal import Synchronization

/// Work that all processors do at once, with the results in the order of what they are made of.
enum AllCores {
  /// Returns what `work` makes of each of `elements`.
  /// - Parameter share: how many of them one processor takes in one go: fewer would not be worth handing over.
  static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], inSharesOf share: Int, _ work: @Sendable (Element) -> Result
  ) -> [Result] {
    let shares = stride(from: 0, to: elements.count, by: share).map {
      $0..<min($0 + share, elements.count)
    }
    guard shares.count > 1 else { return elements.map(work) }
    var results: [Result] = []
    reduce(into: &results, shares.count) {
      elements[shares[$0]].map(work)
    } inOrder: {
      $0 += $1
    }
    return results
  }

  /// Does `work` for each index below `count`, and hands the results to `take` one at a time: each as soon as it and all
  /// those before it are there. Once that throws, no more is begun.
  static func reduce<State: Sendable, Result: Sendable, Failure: Error>(
    into state: inout State, _ count: Int, _ work: @Sendable (Int) -> Result,
    inOrder take: @Sendable (inout State, Result) throws(Failure) -> Void
  ) throws(Failure) {
    try reduce(into: &state, groups: (0..<count).map { [$0] }, work, inOrder: take)
  }

  /// The same for groups of indices. One processor does all the work of a group, in its order.
  /// - Parameter groups: in which each index from 0 to the last occurs once.
  static func reduce<State: Sendable, Result: Sendable, Failure: Error>(
    into state: inout State, groups: [[Int]], _ work: @Sendable (Int) -> Result,
    inOrder take: @Sendable (inout State, Result) throws(Failure) -> Void
  ) throws(Failure) {
    let order = Mutex(Order<State, Result, Failure>(state: state))
    DispatchQueue.concurrentPerform(iterations: groups.count) { group in
      for index in groups[group] {
        guard order.withLock({ $0.failure == nil }) else { return }
        let result = work(index)
        order.withLock { $0.add(result, at: index, take) }
      }
    }
    let failure = order.withLock { order in
      state = order.state
      return order.failure
    }
    if let failure { throw failure }
  }

  /// Groups the indices of `keys`: those of equal keys together, and each index without a key alone.
  static func groups<Key: Hashable>(_ keys: [Key?]) -> [[Int]] {
    var groups: [[Int]] = []
    var known: [Key: Int] = [:]
    for (index, key) in keys.enumerated() {
      if let group = key.flatMap({ known[$0] }) {
        groups[group].append(index)
      } else {
        if let key { known[key] = groups.count }
        groups.append([index])
      }
    }
    return groups
  }

  private struct Order<State: Sendable, Result: Sendable, Failure: Error>: Sendable {
    var state: State
    var failure: Failure?
    /// The index of the result that is taken next.
    private var next = 0
    private var waiting: [Int: Result] = [:]

    init(state: State) { self.state = state }

    mutating func add(
      _ result: Result, at index: Int, _ take: (inout State, Result) throws(Failure) -> Void
    ) {
      waiting[index] = result
      while failure == nil, let result = waiting.removeValue(forKey: next) {
        next += 1
        do throws(Failure) { try take(&state, result) } catch { failure = error }
      }
    }
  }
}
