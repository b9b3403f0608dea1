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
    arguments: [.max, 1 << 20, 1 << 16])
  func all(bytes: Int) throws {
    let kept = try Kept(Self.numbers)
    let asked = Mutex<[UInt64: Int]>([:])
    var (found, last, parts): ([UInt64], UInt64, Int) = ([], 0, 0)
    while let part = kept.numbers(
      from: last + 1, through: 90_000, upTo: bytes,
      where: { delivery in
        asked.withLock { $0[delivery.sequence, default: 0] += 1 }
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
    let times = asked.withLock { $0 }
    #expect(Set(times.keys) == Set(due) && times.values.allSatisfy { $0 == 1 })
    // A part ends after so many bytes, and after 65,536 deliveries.
    #expect(bytes == .max ? parts == 1 : parts > 4)
  }

  @Test("one delivery is asked about in each part, however large it is")
  func one() throws {
    let kept = try Kept([3, 5, 9])
    for (start, due) in [(1, 3), (4, 5), (6, 9)] as [(UInt64, UInt64)] {
      let part = try #require(kept.numbers(from: start, through: 9, upTo: 0) { _ in true })
      #expect(part.found == [due] && part.last == due)
    }
  }

  @Test("where nothing is kept, or only what is newer, nobody is asked")
  func none() throws {
    #expect(try Kept([]).numbers(from: 1, through: 10, upTo: .max) { _ in true } == nil)
    #expect(try Kept([11]).numbers(from: 1, through: 10, upTo: .max) { _ in true } == nil)
  }

  @Test(
    "what passes keeps its order, however many processors look at it",
    arguments: [0, 1, 4095, 4096, 4097, 20_000])
  func order(count: Int) throws {
    let request = try Fixture.parlay()
    var deliveries = Deliveries()
    var expected: [UInt64] = []
    for number in 0..<count {
      let reason: Verdict.Reason = number.isMultiple(of: 3) ? .ok : .noHeader
      let delivery = Delivery(
        sequence: UInt64(2 * number + 1), receivedAt: Fixture.start, request: request, envelope: Envelope(),
        verdict: Verdict(reason), isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 0)
      )
      deliveries.add(delivery)
      if reason == .ok { expected.append(delivery.sequence) }
    }
    let passing = deliveries.numbers { $0.verdict.status == .valid }
    #expect(Array(passing) == expected)
    let start = count / 3
    let later = deliveries.numbers(from: start) { $0.verdict.status == .valid }
    #expect(Array(later) == expected.filter { $0 > UInt64(2 * start) })
  }
}
