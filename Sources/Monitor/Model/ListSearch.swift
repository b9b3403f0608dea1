internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// A text searched for in the list: in what a row shows, in the ids, and in the whole body.
struct DeliverySearch: Sendable {
  /// Where a delivery holds the text.
  enum Place: String, Sendable {
    case row = "in the list"
    case id = "in an id"
    case body = "in the body"
  }

  private let search: PayloadSearch
  /// Whether the columns that are shown hold the text, one after the other.
  private let tests: [DeliveryColumn.Test]

  init(_ text: String, in columns: DeliveryColumns) {
    search = PayloadSearch(text)
    tests = columns.tests(search, for: text)
  }

  /// The first place that holds the text; nil if none does.
  /// - Parameter outcomes: what happened to the kept deliveries.
  func place(in delivery: Delivery, _ outcomes: Outcomes) -> Place? {
    let own = outcomes[delivery.sequence]
    for test in tests where test(delivery, own) { return .row }
    let envelope = delivery.envelope
    if isFound(in: envelope.eventID) || isFound(in: envelope.deliveryID) { return .id }
    return search.isFound(in: delivery.request.body) ? .body : nil
  }

  /// A cell of the list with the matches set off.
  func highlighted(_ run: TextRun) -> [TextRun] {
    run.setOff(search.matches(in: Array(run.bytes)).ranges.map { ($0, false) })
  }

  private func isFound(in text: ByteString?) -> Bool {
    text.map { search.isFound(in: $0) } ?? false
  }
}

/// A delivery that a search of the list has found, and where it holds the text.
struct FoundDelivery: Sendable {
  let sequence: UInt64
  let place: DeliverySearch.Place
}

/// The rows of the list in the order in which they are searched, apart from the deliveries, so that a search that waits
/// keeps none of them alive.
struct SearchedRows: Sendable {
  /// Row 0 is the last of them.
  let shown: Deque<UInt64>
  let order: ListOrder
  let selectedRow: Int
  let direction: Int

  /// What they take, in bytes.
  var bytes: Int { shown.count * MemoryLayout<UInt64>.stride }

  /// How many steps there are: from the selected one round and round, and back to it.
  var steps: Int { shown.isEmpty ? 0 : shown.count + 1 }

  private func index(atStep step: Int) -> Int {
    let index = (shown.count - 1 - selectedRow - direction * step) % shown.count
    return index < 0 ? index + shown.count : index
  }

  /// The first delivery that has a place in some of the steps, and the step; nil if none does.
  /// - Parameters:
  ///   - find: gives the delivery of a number, where it is kept.
  ///   - place: where a delivery holds the text; nil if it does not.
  func first(
    in steps: Range<Int>, find: (UInt64) -> Delivery?, at place: (Delivery) -> DeliverySearch.Place?
  ) -> (step: Int, found: FoundDelivery)? {
    for step in steps {
      let sequence = shown[index(atStep: step)]
      if let delivery = find(sequence), let found = place(delivery) {
        return (step, FoundDelivery(sequence: sequence, place: found))
      }
    }
    return nil
  }
}

/// Finds kept deliveries by number, and holds only the slice that the last one is in.
struct SliceReader {
  private let kept: any Kindred
  /// 1: the next number is lower.
  private let direction: Int
  /// How many are asked for at a time.
  private let size: Int
  private var slice: [Delivery] = []

  /// A reader for rows that are looked at one after the other: only by arrival the next one is likely to be a neighbour.
  init(_ kept: any Kindred, rows: SearchedRows) {
    self.kept = kept
    direction = rows.order.isReversed ? -rows.direction : rows.direction
    size = rows.order.isByArrival ? 64 : 1
  }

  mutating func find(_ sequence: UInt64) -> Delivery? {
    let isInside = slice.first.map { $0.sequence <= sequence && sequence <= slice[slice.count - 1].sequence }
    if isInside != true {
      slice = []
      slice =
        direction > 0
        ? kept.deliveries(before: sequence + 1, atMost: size)
        : kept.deliveries(from: sequence, atMost: size)
    }
    let place = Bisection.count(below: slice.count) { slice[$0].sequence < sequence }
    return place < slice.count && slice[place].sequence == sequence ? slice[place] : nil
  }
}

/// How the list stood before a search of it was typed.
struct SearchOrigin: Sendable {
  let text: String?
  let selected: UInt64?
  let follows: Bool
}

extension Model {
  /// Goes to the first delivery from where the search began that holds what is typed so far.
  mutating func searchList(_ text: String, from origin: SearchOrigin) -> [Effect] {
    goBack(to: origin)
    searches[.deliveries] = text.isEmpty ? origin.text : text
    return text.isEmpty ? [] : moveToDelivery(1, keepingCurrent: true)
  }

  /// Leaves the list as it was before the search began.
  mutating func goBack(to origin: SearchOrigin) {
    searches[.deliveries] = origin.text
    if origin.follows {
      list.follow()
    } else if let selected = origin.selected {
      _ = list.select(selected, height: listHeight)
    }
  }

  /// Goes to the next delivery that holds the text; where much may have to be searched, in the background.
  mutating func moveToDelivery(_ step: Int, keepingCurrent: Bool) -> [Effect] {
    guard let text = searches[.deliveries] else { return [] }
    let (rows, outcomes) = (list.searchedRows(step), list.outcomes)
    let first = keepingCurrent ? 0 : 1
    guard list.bodyBytes > list.searchedAtOnce || list.kept.count > list.readAtOnce else {
      let search = DeliverySearch(text, in: listColumns)
      let next = rows.first(in: first..<max(first, rows.steps), find: list.kept.look) {
        search.place(in: $0, outcomes)
      }
      goTo(next?.found, holding: text, step)
      return []
    }
    notice = Notice("Searching for \(text)")
    lastFinding += 1
    finding = LongSearch(
      text, in: rows, from: first, partSize: list.inlineCount / 4, start: list.selected, number: lastFinding)
    return []
  }

  /// Selects a delivery that a search has found, unless it is over meanwhile.
  mutating func goTo(_ found: FoundDelivery?, holding text: String, _ step: Int) {
    finding = nil
    guard searches[.deliveries] == text else { return }
    let start = list.selected
    guard let found, list.select(found.sequence, height: listHeight) else {
      notice = Notice("No delivery holds \(text)", .warning)
      return
    }
    let isRound = start.map { (list.selectedRow - list.row(of: $0)) * step < 0 } ?? false
    let round = isRound ? ", from the \(step > 0 ? "top" : "bottom") again" : ""
    notice = Notice("\(text): \(found.place.rawValue)\(round)")
  }
}
