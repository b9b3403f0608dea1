internal import Screen

/// The README's section of keys, made from the action table.
public enum KeyReference {
  /// A Markdown table for each group of the help, then one for each popup's own keys.
  public static var markdown: String {
    let groups = Action.Group.allCases.map { group in
      table(group.rawValue, Action.all.filter { $0.group == group && !$0.modes.isDisjoint(with: .panes) })
    }
    let popups: [Modes] = [.tryIt, .secrets, .types]
    let own = popups.map { mode in
      table(
        mode.title,
        Action.all.filter {
          $0.modes.contains(mode) && !$0.modes.isSuperset(of: .popups) && $0.group != .move
        })
    }
    return (groups + own).joined(separator: "\n\n") + "\n"
  }

  private static func table(_ title: String, _ actions: [Action]) -> String {
    let rows = actions.map {
      "| \($0.keys.map { "`\($0.label)`" }.joined(separator: " ")) | \($0.sentence) |"
    }
    return "| \(title) | |\n|---|---|\n" + rows.joined(separator: "\n")
  }
}
