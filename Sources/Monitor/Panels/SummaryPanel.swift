internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

/// What is kept in numbers: deliveries a minute, how fast they were judged, and counts that filter the list.
struct SummaryPanel: Popup {
  private enum Row: Sendable, Equatable {
    case heading(String)
    case count(Tally.Subject)
    /// How many subjects of a section have no row.
    case rest(String)

    var subject: Tally.Subject? {
      if case .count(let subject) = self { subject } else { nil }
    }
  }

  static let title = "Summary"
  private static let columns = 72
  /// How many rows a section has: a sender can make up any number of types, and a recorded session of endpoints.
  private static let mostCounts = 100

  var viewport = Viewport()
  /// What is kept, counted; nil until that is done.
  private(set) var tally: Tally?
  /// What happened to deliveries while they were counted.
  private var pending: [Journal.OutcomeChange] = []
  private var rows: [Row] = []
  /// Why nothing is counted.
  private var obstacle: String?

  var followsTime: Bool { true }
  var awaited: Set<Job.Key> { tally == nil && obstacle == nil ? [.summary] : [] }

  static let actions: [Action] = [
    action(
      "filter by count", [.enter], .filter, "Show only the deliveries of the selected count.", hint: "show"
    ) { panel, model in panel.show(in: &model) }
  ]

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    switch message {
    case .summarized(let tally):
      self.tally = tally
      catchUp(with: model.list)
      arrange(in: model)
    case .refused(.summary): obstacle = "too much other work is waiting"
    case .overran(.summary): obstacle = "it took longer than \(Job.Key.summary.limitWords)"
    case .arrived(let batch):
      pending += batch.outcomes
      catchUp(with: model.list)
      if rows.isEmpty { arrange(in: model) }
    // To sort while deliveries arrive would move the rows from under the cursor, and take its time in each frame.
    case .ticked: arrange(in: model)
    default: break
    }
    settle(in: model)
    return []
  }

  /// Counts what has arrived since, and no longer what has been evicted.
  private mutating func catchUp(with list: DeliveryList) {
    guard let last = tally?.newest else { return }
    for delivery in list.kept[list.kept.firstIndex(from: last + 1)...] { tally?.add(delivery) }
    for change in pending { tally?.take(change.outcomes, of: change.sequence) }
    pending = []
    tally?.forget(before: list.firstInRing) { list.kept.holds($0) }
  }
}

extension Model {
  /// Opens the summary, and has what is kept counted in the background.
  mutating func openSummary() -> [Effect] {
    panels.push(SummaryPanel())
    let (kept, newest, outcomes) = (setting.kept, list.newest, list.outcomes)
    let job = Job(.summary, priority: .asked, bytes: outcomes.bytes) { clock in
      .summarized(Tally(kept, through: newest, outcomes) { clock() == .max })
    }
    return [.run(job)]
  }
}

// MARK: Rows

extension SummaryPanel {
  /// Makes the rows anew, the greatest counts first; the selected one stays selected.
  private mutating func arrange(in model: Model) {
    guard let tally else { return }
    let selected = selectedRow(of: rows.count).flatMap { rows[$0].subject }
    rows = Self.rows(of: tally, byEndpoint: model.hasEndpoints)
    let line = rows.firstIndex { $0.subject != nil && (selected == nil || $0.subject == selected) }
    guard let line else { return }
    let height = PopupFrame(content(model), on: model.size, in: model.setting.charset).rows.rows
    viewport.move(toLine: line, in: Viewport.Extent(lineCount: rows.count, height: height) { _ in 1 })
  }

  private static func rows(of tally: Tally, byEndpoint: Bool) -> [Row] {
    var (verdicts, types, causes): ([Tally.Count], [Tally.Count], [Tally.Count]) = ([], [], [])
    var endpoints: [Tally.Count] = []
    for (subject, count) in tally.counts {
      switch subject {
      case .verdict: verdicts.append((subject, count))
      case .type: types.append((subject, count))
      case .endpoint: if byEndpoint { endpoints.append((subject, count)) }
      case .cause: causes.append((subject, count))
      }
    }
    return section("verdict", verdicts) + section("type", types, rest: ("more type", ": T lists all"))
      + section("endpoint", endpoints, rest: ("more endpoint", "")) + section("cause of failure", causes)
  }

  /// - Parameter rest: what those without a row are called, and what is said of them; nil if there never are any.
  private static func section(
    _ heading: String, _ counts: [Tally.Count], rest: (noun: String, words: String)? = nil
  ) -> [Row] {
    guard !counts.isEmpty else { return [] }
    let rows = [.heading(heading)] + Tally.greatest(mostCounts, of: counts).map { Row.count($0.subject) }
    guard let rest, counts.count > mostCounts else { return rows }
    return rows + [.rest(Wording.count(counts.count - mostCounts, rest.noun) + rest.words)]
  }

  private func show(in model: inout Model) {
    guard let row = selectedRow(of: rows.count), let subject = rows[row].subject else {
      model.notice = Notice("Select a count to filter by it", .warning)
      return
    }
    model.panels.pop()
    model.filter(by: subject)
  }

  private func line(_ row: Row, _ glyphs: Glyphs) -> [TextRun] {
    switch row {
    case .heading(let text): return [TextRun(text, .dim)]
    case .rest(let words): return [TextRun(words, .dim)]
    case .count(let subject):
      let number = Wording.grouped(tally?.counts[subject] ?? 0)
      return [TextRun(String(repeating: " ", count: max(0, 9 - number.count)) + number + "  ")]
        + subject.name(glyphs)
    }
  }
}

// MARK: What is shown

extension SummaryPanel {
  func content(_ model: Model) -> PopupContent {
    let glyphs = Glyphs.forCharset(model.setting.charset)
    var content = PopupContent(title(model), columns: Self.columns, rowCount: rows.count) {
      line(rows[$0], glyphs)
    }
    content.head = rates(model) + times + [lastArrival(model), []]
    content.empty =
      tally == nil ? obstacle.map { "Not counted: \($0)." } ?? "Being counted" : "No delivery is kept."
    content.hasCursor = true
    return content
  }

  private func title(_ model: Model) -> String {
    "Summary" + (tally.map { "  \(Wording.grouped($0.count)) kept" } ?? "")
  }

  /// The deliveries of each minute as bars, below what they come to.
  private func rates(_ model: Model) -> [[TextRun]] {
    let isSession = model.setting.source.isSession
    let counts = isSession ? model.minutes.latest : model.minutes.counts(until: model.now)
    let most = counts.max() ?? 0
    let now = "\(Wording.grouped(counts.last ?? 0)) \(isSession ? "in the last" : "now")"
    let words =
      "deliveries a minute: \(now), \(Wording.grouped(most)) at most; "
      + "\(Wording.grouped(counts.reduce(0, +))) in the last hour"
    let columns = PopupFrame.textColumns(Self.columns, on: model.size)
    let bars = Self.bars(counts.suffix(columns), most: most, model.setting.charset)
    return [[TextRun(words)], [TextRun(bars, Style(.info))]]
  }

  /// A sign for each count, higher for greater ones; the first one for 0 alone.
  private static func bars(_ counts: some Collection<Int>, most: Int, _ charset: Charset) -> String {
    let signs = Array(charset == .utf8 ? "·▁▂▃▄▅▆▇█" : ".:-=+*%#")
    return String(counts.map { signs[most == 0 ? 0 : ($0 * (signs.count - 1) + most - 1) / most] })
  }

  private var times: [[TextRun]] {
    guard let tally else { return [[]] }
    return [("time to verdict", tally.times), ("response of the app", tally.appTimes)].compactMap {
      title, times in
      let bounds = [("half", 0.5), ("99 %", 0.99), ("all", 1)].compactMap { words, share in
        times.time(of: share).map { "\(words) in \(Wording.milliseconds($0))" }
      }
      return bounds.isEmpty ? nil : [TextRun("\(title): " + bounds.joined(separator: ", "))]
    }
  }

  private func lastArrival(_ model: Model) -> [TextRun] {
    guard let newest = model.list.kept.last else { return [] }
    let age = (model.now.seconds - newest.receivedAt.seconds).rounded(.down)
    return [TextRun("last arrival: \(age < 1 ? "under 1 s" : Durations.words(age)) ago")]
  }
}

extension Wording {
  /// `0.18 ms`, `3.2 ms`, `120 ms`.
  fileprivate static func milliseconds(_ value: Double) -> String {
    let decimals = value < 1 ? 2 : value < 10 ? 1 : 0
    return "\(ShortDecimal.text(value, decimals: decimals) ?? "over 1,000,000") ms"
  }
}

extension Tally.Subject {
  /// How the list shows it.
  fileprivate func name(_ glyphs: Glyphs) -> [TextRun] {
    switch self {
    case .verdict(let reason):
      let sign = VerdictSign(Verdict(reason), glyphs)
      return [TextRun(sign.text, Style(sign.role))]
    case .type(let type): return [type.map { TextRun($0.bytes) } ?? TextRun("(no type)", .dim)]
    case .endpoint(let name): return [name.map { TextRun($0.bytes) } ?? TextRun("(no endpoint)", .dim)]
    case .cause(let cause): return [TextRun(cause.bytes)]
    }
  }
}

extension Model {
  fileprivate mutating func filter(by subject: Tally.Subject) {
    switch subject {
    case .verdict(let reason):
      filters.set(.signature, .reason(reason))
    case .type(let type?): filters.set(types: [type])
    case .type(nil):
      filters.set(types: [])
      filters.set(.types, .type(nil))
    case .endpoint(let name): setTyped(.endpoint(name))
    case .cause(let cause): setTyped(.cause(cause))
    }
    applyFilters()
  }

  private mutating func setTyped(_ filter: Filter) { filters.set(typed: filter.description, filter) }
}
