internal import Screen
internal import Webhooks

/// Something that lies over the panes and gets the keys first: its keys, what it does with input and with news, and
/// how it is drawn.
protocol Panel: Sendable {
  /// What its keys are called in the help and in the README.
  static var title: String { get }
  /// The keys that mean something only here, in the order of the help.
  static var actions: [Action] { get }
  /// Which of the keys that panels share work here.
  static var scope: Scope { get }
  /// The delivery that it is about, which stays known as long as the panel is open.
  var subject: Delivery? { get }
  /// The jobs that it waits for, which are cancelled with it.
  var awaited: Set<Job.Key> { get }
  /// Whether it says how long ago something was, and needs a message `ticked` each second.
  var followsTime: Bool { get }
  /// The number of the check or the replay of several that it shows, which is stopped with it.
  var errand: Int? { get }

  mutating func move(_ movement: Movement, in model: Model)
  mutating func scroll(sideways columns: Int, in model: Model)
  /// Learns what happened, after the model has.
  mutating func take(_ message: Message, in model: Model) -> [Effect]
  /// Draws the panel; `rect` is the whole screen.
  func draw(_ canvas: inout Canvas, _ rect: Rect, _ model: Model)
}

extension Panel {
  static var actions: [Action] { [] }
  static var scope: Scope { .popups }
  var subject: Delivery? { nil }
  var awaited: Set<Job.Key> { [] }
  var followsTime: Bool { false }
  var errand: Int? { nil }

  mutating func move(_ movement: Movement, in model: Model) {}
  mutating func scroll(sideways columns: Int, in model: Model) {}
  mutating func take(_ message: Message, in model: Model) -> [Effect] { [] }
}

/// Every panel there is, in the order of the README.
enum Panels {
  static let all: [any Panel.Type] = [
    TryItPanel.self, SecretsPanel.self, TypesPanel.self, IncidentsPanel.self, IncidentPanel.self,
    SummaryPanel.self, BytesPanel.self, ComparePanel.self, TextPanel.self, FieldPanel.self, ReplayPanel.self,
    BatchPanel.self, CheckPanel.self, AnswersPanel.self, ProviderPanel.self, OrderPanel.self, HelpPanel.self,
    HelpSearchPanel.self, PalettePanel.self, CopyPanel.self, ExportPanel.self, ClearPanel.self,
    Prompt.self, QuitPanel.self,
  ]
}

/// A panel with a line of input, which takes the keys that no action has.
protocol InputPanel: Panel {
  var editor: LineEditor { get set }

  /// The line has changed.
  mutating func edited(in model: inout Model) -> [Effect]
  /// The line is closed and not taken.
  func cancel(in model: inout Model)
  /// Goes to what stands before (-1) or after (1) it.
  mutating func step(_ step: Int, in model: Model)
  /// Takes what was typed.
  mutating func accept(in model: inout Model) -> [Effect]
  mutating func paste(_ text: String)
}

extension InputPanel {
  static var scope: Scope { .inputs }

  /// Why the line can't be taken as it stands; nil if it can.
  func reasonUnreadable(in charset: Charset) -> Notice? {
    guard editor.text.unicodeScalars.contains(Key.unreadable) else { return nil }
    return Notice(
      charset == .utf8
        ? "The line holds bytes that are not UTF-8: delete them first"
        : "This locale has no such character: delete it, or start hooktop with LANG=C.UTF-8", .warning)
  }

  mutating func paste(_ text: String) { editor.paste(text) }
  func cancel(in model: inout Model) {}
}

extension Panel {
  /// A key of the panel's own; `perform` may close the panel or open another one over it.
  static func action(
    _ name: String, _ keys: [Key], _ group: Action.Group, _ sentence: String, hint: String? = nil,
    unavailable: @escaping @Sendable (Self, Model) -> String? = { _, _ in nil },
    perform: @escaping @Sendable (inout Self, inout Model) -> [Effect]
  ) -> Action {
    Action(
      name, keys, [], group, sentence, hint: hint,
      unavailable: { model in (model.panels.top as? Self).flatMap { unavailable($0, model) } },
      perform: { $0.panels.top is Self ? $0.change(Self.self, perform) : [] })
  }

  /// A key that changes only the panel and the model.
  static func action(
    _ name: String, _ keys: [Key], _ group: Action.Group, _ sentence: String, hint: String? = nil,
    change: @escaping @Sendable (inout Self, inout Model) -> Void
  ) -> Action {
    action(
      name, keys, group, sentence, hint: hint,
      perform: {
        change(&$0, &$1)
        return []
      })
  }
}

/// The panels that are open, the last one on top.
struct PanelStack: Sendable {
  private struct Entry: Sendable {
    let id: Int
    var panel: any Panel
  }

  private var entries: [Entry] = []
  private var lastID = 0

  var isEmpty: Bool { entries.isEmpty }
  var top: (any Panel)? { entries.last?.panel }
  var topID: Int? { entries.last?.id }
  /// From the lowest to the topmost.
  var all: [any Panel] { entries.map(\.panel) }

  mutating func push(_ panel: any Panel) {
    lastID += 1
    entries.append(Entry(id: lastID, panel: panel))
  }

  /// Closes the topmost panel; false if there is none.
  @discardableResult
  mutating func pop() -> Bool { entries.popLast() != nil }

  /// The topmost panel of a kind, and what it is known by as long as it is open.
  func last<Kind: Panel>(_ kind: Kind.Type) -> (id: Int, panel: Kind)? {
    for entry in entries.reversed() {
      if let panel = entry.panel as? Kind { return (entry.id, panel) }
    }
    return nil
  }

  /// Puts a changed panel in its place, where it is still open.
  mutating func set(_ panel: any Panel, at id: Int) {
    if let index = entries.firstIndex(where: { $0.id == id }) { entries[index].panel = panel }
  }

  /// Closes a panel, wherever it is.
  mutating func remove(at id: Int) { entries.removeAll { $0.id == id } }

  /// Tells every panel what happened.
  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    entries.indices.flatMap { entries[$0].panel.take(message, in: model) }
  }
}

extension Model {
  /// Changes the topmost panel of a kind together with the model, which may close it.
  mutating func change<Kind: Panel>(
    _ kind: Kind.Type, _ change: (inout Kind, inout Model) -> [Effect]
  ) -> [Effect] {
    guard var found = panels.last(kind) else { return [] }
    let effects = change(&found.panel, &self)
    panels.set(found.panel, at: found.id)
    return effects
  }

  /// Changes the topmost panel where it has a line of input; nil if it has none.
  mutating func changeInput<Result>(_ change: (inout any InputPanel, inout Model) -> Result) -> Result? {
    guard let id = panels.topID, var panel = panels.top as? any InputPanel else { return nil }
    let result = change(&panel, &self)
    panels.set(panel, at: id)
    return result
  }
}
