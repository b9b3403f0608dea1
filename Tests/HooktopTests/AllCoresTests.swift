import Foundation
import Synchronization
import Testing

@testable import hooktop

@Suite struct AllCoresTests {
  @Test(
    "each element is worked on once, and the results are in their order", arguments: [0, 1, 7, 8, 9, 1000])
  func map(count: Int) {
    let calls = Atomic(0)
    let results = AllCores.map(Array(0..<count), inSharesOf: 8) { number in
      calls.wrappingAdd(1, ordering: .relaxed)
      return number * 2
    }
    #expect(results == (0..<count).map { $0 * 2 })
    #expect(calls.load(ordering: .relaxed) == count)
  }

  private struct Enough: Error {}

  @Test("results are taken in order though the first is the last to be there")
  func order() throws {
    var taken: [Int] = []
    let others = Atomic(0)
    let hasTwo = ProcessInfo.processInfo.activeProcessorCount > 1
    AllCores.reduce(into: &taken, 64) { index in
      // Waits for another one, where there is a processor for it.
      while index == 0, hasTwo, others.load(ordering: .relaxed) == 0 {}
      if index > 0 { others.wrappingAdd(1, ordering: .relaxed) }
      return index
    } inOrder: { (taken: inout [Int], index: Int) in
      taken.append(index)
    }
    #expect(taken == Array(0..<64))
  }

  @Test("what is in one group is done in its order by one processor, and the results are in that of all")
  func groups() {
    let groups = (0..<16).map { start in stride(from: start, to: 256, by: 16).map(\.self) }
    let done = Mutex([[Int]](repeating: [], count: 16))
    let running = Mutex<Set<Int>>([])
    var taken: [Int] = []
    AllCores.reduce(into: &taken, groups: groups) { index in
      let isAlone = running.withLock { $0.insert(index % 16).inserted }
      #expect(isAlone)
      done.withLock { $0[index % 16].append(index) }
      running.withLock { _ = $0.remove(index % 16) }
      return index
    } inOrder: { (taken: inout [Int], index: Int) in
      taken.append(index)
    }
    #expect(taken == Array(0..<256))
    #expect(done.withLock { $0 } == groups)
  }

  @Test("indices of equal keys are in one group, in their order, and those without a key alone")
  func grouped() {
    #expect(AllCores.groups(["a", nil, "b", "a", nil, "a", "b"]) == [[0, 3, 5], [1], [2, 6], [4]])
    #expect(AllCores.groups([Int?]()) == [])
  }

  @Test("once a result is refused, no more are taken, and what was taken stays")
  func failure() {
    var taken: [Int] = []
    #expect(throws: Enough.self) {
      try AllCores.reduce(into: &taken, 1000) { index in
        index
      } inOrder: { (taken: inout [Int], index: Int) throws(Enough) in
        guard index < 10 else { throw Enough() }
        taken.append(index)
      }
    }
    #expect(taken == Array(0..<10))
  }
}
