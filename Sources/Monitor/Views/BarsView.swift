internal import Screen
internal import Webhooks

/// Draws the line along the top: what is shown, the secrets, and the counters.
func drawBar(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  canvas.fill(rect, Style(.bar))
  let (left, right) = barRuns(model, columns: rect.columns)
  let start = max(0, rect.columns - width(right, model) - 1)
  canvas.draw(left, at: rect.origin, width: start)
  canvas.draw(right, at: Point(column: start, row: rect.row), width: rect.columns - start)
}

/// What fits of the bar: on a narrow screen the counters that are zero go first, then the secrets, then what
/// the source can do without.
private func barRuns(_ model: Model, columns: Int) -> (left: [TextRun], right: [TextRun]) {
  if let alarm = model.alarm {
    let sign = Glyphs.forCharset(model.setting.charset).failed
    return ([TextRun(" \(sign) \(alarm)", Style(.failure))], [])
  }
  let name = [TextRun(" hooktop  ", Style(.bar, bold: true))] + presentationRuns(model) + armedRuns(model)
  let gap = TextRun("   ", Style(.bar))
  let secrets = secretRuns(model)
  let all = counterRuns(model, withZeros: true)
  let some = counterRuns(model, withZeros: false)
  let source = sourceRuns(model) + forwardRuns(model.setting)
  let room = columns - width(name + some, model) - 2
  let short = shortSourceRuns(model.setting.source, room: room, model)
  let choices = [
    (name + source + [gap] + secrets, all), (name + source + [gap] + secrets, some), (name + source, some),
    (name + short, some), (name, some), (presentationRuns(model), some),
  ]
  let fitting = choices.first { width($0.0, model) + width($0.1, model) + 2 <= columns }
  // Whoever presents must see it, whatever is counted.
  return fitting ?? (model.presentation == nil ? ([], some) : (presentationRuns(model), []))
}

/// The rule that answers the next deliveries, which nobody must forget.
private func armedRuns(_ model: Model) -> [TextRun] {
  guard let first = model.armed.first else { return [] }
  let glyphs = Glyphs.forCharset(model.setting.charset)
  let words = AnswersPanel.words(first, in: model)
  let cut = words.count > 36 ? words.prefix(35) + String(glyphs.ellipsis) : words
  let more = model.armed.count > 1 ? " +\(model.armed.count - 1)" : ""
  return [TextRun("A: \(cut)\(more)  ", Style(.bar, bold: true))]
}

/// `presenting, 2 paths hidden`: what the screen shows is not all that was received.
private func presentationRuns(_ model: Model) -> [TextRun] {
  guard let presentation = model.presentation else { return [] }
  let count = presentation.redaction.paths.count
  let hidden = count == 0 ? "" : ", \(Wording.count(count, "path")) hidden"
  return [TextRun("presenting\(hidden)  ", Style(.bar, bold: true))]
}

/// The receiver's address, or the session's file, which nothing is added to.
private func sourceRuns(_ model: Model) -> [TextRun] {
  switch model.setting.source {
  case .receiver(let address, _):
    [TextRun(address, Style(.bar, underline: true))]
      + (model.recording.map(fileName).map { [TextRun("  recording to \($0)", Style(.bar))] } ?? [])
  case .session(let name): [TextRun(name, Style(.bar, underline: true)), readOnly]
  }
}

/// The last part of a path.
private func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// Where deliveries go on to.
private func forwardRuns(_ setting: Setting) -> [TextRun] {
  let arrow = setting.charset == .utf8 ? "\u{2192}" : "->"
  return setting.forward.map { [TextRun("  \(arrow) \($0)", Style(.bar))] } ?? []
}

/// The source in few columns: the address without its scheme, or as much of the file's name as there is room
/// for.
private func shortSourceRuns(_ source: Source, room: Int, _ model: Model) -> [TextRun] {
  switch source {
  case .receiver(let address, _):
    let host = address.split(separator: "/").last.map(String.init) ?? ""
    return [TextRun(host + (model.recording == nil ? "" : "  recording"), Style(.bar))]
  case .session(let name):
    let ellipsis = String(Glyphs.forCharset(model.setting.charset).ellipsis)
    var kept = name
    func cut() -> [TextRun] { [TextRun(kept + ellipsis, Style(.bar)), readOnly] }
    while !kept.isEmpty, width(cut(), model) > room { kept.removeLast() }
    return cut()
  }
}

private let readOnly = TextRun("  read-only", Style(.bar))

private func width(_ runs: [TextRun], _ model: Model) -> Int { runs.width(in: model.setting.charset) }

/// `parlay ✓ parable ✓`: a sign for each provider that has a secret, and their number where there are more. Those that
/// hooktop is documented with are there without one, too, to say that they have none.
private func secretRuns(_ model: Model) -> [TextRun] {
  let glyphs = Glyphs.forCharset(model.setting.charset)
  return model.setting.providers.all.compactMap { provider in
    let count = model.keyring.secrets(for: provider).count
    guard count > 0 || Providers.documented.all.contains(provider) else { return nil }
    let sign = count == 0 ? String(glyphs.unchecked) : String(glyphs.valid) + (count > 1 ? "(\(count))" : "")
    return TextRun("\(provider.name) \(sign) ", Style(.bar))
  }
}

private func counterRuns(_ model: Model, withZeros: Bool) -> [TextRun] {
  let counts = model.counts
  let glyphs = Glyphs.forCharset(model.setting.charset)
  let total = "\(Wording.grouped(counts.received)) \(model.setting.source.counted)"
  var runs = [TextRun("\(glyphs.bullet) \(total)", Style(.bar))]
  func add(_ count: Int, _ text: String, isAlarm: Bool = false) {
    guard withZeros || count > 0 else { return }
    runs.append(TextRun("  \(text)", Style(.bar, bold: isAlarm && count > 0)))
  }
  add(counts.failed, "\(Wording.grouped(counts.failed)) failed", isAlarm: true)
  if counts.disagreements > 0 {
    add(counts.disagreements, "\(Wording.grouped(counts.disagreements)) disagree", isAlarm: true)
  }
  let marked = model.list.outcomes.marked.count
  if marked > 0 { add(marked, "\(Wording.grouped(marked)) marked") }
  if model.loading == nil { add(counts.evicted, "\(Wording.grouped(counts.evicted)) evicted") }
  add(counts.incidents, Wording.count(counts.incidents, "incident"), isAlarm: true)
  if model.missed > 0 { runs.append(TextRun("  \(Wording.grouped(model.missed)) not shown", Style(.bar))) }
  if let loading = model.loading {
    if loading.skippedCount > 0 { add(loading.skippedCount, "\(loading.count) skipped", isAlarm: true) }
    if !loading.isFinished { runs.append(TextRun("  \(loading.progress)", Style(.bar))) }
  }
  return runs
}

/// Draws the tabs of the detail pane on a narrow screen.
func drawTabs(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  guard !rect.isEmpty else { return }
  let runs = Pane.allCases.dropFirst().flatMap { tabRuns($0, model) }
  canvas.draw(Array(runs), at: rect.origin, width: rect.columns)
}

/// The tab of a pane.
func tabRuns(_ pane: Pane, _ model: Model) -> [TextRun] {
  [
    TextRun(" \(pane.rawValue + 1) ", Style(.key)),
    TextRun(pane.title, Style(pane == model.detail ? .title : .dim, bold: pane == model.detail)),
    TextRun(" "),
  ]
}

/// Draws the bottom line: a notice, or the keys that work here. A line of input is drawn over it.
func drawBottom(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  canvas.fill(rect)
  let (rect, corner) = rect.splitLeft(rect.columns - lastKeyColumns(model))
  defer { drawLastKey(model, &canvas, corner) }
  if let notice = model.notice {
    drawNotice(notice, &canvas, rect)
  } else {
    let runs = shownHints(model, columns: rect.columns).flatMap { hint($0, model) }
    canvas.draw(runs, at: rect.origin, width: rect.columns)
  }
}

/// The most rows that a notice takes.
private let noticeRows = 3

/// Draws a notice. One that is too long for the line takes rows above it too: the file named at its end must be read.
private func drawNotice(_ notice: Notice, _ canvas: inout Canvas, _ rect: Rect) {
  let runs = [TextRun(" \(notice.text)", Style(notice.role))]
  let wrapping = Wrapping(columns: rect.columns, charset: canvas.charset, proseIndent: 1)
  let ranges = wrapping.ranges(of: runs)
  let count = min(ranges.count, noticeRows)
  let rows = wrapping.rows(0..<count, of: runs, cutAt: ranges)
  for (index, line) in rows.enumerated() {
    let row = Rect(column: rect.column, row: rect.endRow - count + index, columns: rect.columns, rows: 1)
    canvas.fill(row)
    let isCut = index == count - 1 && ranges.count > count
    drawRow(isCut ? line + runs.slice(ranges[count].lowerBound..<Int.max) : line, &canvas, row)
  }
}

/// What every user must find, wherever they are.
private let lastActions = ["help", "quit", "close"]

/// The actions that can be used now and have a hint, as many as fit; help and quit always have their place.
func shownHints(_ model: Model, columns: Int) -> [Action] {
  // Those of the story stand with it, where no notice hides them.
  let fitting = Action.table(for: model.mode).filter {
    $0.hint != nil && $0.group != .story && $0.unavailable(model) == nil
  }
  // What works only here is what a user can't know from elsewhere; getting about explains itself.
  let usable =
    fitting.filter { !$0.scope.isSuperset(of: .panes) }
    + fitting.filter { $0.scope.isSuperset(of: .panes) && $0.group != .panes }
    + fitting.filter { $0.scope.isSuperset(of: .panes) && $0.group == .panes }
  let last = usable.filter { lastActions.contains($0.name) }
  var room = columns - last.reduce(0) { $0 + width(of: $1, model) }
  var shown: [Action] = []
  for action in usable where !lastActions.contains(action.name) {
    room -= width(of: action, model)
    guard room >= 0 else { break }
    shown.append(action)
  }
  return shown + last
}

/// A key and the word for what it does.
func hint(_ action: Action, _ model: Model) -> [TextRun] {
  let key = action.keys.first?.label(in: model.setting.charset) ?? ""
  return [TextRun(" \(key)", Style(.key)), TextRun(" \(action.hint ?? "") ")]
}

private func width(of action: Action, _ model: Model) -> Int {
  width(hint(action, model), model)
}
