internal import JSON
internal import Screen
internal import Webhooks

/// One field over time: its values in all deliveries of an event type, with counts, and what changed last.
struct FieldPanel: Popup {
  static let title = "One field over time"
  private static let columns = 100

  let delivery: Delivery
  var subject: Delivery? { delivery }
  private let number: Int
  private var history: FieldHistory
  /// The values, as they were when they were last put in order.
  private var rows: [FieldHistory.Row] = []
  private var isReading = false
  /// Why not all that is kept has been read.
  private var obstacle: String?
  var viewport = Viewport()

  var awaited: Set<Job.Key> { isReading ? [.field] : [] }

  init(_ delivery: Delivery, _ node: JSONNode, number: Int) {
    self.delivery = delivery
    self.number = number
    history = FieldHistory(of: node, in: delivery)
  }

  static let actions: [Action] = [
    action(
      "newest with it", [.enter], .body, "Go to the newest delivery with the selected value.", hint: "go to",
      unavailable: { panel, _ in panel.rows.isEmpty ? "No delivery has been read yet" : nil }
    ) { panel, model in
      guard let row = panel.selectedRow(of: panel.rows.count) else { return [] }
      model.panels.pop()
      model.goTo(panel.rows[row].last.sequence)
      return []
    }
  ]

  /// Reads what is kept and was not read yet, slice by slice.
  mutating func read(in model: Model) -> [Effect] {
    guard !isReading, obstacle == nil, history.last < model.list.newest else { return [] }
    isReading = true
    let (kept, number, before, newest) = (model.setting.kept, number, history, model.list.newest)
    return [
      .run(
        Job(.field, priority: .asked, bytes: 0) { clock in
          let part = Job.Part(clock)
          var history = before
          var isWhole = true
          kept.walk(from: before.last + 1) { delivery in
            guard delivery.sequence <= newest else { return false }
            history.add(delivery)
            isWhole = !part.isOver
            return isWhole
          }
          if isWhole { history.pass(newest) }
          return .followed(FollowedField(number: number, history: history))
        })
    ]
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    var effects: [Effect] = []
    switch message {
    case .followed(let field) where field.number == number:
      (isReading, history) = (false, field.history)
      arrange()
      effects = read(in: model)
    case .arrived: effects = read(in: model)
    case .refused(.field): obstacle = "too much other work is waiting"
    case .overran(.field): obstacle = "it took longer than \(Job.Key.field.limitWords)"
    default: break
    }
    settle(in: model)
    return effects
  }

  /// Puts the values in order; the selected one stays selected.
  private mutating func arrange() {
    let selected = selectedRow(of: rows.count).map { rows[$0].value }
    rows = history.rows
    guard let place = rows.firstIndex(where: { $0.value == selected }), place != viewport.cursor.line,
      viewport.cursor.line > 0
    else { return }
    viewport.shift(by: place - viewport.cursor.line, from: viewport.cursor.line)
  }
}

/// How far the values of a field have been read.
public struct FollowedField: Sendable {
  fileprivate let number: Int
  fileprivate let history: FieldHistory
}

extension FieldPanel {
  func content(_ model: Model) -> PopupContent {
    let columns = PopupFrame.textColumns(Self.columns, on: model.size)
    let times = rows.map { time($0.last, model).utf8.count }.max() ?? 0
    let counts = rows.map { Wording.grouped($0.count).utf8.count }.max() ?? 0
    var content = PopupContent(title(model), columns: columns, rowCount: rows.count) {
      row(rows[$0], isNewest: $0 == 0, counts: counts, times: times, model)
    }
    content.head = head(columns, model)
    content.leastRows = PopupFrame.textRows(on: model.size)
    content.empty = isReading ? "Reading what is kept." : "No delivery of this type is kept."
    content.hasCursor = true
    return content
  }

  private func title(_ model: Model) -> String {
    let event = delivery.envelope.event?.cut(to: 40).text ?? "deliveries without a type"
    return "\(history.node.text.cut(to: 60).text) over \(event)"
  }

  /// `3 values in 12 deliveries; last change at #9: "a" to "b"`.
  private func head(_ columns: Int, _ model: Model) -> [[TextRun]] {
    let wrapping = Wrapping(columns: columns, charset: model.setting.charset, proseIndent: 2)
    var counts =
      "\(Wording.count(rows.count, "value")) in \(Wording.count(history.count, "delivery", "deliveries"))"
    if history.unreadable > 0 { counts += ", \(Wording.grouped(history.unreadable)) not JSON" }
    if history.others > 0 { counts += ", \(Wording.grouped(history.others)) with further values" }
    if isReading { counts += "; read up to #\(history.last)" }
    if let obstacle { counts += "; not all was read: \(obstacle)" }
    return wrapping.rows(of: [TextRun(counts)]) + wrapping.rows(of: change(model)) + [[]]
  }

  private func change(_ model: Model) -> [TextRun] {
    guard let change = history.change else {
      return [TextRun(history.count > 1 ? "It has never changed." : "", .dim)]
    }
    return [
      TextRun("Changed \(Wording.count(history.changes, "time")), last at "),
      TextRun(time(change.moment, model), Style(.info)), TextRun(": "),
    ] + Self.runs(change.before, limit: 60) + [TextRun(" to ", .dim)] + Self.runs(change.after, limit: 60)
  }

  private func time(_ moment: FieldHistory.Moment, _ model: Model) -> String {
    "#\(moment.sequence) \(model.setting.zone.text(moment.time, today: model.now))"
  }

  /// `  12  #1204 18:02:11  now  "a"`: how often, the last time, a sign at the value of today, the value, the first time.
  private func row(
    _ row: FieldHistory.Row, isNewest: Bool, counts: Int, times: Int, _ model: Model
  ) -> [TextRun] {
    let count = Wording.grouped(row.count)
    let blanks = String(repeating: " ", count: counts - count.utf8.count)
    let first = row.count > 1 ? "  first \(time(row.first, model))" : ""
    return [
      TextRun("\(blanks)\(count)  "), TextRun(SafeText.padded(time(row.last, model), to: times), .dim),
      TextRun(isNewest ? "  now  " : "       ", Style(.info, bold: true)),
    ] + Self.runs(row.value, limit: 200) + [TextRun(first, .dim)]
  }

  /// A value in the words of JSON; of an object its keys, of an array its length.
  private static func runs(_ value: JSONNode.Value, limit: Int) -> [TextRun] {
    switch value {
    case .missing: [TextRun("(missing)", Style(.warning))]
    case .null: [TextRun("null", Style(.jsonLiteral))]
    case .bool(let flag): [TextRun("\(flag)", Style(.jsonLiteral))]
    case .number(let text): [TextRun(text.cut(to: limit).bytes, Style(.jsonNumber))]
    case .string(let text):
      [
        TextRun("\"", Style(.jsonString)), TextRun(text.cut(to: limit).bytes, Style(.jsonString)),
        TextRun(text.count > limit ? "..." : "\"", Style(.jsonString)),
      ]
    case .array(let count): [TextRun("[\(Wording.count(count, "element"))]", Style(.punctuation))]
    case .object(let keys, let count):
      [TextRun("{", Style(.punctuation))]
        + keys.enumerated().flatMap { [TextRun($0 > 0 ? ", " : ""), TextRun($1.bytes, Style(.jsonKey))] }
        + [TextRun(count > keys.count ? ", \(count - keys.count) more}" : "}", Style(.punctuation))]
    }
  }
}

extension Model {
  /// Shows the values of the node at the body's cursor in all deliveries of its event type.
  mutating func openField() -> [Effect] {
    guard let delivery = inspection?.delivery, let node = nodeAtCursor else { return [] }
    lastField += 1
    panels.push(FieldPanel(delivery, node, number: lastField))
    return change(FieldPanel.self) { $0.read(in: $1) }
  }

  /// Why there is no field at the cursor; nil if there is one.
  var reasonForNoField: String? {
    guard let delivery = inspection?.delivery else { return "No delivery is selected" }
    if let reason = reasonForNoValue(of: delivery) { return reason }
    guard let place = placeOfValue(of: delivery), place.body.count <= Self.largestSearched else {
      return "The body is over 1 MiB: too large to find the field at the cursor at once"
    }
    return nil
  }

  /// The largest body in which the path to the cursor is looked for while the keys wait, in bytes: some milliseconds.
  private static let largestSearched = 1 << 20

  private var nodeAtCursor: JSONNode? {
    guard let delivery = inspection?.delivery, let place = placeOfValue(of: delivery) else { return nil }
    return JSONLocation(in: place.body, at: place.offset)?.node
  }

  /// Selects a delivery, unless it is evicted or left out by the filter.
  fileprivate mutating func goTo(_ sequence: UInt64) {
    list.stopFollowing()
    if !list.select(sequence, height: listHeight) {
      let isKept = list.kept.holds(sequence)
      notice = Notice(
        isKept ? "The filter leaves #\(sequence) out: \\ turns it off" : "#\(sequence) has been evicted",
        .warning)
    }
  }
}
