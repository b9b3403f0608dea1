internal import Screen

/// The help: every key that works where it was asked for, under its headings.
struct HelpPanel: Popup {
  static let title = "Keys"

  /// Where it was asked for.
  let mode: Mode
  var viewport = Viewport()

  func content(_ model: Model) -> PopupContent {
    let lines = lines(model)
    let scrolls = lines.count > PopupFrame.textRows(on: model.size) ? "  (j k scroll)" : ""
    return PopupContent("Help: \(mode.title)\(scrolls)", columns: 84, rows: lines)
  }

  private func lines(_ model: Model) -> [[TextRun]] {
    let charset = model.setting.charset
    let table = Action.table(for: mode).filter { !$0.keys.isEmpty }
    let keys = Action.Group.allCases.flatMap { group -> [[TextRun]] in
      let actions = table.filter { $0.group == group }
      guard !actions.isEmpty else { return [] }
      return [[TextRun(group.rawValue, Style(.heading))]]
        + actions.map { Self.line($0, charset, why: $0.unavailable(model)) } + [[]]
    }
    return keys + [[TextRun("Signs", Style(.heading))]] + Self.signs(.forCharset(charset))
      + Self.certificate(model.setting.fingerprint)
  }

  private static func line(_ action: Action, _ charset: Charset, why: String?) -> [TextRun] {
    let keys = action.keyLabels(charset)
    let padding = String(repeating: " ", count: max(1, 14 - SafeText.width(of: keys, charset: charset)))
    return [
      TextRun("  "), TextRun(keys, Style(.key)), TextRun(padding),
      TextRun(action.sentence, why == nil ? .normal : .dim),
    ]
  }

  /// What the words of the list's signature column mean.
  private static func signs(_ glyphs: Glyphs) -> [[TextRun]] {
    let rows: [(Character, String, Role, String)] = [
      (glyphs.valid, "ok", .success, "the signature is valid"),
      (glyphs.failed, "mismatch", .failure, "no secret produces this signature"),
      (glyphs.failed, "malformed", .failure, "the signature header can't be read"),
      (glyphs.failed, "missing", .failure, "there is no signature header"),
      (glyphs.stale, "stale", .warning, "signed longer ago than the tolerance"),
      (glyphs.stale, "future", .warning, "signed later than now, by more than the tolerance"),
      (glyphs.unchecked, "unchecked", .neutral, "no secret is known for this provider"),
    ]
    return rows.map { sign, word, role, meaning in
      let padding = String(repeating: " ", count: 12 - word.count)
      return [TextRun("  "), TextRun("\(sign) \(word)", Style(role)), TextRun(padding + meaning)]
    }
  }

  /// How a sender can tell that it reaches this receiver; the digits in halves, which fit on any screen.
  private static func certificate(_ fingerprint: String?) -> [[TextRun]] {
    guard let fingerprint else { return [] }
    let half = fingerprint.utf8.count / 2 + 1
    let halves = [String(fingerprint.prefix(half)), String(fingerprint.dropFirst(half))]
    return [[], [TextRun("Certificate, SHA-256", Style(.heading))]] + halves.map { [TextRun("  \($0)")] }
  }
}

extension Model {
  /// Opens the help about where the keys go now, or closes it.
  mutating func toggleHelp() {
    if panels.top is HelpPanel { panels.pop() } else { panels.push(HelpPanel(mode: mode)) }
  }
}
