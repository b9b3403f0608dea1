internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// The list of event types with counts, narrowed by what is typed, to pick those that are shown.
struct TypesPanel: Popup, InputPanel {
  struct Row: Sendable, Equatable {
    /// nil for deliveries that name none.
    let type: ByteString?
    let count: Int
    var isPicked: Bool
  }

  static let title = "Event types"

  private(set) var rows: [Row]
  var editor = LineEditor()
  var viewport = Viewport()

  /// Rows for `counts`, most frequent first, names in order where they tie.
  init(counts: [ByteString?: Int], picked: Set<ByteString?>) {
    rows = counts.map { Row(type: $0.key, count: $0.value, isPicked: picked.contains($0.key)) }
      .sorted { ($1.count, $0.type ?? "") < ($0.count, $1.type ?? "") }
  }

  static let actions: [Action] = [
    action("pick", [.character(" ")], .filter, "Pick or drop the event type.", hint: "pick") { panel, _ in
      panel.toggle()
    }
  ]

  /// The places of the rows whose type holds what was typed.
  private var matches: [Int] {
    let search = PayloadSearch(editor.text)
    return rows.indices.filter { editor.text.isEmpty || search.isFound(in: rows[$0].type ?? Self.none) }
  }

  private static let none: ByteString = "(no type)"

  private mutating func toggle() {
    let matches = matches
    if let row = selectedRow(of: matches.count) { rows[matches[row]].isPicked.toggle() }
  }

  /// Shows what is picked; where nothing is, the type that was searched for, or else all.
  mutating func accept(in model: inout Model) -> [Effect] {
    let matches = matches
    var types = rows.filter(\.isPicked).map(\.type)
    if types.isEmpty, !editor.text.isEmpty, let row = selectedRow(of: matches.count) {
      types = [rows[matches[row]].type]
    }
    model.panels.pop()
    model.filters.set(types: types)
    model.applyFilters()
    return []
  }

  func content(_ model: Model) -> PopupContent {
    let matches = matches
    var content = PopupContent("Event types", columns: 52, rowCount: matches.count) {
      Self.line(rows[matches[$0]])
    }
    content.head = [[TextRun("/ \(editor.text)", Style(.prompt))]]
    content.inputColumn = inputColumn(in: model.setting.charset)
    content.leastRows = min(rows.count, 15)
    content.empty = rows.isEmpty ? "No delivery has come yet." : "No event type holds that."
    content.hasCursor = true
    return content
  }

  private static func line(_ row: Row) -> [TextRun] {
    [
      TextRun(row.isPicked ? "[x] " : "[ ] ", Style(row.isPicked ? .success : .dim)),
      TextRun((row.type ?? none).bytes, row.type == nil ? .dim : .normal),
      TextRun("  \(Wording.grouped(row.count))", .dim),
    ]
  }
}

extension Model {
  mutating func openTypes() {
    panels.push(TypesPanel(counts: list.kept.eventCounts(), picked: Set(filters.types)))
  }
}
