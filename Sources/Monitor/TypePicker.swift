internal import JSON

/// The list of event types with counts, to pick those that are shown.
struct TypePicker: Sendable, Equatable {
  struct Row: Sendable, Equatable {
    let type: ByteString
    let count: Int
    var isPicked: Bool
  }

  private(set) var rows: [Row]
  private(set) var cursor = 0

  /// Rows for `counts`, most frequent first, names in order where they tie.
  init(counts: [ByteString: Int], picked: Set<ByteString>) {
    rows = counts.map { Row(type: $0.key, count: $0.value, isPicked: picked.contains($0.key)) }
      .sorted { ($1.count, $0.type) < ($0.count, $1.type) }
  }

  var picked: [ByteString] { rows.filter(\.isPicked).map(\.type) }

  mutating func move(by steps: Int) {
    cursor = min(max(0, cursor + steps), max(0, rows.count - 1))
  }

  mutating func toggle() {
    guard cursor < rows.count else { return }
    rows[cursor].isPicked.toggle()
  }
}
