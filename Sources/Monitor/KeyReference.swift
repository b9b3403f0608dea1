internal import Screen

/// The README's section of keys, made from the action tables.
public enum KeyReference {
  /// A Markdown table for each group of the help, then one for each panel with keys of its own.
  public static var markdown: String {
    let groups = Action.Group.allCases.map { group in
      table(group.rawValue, Action.all.filter { $0.group == group && !$0.scope.isDisjoint(with: .panes) })
    }
    let own = Panels.all.filter { !$0.actions.isEmpty }.map { table($0.title, $0.actions) }
    return (groups + own).joined(separator: "\n\n") + "\n"
  }

  private static func table(_ title: String, _ actions: [Action]) -> String {
    let rows = actions.map {
      "| \($0.keys.map { "`\($0.label)`" }.joined(separator: " ")) | \($0.sentence) |"
    }
    return "| \(title) | |\n|---|---|\n" + rows.joined(separator: "\n")
  }
}
