internal import Diagnosis
internal import Screen
internal import Webhooks

/// The help: every key that works where it was asked for, and what the words and signs on the screen mean.
struct HelpPanel: Popup {
  static let title = "Keys"
  static let actions = [
    action("search help", [.character("/")], .panes, "Search the help.", hint: "search") { panel, model in
      model.panels.pop()
      model.panels.push(HelpSearchPanel(mode: panel.mode))
    }
  ]

  /// Where it was asked for.
  let mode: Mode
  var viewport = Viewport()

  func content(_ model: Model) -> PopupContent {
    let sections = HelpText.sections(for: mode, model)
    let room = PopupFrame.textColumns(.max, on: model.size)
    let rows = HelpText.inColumns(sections, room: room, model.setting.charset)
    let scrolls = rows.count > PopupFrame.textRows(on: model.size) ? "  (j k scroll, / searches)" : ""
    let columns = max(84, rows.map { $0.width(in: model.setting.charset) }.max() ?? 0)
    return PopupContent("Help: \(mode.title)\(scrolls)", columns: columns, rows: rows)
  }
}

/// The lines of the help that hold what is typed.
struct HelpSearchPanel: Popup, InputPanel {
  static let title = "Help search"

  let mode: Mode
  var editor = LineEditor()
  var viewport = Viewport()

  mutating func accept(in model: inout Model) -> [Effect] {
    model.panels.pop()
    model.panels.push(HelpPanel(mode: mode))
    return []
  }

  func content(_ model: Model) -> PopupContent {
    let words = editor.text.lowercased().split(separator: " ")
    let found = HelpText.sections(for: mode, model).flatMap { section -> [[TextRun]] in
      let lines = section.lines.filter { line in
        let text = String(decoding: line.flatMap(\.bytes), as: UTF8.self).lowercased()
        return words.allSatisfy(text.contains)
      }
      return lines.isEmpty ? [] : [section.heading] + lines
    }
    var content = PopupContent("Help: \(mode.title)", columns: 84, rows: found)
    content.head = [[TextRun("/ \(editor.text)", Style(.prompt))]]
    content.inputColumn = inputColumn(in: model.setting.charset)
    content.leastRows = 15
    content.empty = "Nothing in the help says that."
    return content
  }
}

/// What the help says, in sections.
enum HelpText {
  struct Section {
    let title: String
    let lines: [[TextRun]]

    var heading: [TextRun] { [TextRun(title, Style(.heading))] }
  }

  static func sections(for mode: Mode, _ model: Model) -> [Section] {
    let charset = model.setting.charset
    let glyphs = Glyphs.forCharset(charset)
    return keys(of: mode, model) + [
      Section(title: "Filter terms", lines: terms(charset)),
      Section(title: "Verdicts", lines: verdicts(glyphs)),
      Section(title: "How sure a cause is", lines: levels),
      Section(title: "Top line", lines: marks(model, glyphs)),
    ] + certificate(model.setting.fingerprint)
  }

  private static func keys(of mode: Mode, _ model: Model) -> [Section] {
    let table = Action.table(for: mode).filter { !$0.keys.isEmpty }
    return Action.Group.allCases.compactMap { group in
      let actions = table.filter { $0.group == group }
      guard !actions.isEmpty else { return nil }
      return Section(
        title: group.rawValue,
        lines: actions.map { key($0, model.setting.charset, why: $0.unavailable(model)) })
    }
  }

  private static func key(_ action: Action, _ charset: Charset, why: String?) -> [TextRun] {
    let keys = action.keyLabels(charset)
    return line(TextRun(keys, Style(.key)), TextRun(action.sentence, why == nil ? .normal : .dim), charset)
  }

  private static func terms(_ charset: Charset) -> [[TextRun]] {
    let keyed = FilterKey.allCases.map { ("\($0.rawValue):", $0.expectation) }
    let others = [
      (FilterKey.duplicate, "an event that was accepted before"),
      (FilterKey.disagree, "the app's answer contradicts the verdict"),
      (FilterKey.marked, "a delivery that m has marked"),
      ("text, ~text", "the text anywhere in the body or headers"),
      ("a b, a | b", "both; either (also: and, or)"), ("-a, (a b)", "not; a group (also: not)"),
    ]
    return (keyed + others).map { line(TextRun($0, Style(.key)), TextRun($1), charset) }
  }

  private static func verdicts(_ glyphs: Glyphs) -> [[TextRun]] {
    let rows: [(Character, String, Role, String)] = [
      (glyphs.valid, "ok", .success, "the signature is valid"),
      (glyphs.failed, "mismatch", .failure, "no secret produces this signature"),
      (glyphs.failed, "malformed", .failure, "the signature header can't be read"),
      (glyphs.failed, "missing", .failure, "there is no signature header"),
      (glyphs.stale, "stale", .warning, "signed longer ago than the tolerance"),
      (glyphs.stale, "future", .warning, "signed later than now, by more than the tolerance"),
      (glyphs.unchecked, "unchecked", .neutral, "no secret is known for this provider"),
    ]
    return rows.map { line(TextRun("\($0) \($1)", Style($2)), TextRun($3), .utf8) }
  }

  private static let levels = Cause.Level.allCases.map { level in
    let meaning =
      switch level {
      case .proven: "these bytes and this key reproduce the signature"
      case .seen: "a fact of the request"
      case .likely: "indirect evidence"
      case .unknown: "nothing that was tried fits"
      }
    return line(TextRun(level.rawValue.uppercased(), Style(.heading)), TextRun(meaning), .utf8)
  }

  private static func marks(_ model: Model, _ glyphs: Glyphs) -> [[TextRun]] {
    let name = model.setting.providers.exampleName
    return [
      ("\(name) \(glyphs.valid)", "a signing secret is known for this provider"),
      ("\(name) \(glyphs.valid)(2)", "two secrets, as during a rotation"),
      ("\(name) \(glyphs.unchecked)", "no secret: its deliveries stay unchecked"),
      ("evicted", "pushed out of the ring buffer by newer deliveries"),
      ("incidents", "requests that are not deliveries"),
    ].map { line(TextRun($0), TextRun($1), .utf8) }
  }

  /// How a sender can tell that it reaches this receiver; the digits in halves, which fit on any screen.
  private static func certificate(_ fingerprint: String?) -> [Section] {
    guard let fingerprint else { return [] }
    let half = fingerprint.utf8.count / 2 + 1
    let halves = [fingerprint.prefix(half), fingerprint.dropFirst(half)]
    return [Section(title: "Certificate, SHA-256", lines: halves.map { [TextRun("  \($0)")] })]
  }

  private static func line(_ term: TextRun, _ meaning: TextRun, _ charset: Charset) -> [TextRun] {
    let padding = max(1, 14 - SafeText.width(of: term.bytes, charset: charset))
    return [TextRun("  "), term, TextRun(String(repeating: " ", count: padding)), meaning]
  }
}

extension HelpText {
  /// The sections one below the other, in two columns where there is room for them.
  static func inColumns(_ sections: [Section], room: Int, _ charset: Charset) -> [[TextRun]] {
    let blocks = sections.map { [$0.heading] + $0.lines + [[]] }
    let column = (blocks.joined().map { $0.width(in: charset) }.max() ?? 0) + 3
    guard column * 2 - 3 <= room else { return Array(blocks.joined().dropLast()) }
    let height = blocks.joined().count
    var left: [[TextRun]] = []
    var rest = blocks[...]
    while let block = rest.first, left.count + block.count / 2 <= height / 2 {
      left += block
      rest = rest.dropFirst()
    }
    let right = Array(rest.joined().dropLast())
    return (0..<max(left.count, right.count)).map { row in
      let line = row < left.count ? left[row] : []
      guard row < right.count else { return line }
      return line + [TextRun(String(repeating: " ", count: column - line.width(in: charset)))] + right[row]
    }
  }
}

extension Model {
  /// Opens the help about where the keys go now, or closes it.
  mutating func toggleHelp() {
    if panels.top is HelpPanel { panels.pop() } else { panels.push(HelpPanel(mode: mode)) }
  }
}
