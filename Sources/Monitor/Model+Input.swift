extension Model {
  mutating func acceptInput() -> [Effect] {
    switch overlays.last {
    case .prompt(let prompt):
      switch prompt.purpose {
      case .filter: acceptFilter(prompt)
      case .search(let pane): acceptSearch(prompt, in: pane)
      case .secretName(let isTried): return acceptSecretName(prompt, ofTried: isTried)
      case .secretValue(let label, let provider, let isTrial):
        return acceptSecret(prompt, label: label, provider, isTrial: isTrial)
      }
      return []
    case .palette(let palette):
      overlays.removeLast()
      let matches = palette.matches
      return palette.cursor < matches.count ? perform(matches[palette.cursor]) : []
    case .help, .incidents, .types, .tryIt, .bytes, .secrets, nil:
      return []
    }
  }

  mutating func moveInInput(_ step: Int) {
    switch overlays.last {
    case .prompt(var prompt):
      prompt.recall(step)
      replaceTop(.prompt(prompt))
    case .palette(var palette):
      palette.move(by: step)
      replaceTop(.palette(palette))
    case .help, .incidents, .types, .tryIt, .bytes, .secrets, nil: break
    }
  }
}
