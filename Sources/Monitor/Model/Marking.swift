internal import Screen
internal import Webhooks

extension Model {
  /// The numbers of the marked deliveries, oldest first.
  var marked: [UInt64] { list.outcomes.marked.sorted() }

  /// Marks the selected delivery, or takes its mark away.
  mutating func toggleMark() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    let isMarked = !list.outcomes.marked.contains(delivery.sequence)
    notice = Notice("#\(delivery.sequence) is \(isMarked ? "marked" : "no longer marked")")
    return [.mark([delivery.sequence], isMarked)]
  }

  /// Takes all marks away, and the filter that asks for them.
  mutating func unmarkAll() -> [Effect] {
    let marked = marked
    notice = Notice("\(Wording.count(marked.count, "delivery", "deliveries")) unmarked")
    filters.set(.marked, nil)
    applyFilters()
    return [.mark(marked, false)]
  }

  /// Shows only marked deliveries, or all again.
  mutating func toggleMarkFilter() {
    cycle(.marked, through: [.marked])
  }

  var reasonForNoMarks: String? {
    list.outcomes.marked.isEmpty && filters.choice(.marked).isEmpty
      ? "Nothing is marked: m marks a delivery" : nil
  }
}

extension Journal.MarkRefusal {
  /// Why a delivery was not marked, and what to do, in a line.
  var sentence: String {
    switch self {
    case .tooMany(let limit):
      "Not marked: at most half of the ring, \(Wording.grouped(limit)); unmark some with U, or start with a larger --keep"
    case .tooLarge(let limit):
      "Not marked: at most half of the ring, \(Wording.bytes(limit)); unmark some with U, or start with a larger --keep-bytes"
    }
  }
}
