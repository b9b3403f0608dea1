internal import Screen

/// The README's section of keys, made from the action table.
public enum KeyReference {
  /// A Markdown table for each group of the help.
  public static var markdown: String {
    Action.Group.allCases.map { group in
      let rows = Action.all.filter {
        $0.group == group && !$0.modes.isDisjoint(with: .panes) && !$0.keys.isEmpty
      }
      .map {
        "| \($0.keys.map { "`\($0.label == "|" ? "\\|" : $0.label)`" }.joined(separator: " ")) | \($0.sentence) |"
      }
      return "| \(group.rawValue) | |\n|---|---|\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }
}
