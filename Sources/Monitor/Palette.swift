/// The list of every action by name, narrowed by what is typed.
struct Palette: Sendable {
  var editor = LineEditor()
  private(set) var cursor = 0

  /// The actions whose name or sentence holds every word that was typed, those named so first.
  var matches: [Action] {
    let text = editor.text.lowercased()
    let words = text.split(separator: " ")
    let ranked = Action.all.enumerated().compactMap {
      order, action -> (rank: Int, order: Int, action: Action)? in
      let name = action.name.lowercased()
      let all = "\(name) \(action.sentence.lowercased())"
      guard action.isInPalette, !action.modes.isDisjoint(with: .panes), words.allSatisfy(all.contains)
      else { return nil }
      let rank = name == text ? 0 : name.hasPrefix(text) ? 1 : words.allSatisfy(name.contains) ? 2 : 3
      return (rank, order, action)
    }
    return ranked.sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }.map(\.action)
  }

  mutating func move(by steps: Int) {
    cursor = min(max(0, cursor + steps), max(0, matches.count - 1))
  }

  mutating func edited() {
    cursor = 0
  }
}
