/// The list of every action by name, narrowed by what is typed.
struct Palette: Sendable {
  var editor = LineEditor()
  private(set) var cursor = 0

  /// The actions whose name or sentence holds every word that was typed.
  var matches: [Action] {
    let words = editor.text.lowercased().split(separator: " ")
    return Action.all.filter { action in
      let text = "\(action.name) \(action.sentence)".lowercased()
      return action.isInPalette && !action.modes.isDisjoint(with: .panes) && words.allSatisfy(text.contains)
    }
  }

  mutating func move(by steps: Int) {
    cursor = min(max(0, cursor + steps), max(0, matches.count - 1))
  }

  mutating func edited() {
    cursor = 0
  }
}
