internal import Webhooks

/// A line of input at the bottom of the screen: a filter expression, a text to search for, or a secret.
struct Prompt: Sendable {
  enum Purpose: Sendable, Equatable {
    case filter
    case search(Pane)
    /// What a new secret is to be called, or the one that is being tried.
    case secretName(ofTried: Bool)
    /// The secret itself: not shown, and in no history.
    case secretValue(label: String, Provider, isTrial: Bool)
  }

  let purpose: Purpose
  var editor: LineEditor
  /// What was typed in it before, oldest first.
  let history: [String]
  /// Which of the history is shown; the count of it means the line being typed.
  private var place: Int
  private var draft = ""
  /// Why the line was not taken.
  var error: FilterError?

  init(_ purpose: Purpose, text: String = "", history: [String] = []) {
    self.purpose = purpose
    editor = LineEditor(text)
    self.history = history
    place = history.count
  }

  var label: String {
    switch purpose {
    case .filter: "filter"
    case .search(let pane): "search \(pane.title.lowercased())"
    case .secretName(ofTried: false): "name of the secret (parlay/LABEL)"
    case .secretName(ofTried: true): "keep the secret as (parlay/LABEL)"
    case .secretValue(let label, _, _): "secret \(label) (not shown)"
    }
  }

  /// Whether what is typed must not be seen.
  var isHidden: Bool {
    if case .secretValue = purpose { true } else { false }
  }

  /// Shows an older (-1) or newer (1) line of the history.
  mutating func recall(_ step: Int) {
    let target = place + step
    guard (0...history.count).contains(target) else { return }
    if place == history.count { draft = editor.text }
    place = target
    error = nil
    editor = LineEditor(target == history.count ? draft : history[target])
  }
}
