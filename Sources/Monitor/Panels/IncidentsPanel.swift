internal import DequeModule
internal import Screen
internal import Webhooks

/// The list of incidents, newest first, and of a session's lines that can't be read before them; below it the whole
/// of the selected one.
struct IncidentsPanel: Popup {
  static let title = "Incidents"

  /// How much was listed when the panel was last told something.
  private struct Listed {
    let skipped: Int
    /// Those that are no longer listed, too.
    let incidents: Int
  }

  var viewport = Viewport()
  private var listed: Listed?

  static let actions: [Action] = [
    action(
      "open incident", [.enter], .list, "Open the incident: its reason and the first bytes.", hint: "open",
      unavailable: { $0.selected(in: $1) == nil ? $0.reasonForNoIncident($1) : nil }
    ) { panel, model in
      if let incident = panel.selected(in: model) { model.panels.push(IncidentPanel(incident)) }
      return []
    }
  ]

  /// The selected incident; nil if there is none, or a line of the session is selected.
  func selected(in model: Model) -> Incident? {
    let skipped = model.loading?.skipped.count ?? 0
    guard let row = selectedRow(of: skipped + model.incidents.count), row >= skipped else { return nil }
    return model.seen(model.incidents[skipped + model.incidents.count - 1 - row])
  }

  private func reasonForNoIncident(_ model: Model) -> String {
    model.loading?.skipped.isEmpty ?? true
      ? "There is no incident to open" : "There is nothing more to see of a line that could not be read"
  }

  /// Stays on the selected incident: newer ones come above it.
  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    let now = Listed(skipped: model.loading?.skipped.count ?? 0, incidents: model.counts.incidents)
    if let listed {
      viewport.shift(
        by: now.skipped - listed.skipped + now.incidents - listed.incidents, from: listed.skipped)
    }
    listed = now.skipped + now.incidents > 0 ? now : nil
    settle(in: model)
    return []
  }

  func content(_ model: Model) -> PopupContent {
    let skipped = model.loading?.skipped ?? []
    let count = skipped.count + model.incidents.count
    func line(_ number: Int) -> [TextRun] {
      number < skipped.count
        ? Self.line(skipped[number])
        : Self.line(model.seen(model.incidents[count - 1 - number]), model.setting, today: model.now)
    }
    let columns = model.size.columns - 8
    var content = PopupContent(title(model), columns: columns, rowCount: count, row: line)
    content.foot = foot(selectedRow(of: count).map(line), columns, model)
    content.empty = "None: every request was a delivery."
    content.hasCursor = true
    return content
  }

  /// The whole of a line that does not fit its row, below a blank one: as many rows as few incidents need more of.
  private func foot(_ line: [TextRun]?, _ columns: Int, _ model: Model) -> [[TextRun]] {
    let count = 240 / max(40, model.size.columns)
    let wrapping = Wrapping(columns: max(1, columns), charset: model.setting.charset, proseIndent: 2)
    let rows = line.map(wrapping.rows) ?? []
    let whole = rows.count > 1 ? rows.prefix(count) : []
    return [[]] + whole + Array(repeating: [], count: count - whole.count)
  }

  /// `Incidents  3, 2 lines skipped`, or `Incidents  13,000, the newest 1,000 listed`.
  private func title(_ model: Model) -> String {
    var incidents = "Incidents  \(Wording.grouped(model.counts.incidents))"
    if model.incidents.count < model.counts.incidents {
      incidents += ", the newest \(Wording.grouped(model.incidents.count)) listed"
    }
    guard let loading = model.loading, loading.skippedCount > 0 else { return incidents }
    let listed = loading.skipped.count < loading.skippedCount ? ", the first of them listed" : ""
    return "\(incidents), \(loading.count) skipped\(listed)"
  }

  private static func line(_ line: Loading.SkippedLine) -> [TextRun] {
    [TextRun("line \(line.number)  ", Style(.warning)), TextRun(line.error.description)]
  }

  private static func line(_ incident: Incident, _ setting: Setting, today: Timestamp) -> [TextRun] {
    [
      TextRun(setting.zone.text(incident.receivedAt, today: today)),
      TextRun("  \(incident.status.map(String.init) ?? "---")  ", Style(.failure)),
      TextRun(incident.reason.rawValue, Style(.warning)), TextRun("  \(incident.detail)"),
      TextRun("  \(incident.peer)", .dim),
    ]
  }
}
