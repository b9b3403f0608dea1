internal import Screen
internal import Webhooks

/// Draws the line along the top: the address, the secrets, and the counters.
func drawBar(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect, Style(.bar))
  let (left, right) = barRuns(model, columns: rect.columns)
  let start = max(0, rect.columns - width(right, model) - 1)
  canvas.draw(left, at: rect.origin, width: start)
  canvas.draw(right, at: Point(column: start, row: rect.row), width: rect.columns - start)
}

/// What fits of the bar: on a narrow screen the counters that are zero go first, then the secrets, then the
/// address's scheme.
private func barRuns(_ model: Model, columns: Int) -> (left: [TextRun], right: [TextRun]) {
  let name = [TextRun(" hooktop  ", Style(.bar, bold: true))]
  let address = TextRun(model.setting.address, Style(.bar, underline: true))
  let short = TextRun(model.setting.address.split(separator: "/").last.map(String.init) ?? "", Style(.bar))
  let gap = TextRun("   ", Style(.bar))
  let secrets = secretRuns(model)
  let all = counterRuns(model, withZeros: true)
  let some = counterRuns(model, withZeros: false)
  let choices = [
    (name + [address, gap] + secrets, all), (name + [address, gap] + secrets, some), (name + [address], some),
    (name + [short], some), (name, some),
  ]
  return choices.first { width($0.0, model) + width($0.1, model) + 2 <= columns } ?? ([], some)
}

private func width(_ runs: [TextRun], _ model: Model) -> Int {
  runs.reduce(0) { $0 + SafeText.width(of: $1.bytes, charset: model.setting.charset) }
}

/// `parlay ✓ parable ✓`: a sign for each provider that has a secret, and their number where there are more.
private func secretRuns(_ model: Model) -> [TextRun] {
  let glyphs = Glyphs.forCharset(model.setting.charset)
  return Provider.all.map { provider in
    let count = model.keyring.secrets(for: provider).count
    let sign = count == 0 ? String(glyphs.unchecked) : String(glyphs.valid) + (count > 1 ? "(\(count))" : "")
    return TextRun("\(provider.name) \(sign) ", Style(.bar))
  }
}

private func counterRuns(_ model: Model, withZeros: Bool) -> [TextRun] {
  let counts = model.counts
  let glyphs = Glyphs.forCharset(model.setting.charset)
  var runs = [TextRun("\(glyphs.bullet) \(Wording.grouped(counts.received)) received", Style(.bar))]
  func add(_ count: Int, _ text: String, isAlarm: Bool = false) {
    guard withZeros || count > 0 else { return }
    runs.append(TextRun("  \(text)", Style(.bar, bold: isAlarm && count > 0)))
  }
  add(counts.failed, "\(Wording.grouped(counts.failed)) failed", isAlarm: true)
  add(counts.evicted, "\(Wording.grouped(counts.evicted)) evicted")
  add(counts.incidents, Wording.count(counts.incidents, "incident"), isAlarm: true)
  if model.missed > 0 { runs.append(TextRun("  \(Wording.grouped(model.missed)) not shown", Style(.bar))) }
  return runs
}

/// Draws the tabs of the detail pane on a narrow screen.
func drawTabs(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  guard !rect.isEmpty else { return }
  let runs = Pane.allCases.dropFirst().flatMap { pane in
    [
      TextRun(" \(pane.rawValue + 1) ", Style(.key)),
      TextRun(pane.title, Style(pane == model.detail ? .title : .dim, bold: pane == model.detail)),
      TextRun(" "),
    ]
  }
  canvas.draw(Array(runs), at: rect.origin, width: rect.columns)
}
