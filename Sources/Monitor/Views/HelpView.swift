internal import Screen

/// The lines of the help: every key that works in the mode below it, under its headings.
struct HelpReport {
  let lines: [[TextRun]]

  init(_ model: Model) {
    let mode = HelpReport.mode(below: model)
    let charset = model.setting.charset
    lines =
      Action.Group.allCases.flatMap { group -> [[TextRun]] in
        let actions = Action.all.filter { $0.group == group && $0.modes.contains(mode) && !$0.keys.isEmpty }
        guard !actions.isEmpty else { return [] }
        return [[TextRun(group.rawValue, Style(.heading))]]
          + actions.map { HelpReport.line($0, charset, why: $0.unavailable(model)) } + [[]]
      } + [[TextRun("Signs", Style(.heading))]] + HelpReport.signs(.forCharset(charset))
      + HelpReport.certificate(model.setting.fingerprint)
  }

  /// How a sender can tell that it reaches this receiver; the digits in halves, which fit on any screen.
  private static func certificate(_ fingerprint: String?) -> [[TextRun]] {
    guard let fingerprint else { return [] }
    let half = fingerprint.utf8.count / 2 + 1
    let halves = [String(fingerprint.prefix(half)), String(fingerprint.dropFirst(half))]
    return [[], [TextRun("Certificate, SHA-256", Style(.heading))]] + halves.map { [TextRun("  \($0)")] }
  }

  /// The mode that the help was asked for in.
  static func mode(below model: Model) -> Modes {
    var below = model
    if case .help? = below.overlays.last { below.overlays.removeLast() }
    return below.mode
  }

  /// What the short words of the list stand for.
  private static func signs(_ glyphs: Glyphs) -> [[TextRun]] {
    let rows: [(Character, String, Role, String)] = [
      (glyphs.valid, "ok", .success, "valid"), (glyphs.failed, "bad", .failure, "mismatch"),
      (glyphs.failed, "form", .failure, "malformed header"),
      (glyphs.failed, "none", .failure, "missing header"),
      (glyphs.stale, "old, early", .warning, "stale: outside the time window"),
      (glyphs.unchecked, "unchk", .neutral, "unchecked: no secret is known"),
    ]
    return rows.map { sign, word, role, meaning in
      let padding = String(repeating: " ", count: 12 - word.count)
      return [TextRun("  "), TextRun("\(sign) \(word)", Style(role)), TextRun(padding + meaning)]
    }
  }

  private static func line(_ action: Action, _ charset: Charset, why: String?) -> [TextRun] {
    let keys = action.keyLabels(charset)
    let padding = String(repeating: " ", count: max(1, 14 - SafeText.width(of: keys, charset: charset)))
    return [
      TextRun("  "), TextRun(keys, Style(.key)), TextRun(padding),
      TextRun(action.sentence, why == nil ? .normal : .dim),
    ]
  }
}

/// Draws the help over the panes.
func drawHelp(_ viewport: Viewport, _ canvas: inout Canvas, _ model: Model) {
  let lines = HelpReport(model).lines
  let height = min(lines.count, model.popupHeight)
  let title = "Help: \(HelpReport.mode(below: model).title)" + (lines.count > height ? "  (j k scroll)" : "")
  let rect = drawPopup(title, columns: 84, lines: height, &canvas)
  drawPopupLines(lines, from: viewport.top.line, &canvas, rect)
}
