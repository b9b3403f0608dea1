internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// The list of event types with counts, to pick those that are shown.
struct TypesPanel: Popup {
  struct Row: Sendable, Equatable {
    let type: ByteString
    let count: Int
    var isPicked: Bool
  }

  static let title = "Event types"

  private(set) var rows: [Row]
  var viewport = Viewport()

  /// Rows for `counts`, most frequent first, names in order where they tie.
  init(counts: [ByteString: Int], picked: Set<ByteString>) {
    rows = counts.map { Row(type: $0.key, count: $0.value, isPicked: picked.contains($0.key)) }
      .sorted { ($1.count, $0.type) < ($0.count, $1.type) }
  }

  static let actions: [Action] = [
    action(
      "pick", [.character(" "), .character("t")], .filter, "Pick or drop the event type.", hint: "pick"
    ) { panel, _ in panel.toggle() },
    action(
      "show picked", [.enter], .filter, "Show only the picked types; all where none is picked.", hint: "show"
    ) { panel, model in
      model.panels.pop()
      model.filters.set(types: panel.rows.filter(\.isPicked).map(\.type))
      model.applyFilters()
    },
  ]

  private mutating func toggle() {
    if let row = selectedRow(of: rows.count) { rows[row].isPicked.toggle() }
  }

  func content(_ model: Model) -> PopupContent {
    var content = PopupContent("Event types", columns: 52, rowCount: rows.count) { Self.line(rows[$0]) }
    content.empty = "No event type has come yet."
    content.hasCursor = true
    return content
  }

  private static func line(_ row: Row) -> [TextRun] {
    [
      TextRun(row.isPicked ? "[x] " : "[ ] ", Style(row.isPicked ? .success : .dim)),
      TextRun(row.type.bytes), TextRun("  \(Wording.grouped(row.count))", .dim),
    ]
  }
}

extension Model {
  mutating func openTypes() {
    var counts: [ByteString: Int] = [:]
    for delivery in list.kept {
      if let event = delivery.envelope.event { counts[event.copied, default: 0] += 1 }
    }
    panels.push(TypesPanel(counts: counts, picked: Set(filters.types)))
  }
}
