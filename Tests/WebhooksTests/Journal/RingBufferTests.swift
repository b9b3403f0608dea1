import Testing
@testable import Webhooks

@Suite struct RingBufferTests {
  private func ring(_ elements: ClosedRange<Int>, capacity: Int, costLimit: Int = .max) -> RingBuffer<Int> {
    var ring = RingBuffer<Int>(capacity: capacity, costLimit: costLimit) { $0 }
    for element in elements { ring.append(element) }
    return ring
  }

  @Test("the oldest elements go first when there are too many")
  func capacity() {
    let ring = ring(1...5, capacity: 3)
    #expect(Array(ring.elements) == [3, 4, 5])
    #expect(ring.first == 3)
    #expect(ring.last == 5)
    #expect(ring.evicted == 2)
    #expect(ring.cost == 12)
  }

  @Test("the oldest elements go first when they cost too much")
  func cost() {
    let ring = ring(1...5, capacity: 100, costLimit: 10)
    #expect(Array(ring.elements) == [4, 5])
    #expect(ring.cost == 9)
  }

  @Test("exactly the bound is kept")
  func exactBound() {
    #expect(Array(ring(1...4, capacity: 4, costLimit: 10).elements) == [1, 2, 3, 4])
  }

  @Test("the newest element is kept whatever it costs")
  func oversized() {
    let ring = ring(50...51, capacity: 10, costLimit: 10)
    #expect(Array(ring.elements) == [51])
  }

  @Test("a capacity below one keeps one", arguments: [0, -5])
  func tinyCapacity(capacity: Int) {
    #expect(Array(ring(1...3, capacity: capacity).elements) == [3])
  }

  @Test("an empty ring has nothing to read")
  func empty() {
    let ring = RingBuffer<Int>(capacity: 3)
    var cursor: UInt64 = 0
    let (elements, missed) = ring.read(after: &cursor)
    #expect(elements.isEmpty && missed == 0 && cursor == 0)
    #expect(ring.first == 1 && ring.last == 0 && ring.evicted == 0)
  }

  @Test(
    "a cursor reads what came after it, up to the limit, and is told what it missed",
    arguments: [
      (0, Int.max, [3, 4, 5], 2, 5), (1, .max, [3, 4, 5], 1, 5), (2, .max, [3, 4, 5], 0, 5),
      (3, .max, [4, 5], 0, 5), (5, .max, [], 0, 5), (0, 1, [3], 2, 3), (3, 1, [4], 0, 4), (0, 0, [], 0, 0),
      (9, .max, [], 0, 9), (0, -1, [], 0, 0),
    ] as [(UInt64, Int, [Int], Int, UInt64)])
  func reading(start: UInt64, limit: Int, expected: [Int], missed: Int, end: UInt64) {
    let ring = ring(1...5, capacity: 3)
    var cursor = start
    let batch = ring.read(after: &cursor, limit: limit)
    #expect(batch.elements == expected)
    #expect(batch.missed == missed)
    #expect(cursor == end)
  }

  @Test("reading in small steps gives each element once")
  func steps() {
    let ring = ring(1...10, capacity: 10)
    var cursor: UInt64 = 0
    var read: [Int] = []
    while case let batch = ring.read(after: &cursor, limit: 3), !batch.elements.isEmpty {
      read += batch.elements
    }
    #expect(read == Array(1...10))
  }
}
