import Synchronization
import TestSupport
import Testing

@testable import Monitor
@testable import Webhooks

/// What all processors ask of the kept deliveries at once.
@Suite struct SiftingTests {
  private struct Kept: Kindred {
    let kept: Deliveries

    init(_ numbers: some Sequence<UInt64>) throws {
      let request = try Fixture.parlay()
      kept = Deliveries(
        numbers.map { number in
          Delivery(
            sequence: number, receivedAt: Timestamp(seconds: 1_745_518_400), request: request,
            envelope: Envelope(provider: .parlay), verdict: Verdict(.ok), isDuplicate: false, attempt: 1,
            answer: nil)
        })
    }

    func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
      kept.slice(from: sequence, atMost: limit)
    }

    func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
      kept.slice(before: sequence, atMost: limit)
    }
  }

  /// Many shares of the numbers, some of them empty, some with holes.
  private static let numbers = (UInt64(300)...100_000).filter { number in
    number % 7 > 0 && !(20_000..<40_000).contains(number)
  }

  @Test(
    "each delivery is asked about until there are no more, and what passes is found in order",
    arguments: [.max, 1 << 20, 1 << 16, 0])
  func all(bytes: Int) throws {
    let kept = try Kept(Self.numbers)
    let asked = Mutex<Set<UInt64>>([])
    var (found, last, parts): ([UInt64], UInt64, Int) = ([], 0, 0)
    while let part = kept.numbers(
      from: last + 1, through: 90_000, upTo: bytes,
      where: { delivery in
        asked.withLock { _ = $0.insert(delivery.sequence) }
        return delivery.sequence % 3 == 0
      })
    {
      // Something is done in each part, so that it ends.
      guard part.last > last else {
        Issue.record("no delivery after \(last) was asked about")
        return
      }
      (found, last, parts) = (found + part.found, part.last, parts + 1)
    }
    let due = Self.numbers.filter { $0 <= 90_000 }
    #expect(found == due.filter { $0 % 3 == 0 })
    #expect(asked.withLock { $0 } == Set(due))
    // A part ends after so many bytes, and after the numbers of 16 shares.
    #expect(bytes == .max ? parts == 2 : parts > 4)
  }

  @Test("where nothing is kept, or only what is newer, nobody is asked")
  func none() throws {
    #expect(try Kept([]).numbers(from: 1, through: 10, upTo: .max) { _ in true } == nil)
    #expect(try Kept([11]).numbers(from: 1, through: 10, upTo: .max) { _ in true } == nil)
  }
}
