internal import Screen
internal import Webhooks

/// The list of every action by name, narrowed by what is typed; a number goes to the delivery of that number.
struct PalettePanel: Popup, InputPanel {
  static let title = "Actions"

  var editor = LineEditor()
  var viewport = Viewport()

  /// The actions whose name or sentence holds every word that was typed, those named so first.
  var matches: [Action] {
    let text = editor.text.lowercased()
    let words = text.split(separator: " ")
    let ranked = Action.all.enumerated().compactMap {
      order, action -> (rank: Int, order: Int, action: Action)? in
      let name = action.name.lowercased()
      let all = "\(name) \(action.sentence.lowercased())"
      guard action.isInPalette, words.allSatisfy(all.contains) else { return nil }
      let rank = name == text ? 0 : name.hasPrefix(text) ? 1 : words.allSatisfy(name.contains) ? 2 : 3
      return (rank, order, action)
    }
    return ranked.sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }.map(\.action)
  }

  /// The number of a delivery, where one is typed in place of a name.
  private var number: UInt64? { UInt64(editor.text) }

  mutating func accept(in model: inout Model) -> [Effect] {
    model.panels.pop()
    if let number { model.goTo(delivery: number) }
    let matches = matches
    return selectedRow(of: matches.count).map { model.perform(matches[$0]) } ?? []
  }

  func content(_ model: Model) -> PopupContent {
    let matches = matches
    var content = PopupContent("Actions", columns: 76, rowCount: matches.count) {
      Self.line(matches[$0], model)
    }
    content.head = [[TextRun(": \(editor.text)", Style(.prompt))]]
    content.inputColumn = inputColumn(in: model.setting.charset)
    content.leastRows = 15
    content.empty = number.map { "Enter goes to delivery #\($0)." } ?? "No action of that name."
    content.hasCursor = true
    return content
  }

  private static func line(_ action: Action, _ model: Model) -> [TextRun] {
    let charset = model.setting.charset
    let name = action.name + String(repeating: " ", count: max(1, 18 - action.name.count))
    let keys = action.keyLabels(charset)
    let padding = String(repeating: " ", count: max(1, 9 - SafeText.width(of: keys, charset: charset)))
    let why = action.unavailable(model)
    return [
      TextRun(name), TextRun(keys, Style(.key)), TextRun(padding),
      TextRun(why ?? action.sentence, why == nil ? .dim : Style(.warning)),
    ]
  }
}

extension Model {
  /// Selects the delivery of a number.
  fileprivate mutating func goTo(delivery number: UInt64) {
    if list.select(number, height: listHeight) { return list.stopFollowing() }
    let why = list.kept.holds(number) ? "does not pass the filter" : "is not kept here"
    notice = Notice("Delivery #\(number) \(why)", .warning)
  }
}
