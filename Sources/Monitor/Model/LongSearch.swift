internal import Dispatch
internal import Synchronization
internal import Webhooks

/// How far a search of the list has come that takes long, in the background and part by part.
struct LongSearch: Sendable {
  /// How many rows one processor looks at in one go.
  private static let share = 256

  let text: String
  let rows: SearchedRows
  /// The delivery that was selected when it began.
  let start: UInt64?
  /// Tells it from the searches before it, whose parts may still come.
  let number: Int
  /// The first step that has not been looked at.
  private var next: Int
  /// How many rows are looked at at once, by all processors.
  private let partSize: Int
  fileprivate(set) var isAtWork = false

  init(
    _ text: String, in rows: SearchedRows, from first: Int, partSize: Int, start: UInt64?, number: Int
  ) {
    (self.text, self.rows, self.start, self.number) = (text, rows, start, number)
    (next, self.partSize) = (first, partSize)
  }

  var isOver: Bool { next >= rows.steps }

  /// How many of the rows have been looked at, in hundredths.
  var percent: Int { next * 100 / max(1, rows.steps) }

  fileprivate mutating func take(_ found: FoundRows) {
    next = found.next
    isAtWork = false
  }

  /// Looks at the next rows for some time.
  fileprivate func look(
    in kept: any Kindred, _ clock: @escaping Job.Clock, _ place: @Sendable (Delivery) -> DeliverySearch.Place?
  ) -> FoundRows {
    let part = Job.Part(clock)
    var next = next
    var found: FoundDelivery?
    repeat {
      let steps = next..<max(next, min(next + partSize, rows.steps))
      found = first(in: steps, of: kept) {
        // Nobody waits for it any more.
        clock() == .max ? .row : place($0)
      }
      next = steps.upperBound
    } while found == nil && next < rows.steps && !part.isOver
    return FoundRows(number: number, next: next, delivery: found)
  }

  /// The first of some rows that has a place; where there are many, all processors look at once.
  private func first(
    in steps: Range<Int>, of kept: any Kindred, _ place: @Sendable (Delivery) -> DeliverySearch.Place?
  ) -> FoundDelivery? {
    let shares = stride(from: steps.lowerBound, to: steps.upperBound, by: Self.share).map {
      $0..<min($0 + Self.share, steps.upperBound)
    }
    let first = Mutex<(step: Int, found: FoundDelivery)?>(nil)
    DispatchQueue.concurrentPerform(iterations: shares.count) { index in
      guard first.withLock({ $0.map { shares[index].lowerBound < $0.step } ?? true }) else { return }
      var reader = SliceReader(kept, rows: rows)
      guard let found = rows.first(in: shares[index], find: { reader.find($0) }, at: place) else { return }
      first.withLock { if found.step < $0?.step ?? .max { $0 = found } }
    }
    return first.withLock { $0?.found }
  }
}

/// What some rows of the list hold of a text that is searched for.
public struct FoundRows: Sendable {
  fileprivate let number: Int
  /// The first step that has not been looked at.
  fileprivate let next: Int
  /// The first that holds it; nil if none of them does.
  fileprivate let delivery: FoundDelivery?
}

extension Model {
  /// Has the next rows searched, where a search of the list goes on and somebody waits for it.
  mutating func findOn() -> [Effect] {
    guard awaited.contains(.find) else {
      finding = nil
      return []
    }
    guard let finding, !finding.isAtWork else { return [] }
    self.finding?.isAtWork = true
    let (kept, outcomes) = (setting.kept, list.outcomes)
    let search = DeliverySearch(finding.text, in: listColumns)
    let job = Job(.find, priority: .asked, bytes: finding.rows.bytes + outcomes.bytes) { clock in
      .found(finding.look(in: kept, clock) { search.place(in: $0, outcomes) })
    }
    return [.run(job)]
  }

  /// Takes what some rows hold: goes to what was found, or on with the next ones.
  mutating func take(_ found: FoundRows) {
    guard let finding, finding.number == found.number else { return }
    self.finding?.take(found)
    if found.delivery != nil || self.finding?.isOver == true {
      goTo(found.delivery, holding: finding.text, finding.rows.direction)
    }
  }
}
