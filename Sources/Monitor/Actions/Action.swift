internal import Screen

/// One thing that a user can do: its name, its keys, where it works, and what it does to the model.
///
/// Dispatch, the bottom line, the help, the palette and the README's key section all come from `Action.all`.
public struct Action: Sendable {
  /// A heading of the help.
  enum Group: String, CaseIterable, Sendable {
    case move = "Move"
    case panes = "Panes"
    case filter = "Filter"
    case list = "List"
    case signature = "Signature"
    case body = "Body"
    case program = "Program"
  }

  let name: String
  let keys: [Key]
  let modes: Modes
  let group: Group
  /// One sentence for the help and the README.
  let sentence: String
  /// The word in the bottom line; nil where the action has no place there.
  let hint: String?
  let isInPalette: Bool
  /// Why the action can't be used now; nil where it can.
  let unavailable: @Sendable (Model) -> String?
  let perform: @Sendable (inout Model) -> [Effect]

  /// - Parameter perform: what the action does; it returns what is to be done outside the model.
  init(
    _ name: String, _ keys: [Key], _ modes: Modes, _ group: Group, _ sentence: String, hint: String? = nil,
    isInPalette: Bool = true, unavailable: @escaping @Sendable (Model) -> String? = { _ in nil },
    perform: @escaping @Sendable (inout Model) -> [Effect]
  ) {
    self.name = name
    self.keys = keys
    self.modes = modes
    self.group = group
    self.sentence = sentence
    self.hint = hint
    self.isInPalette = isInPalette
    self.unavailable = unavailable
    self.perform = perform
  }

  /// An action that only changes the model.
  init(
    _ name: String, _ keys: [Key], _ modes: Modes, _ group: Group, _ sentence: String, hint: String? = nil,
    isInPalette: Bool = true, unavailable: @escaping @Sendable (Model) -> String? = { _ in nil },
    change: @escaping @Sendable (inout Model) -> Void
  ) {
    self.init(
      name, keys, modes, group, sentence, hint: hint, isInPalette: isInPalette, unavailable: unavailable,
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

extension Action {
  /// Every action there is, in the order of the help.
  public static let all: [Action] =
    movement + panes + filters + list + diagnosis + body + program + inputs

  /// The action for a key, of those that work in `mode`.
  static func action(for key: Key, in mode: Modes) -> Action? {
    index[Binding(key: key, mode: mode)].map { all[$0] }
  }

  private struct Binding: Hashable {
    let key: Key
    let mode: Modes
  }

  /// Where each key leads in each single mode; the first of two would win, and a test sees to it that
  /// there never are two.
  private static let index: [Binding: Int] = {
    var index: [Binding: Int] = [:]
    for (position, action) in all.enumerated() {
      for mode in Modes.each where action.modes.contains(mode) {
        for key in action.keys where index[Binding(key: key, mode: mode)] == nil {
          index[Binding(key: key, mode: mode)] = position
        }
      }
    }
    return index
  }()
}
