internal import Screen
internal import Webhooks

/// Draws the line along the top: the address, the secrets, and the counters.
func drawBar(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect, Style(.bar))
  let left = addressRuns(model) + secretRuns(model)
  let right = counterRuns(model)
  let rightWidth = right.reduce(0) { $0 + SafeText.width(of: $1.bytes, charset: canvas.charset) }
  // The counters are what changes, so they go before the address where both do not fit.
  let column = max(0, rect.columns - rightWidth - 1)
  canvas.draw(left, at: rect.origin, width: column - 1)
  canvas.draw(right, at: Point(column: column, row: rect.row), width: rect.columns - column)
}

private func addressRuns(_ model: Model) -> [TextRun] {
  let isWide = model.size.columns >= Layout.wideColumns
  return [
    TextRun(" hooktop", Style(.bar, bold: true)), TextRun(isWide ? "  " : " ", Style(.bar)),
    TextRun(model.setting.address, Style(.bar, underline: true)), TextRun(isWide ? "   " : " ", Style(.bar)),
  ]
}

/// `parlay ✓ parable ✓`: a sign for each provider that has a secret, and their number where there are more.
private func secretRuns(_ model: Model) -> [TextRun] {
  let glyphs = Glyphs.forCharset(model.setting.charset)
  return Provider.all.map { provider in
    let count = model.setting.secrets.count { $0.provider == provider }
    let sign = count == 0 ? String(glyphs.unchecked) : String(glyphs.valid) + (count > 1 ? "\(count)" : "")
    return TextRun("\(provider.name) \(sign) ", Style(.bar))
  }
}

private func counterRuns(_ model: Model) -> [TextRun] {
  let counts = model.counts
  let glyphs = Glyphs.forCharset(model.setting.charset)
  let isWide = model.size.columns >= Layout.wideColumns
  var runs = [TextRun("\(glyphs.bullet) \(Wording.grouped(counts.received)) received", Style(.bar))]
  runs.append(
    TextRun("  \(Wording.grouped(counts.failed)) failed", Style(.bar, bold: counts.failed > 0)))
  if isWide || counts.evicted > 0 {
    runs.append(TextRun("  \(Wording.grouped(counts.evicted)) evicted", Style(.bar)))
  }
  if isWide || counts.incidents > 0 {
    runs.append(
      TextRun("  \(Wording.count(counts.incidents, "incident"))", Style(.bar, bold: counts.incidents > 0)))
  }
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
