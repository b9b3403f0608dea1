internal import Screen
internal import Webhooks

extension Model {
  /// The numbers of the marked deliveries, oldest first.
  var marked: [UInt64] { list.outcomes.marked.sorted() }

  /// Marks the selected delivery, or takes its mark away.
  mutating func toggleMark() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    return [.mark([delivery.sequence], !list.outcomes.marked.contains(delivery.sequence))]
  }

  /// Says what the ring made of an order to mark deliveries, or to take their marks away.
  mutating func takeMarks(of sequences: [UInt64], _ isMarked: Bool, _ refusal: Journal.MarkRefusal?) {
    if let refusal {
      notice = Notice(refusal.sentence, .warning)
    } else if sequences.count != 1 {
      notice = Notice("\(Wording.count(sequences.count, "delivery", "deliveries")) unmarked")
    } else if list.outcomes.marked.contains(sequences[0]) == isMarked {
      notice = Notice("#\(sequences[0]) is \(isMarked ? "marked" : "no longer marked")")
    } else {
      notice = Notice("#\(sequences[0]) is not marked: it was evicted", .warning)
    }
  }

  /// Takes all marks away, and the filter that asks for them.
  mutating func unmarkAll() -> [Effect] {
    let marked = marked
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
