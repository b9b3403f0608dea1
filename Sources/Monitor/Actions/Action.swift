internal import Screen

/// One thing that a user can do: its name, its keys, where it works, and what it does to the model.
///
/// Dispatch, the bottom line, the help, the palette and the README's key section all come from `Action.all` and the
/// panels' own tables.
public struct Action: Sendable {
  /// A heading of the help.
  enum Group: String, CaseIterable, Sendable {
    case move = "Move"
    case panes = "Panes"
    case filter = "Filter"
    case list = "List"
    case signature = "Signature"
    case body = "Body"
    case app = "App"
    case export = "Copy and export"
    case story = "Story"
    case program = "Program"
  }

  let name: String
  let keys: [Key]
  /// Where it works; nothing for a key of a panel's own.
  let scope: Scope
  let group: Group
  /// One sentence for the help and the README.
  let sentence: String
  /// The word in the bottom line; nil if the action has no place there.
  let hint: String?
  /// Whether it can be done by its name.
  var isInPalette: Bool { !scope.isDisjoint(with: .panes) }
  /// Why the action can't be used now; nil if it can.
  let unavailable: @Sendable (Model) -> String?
  let perform: @Sendable (inout Model) -> [Effect]

  /// - Parameter perform: what the action does; it returns what is to be done outside the model.
  init(
    _ name: String, _ keys: [Key], _ scope: Scope, _ group: Group, _ sentence: String, hint: String? = nil,
    unavailable: @escaping @Sendable (Model) -> String? = { _ in nil },
    perform: @escaping @Sendable (inout Model) -> [Effect]
  ) {
    self.name = name
    self.keys = keys
    self.scope = scope
    self.group = group
    self.sentence = sentence
    self.hint = hint
    self.unavailable = unavailable
    self.perform = perform
  }

  /// An action that only changes the model.
  init(
    _ name: String, _ keys: [Key], _ scope: Scope, _ group: Group, _ sentence: String, hint: String? = nil,
    unavailable: @escaping @Sendable (Model) -> String? = { _ in nil },
    change: @escaping @Sendable (inout Model) -> Void
  ) {
    self.init(
      name, keys, scope, group, sentence, hint: hint, unavailable: unavailable,
      perform: {
        change(&$0)
        return []
      })
  }

  /// The keys as the help shows them: `j ↓`.
  func keyLabels(_ charset: Charset = .utf8) -> String {
    keys.map { $0.label(in: charset) }.joined(separator: " ")
  }
}

/// Where an action works: the panes that it is listed for, and whether in panels of a kind.
struct Scope: OptionSet, Sendable {
  let rawValue: Int

  static let panes = Pane.allCases.reduce(into: Scope()) { $0.formUnion(Scope($1)) }
  /// The panes that show one delivery.
  static let text = panes.subtracting(Scope(.deliveries))
  /// Panels without a line of input.
  static let popups = Scope(rawValue: 1 << 30)
  /// Panels with a line of input.
  static let inputs = Scope(rawValue: 1 << 31)

  init(rawValue: Int) { self.rawValue = rawValue }

  init(_ pane: Pane) { rawValue = 1 << pane.rawValue }
}

/// Where the keys go: the topmost panel, or else a pane.
enum Mode: Sendable {
  case pane(Pane)
  case panel(any Panel.Type)

  /// Its name, as the help's title has it.
  var title: String {
    switch self {
    case .pane(let pane): pane.title
    case .panel(let panel): panel.title
    }
  }

  /// Every one there is.
  static let all = Pane.allCases.map(Mode.pane) + Panels.all.map(Mode.panel)
}

extension Action {
  /// Every action that is no panel's own, in the order of the help.
  static let all: [Action] =
    movement + panes + filters + list + order + attempts + marks + diagnosis + body + app + export + handling
    + life + program + inputs

  /// The actions of a mode, a panel's own first. Its own keys go before those that panels share.
  static func table(for mode: Mode) -> [Action] {
    switch mode {
    case .pane(let pane): return all.filter { $0.scope.contains(Scope(pane)) }
    case .panel(let panel):
      let own = Set(panel.actions.flatMap(\.keys))
      return panel.actions
        + all.filter { $0.scope.contains(panel.scope) }.map { $0.without(own) }.filter { !$0.keys.isEmpty }
    }
  }

  /// The action for a key in a mode.
  static func action(for key: Key, in mode: Mode) -> Action? {
    switch mode {
    case .pane(let pane): paneKeys[pane]?[key].map { all[$0] }
    case .panel: table(for: mode).first { $0.keys.contains(key) }
    }
  }

  /// Where each key leads in each pane: the place in `all`. A test sees to it that no key has two.
  private static let paneKeys: [Pane: [Key: Int]] = Pane.allCases.reduce(into: [:]) { index, pane in
    for (place, action) in all.enumerated() where action.scope.contains(Scope(pane)) {
      for key in action.keys { index[pane, default: [:]][key] = place }
    }
  }

  /// The action without some of its keys.
  private func without(_ taken: Set<Key>) -> Action {
    guard keys.contains(where: taken.contains) else { return self }
    return Action(
      name, keys.filter { !taken.contains($0) }, scope, group, sentence, hint: hint,
      unavailable: unavailable, perform: perform)
  }
}
