internal import Screen
internal import Webhooks

/// Draws the try-it panel: the verdict of arrival, that of the what-if, and what the what-if is.
func drawTryIt(_ panel: TryIt, _ canvas: inout Canvas, _ model: Model) {
  let lines = tryItLines(panel, model)
  let rect = drawPopup("Try it: #\(panel.delivery.sequence)", columns: 72, lines: lines.count, &canvas)
  drawPopupLines(lines, from: 0, &canvas, rect)
}

private func tryItLines(_ panel: TryIt, _ model: Model) -> [[TextRun]] {
  let trial = panel.trial
  let secret = trial.secret.map { "\($0.label) (\($0.fingerprint))" } ?? "those that are known"
  return [
    row("on arrival", verdictRuns(panel.delivery.verdict, model)),
    row("tried now", triedRuns(panel, model)),
    row("in all", [TextRun(sumText(panel))]),
    row("cause", [causeRun(panel.delivery, model)]),
    [],
    row("s  secret", [TextRun(secret)]),
    row("+- tolerance", [TextRun(Durations.words(trial.tolerance))]),
    row("<> clock", [TextRun(shiftText(trial.clockShift))]),
    row("vV body", [variantRun(panel)]),
    [],
    [TextRun("b shows the signed bytes, d searches again,", .dim)],
    [TextRun("a keeps the tried secret, x discards it.", .dim)],
  ]
}

private func row(_ label: String, _ runs: [TextRun]) -> [TextRun] {
  [TextRun(label + String(repeating: " ", count: max(1, 14 - label.count)), .dim)] + runs
}

private func verdictRuns(_ verdict: Verdict, _ model: Model) -> [TextRun] {
  let sign = VerdictSign(verdict, Glyphs.forCharset(model.setting.charset))
  return [
    TextRun("\(sign.sign) \(verdict.status.rawValue)", Style(sign.role, bold: true)),
    TextRun(": " + (verdict.secret.map { "signed with \($0)" } ?? verdict.reason.summary)),
  ]
}

private func triedRuns(_ panel: TryIt, _ model: Model) -> [TextRun] {
  guard let outcome = panel.outcome else { return [TextRun("being worked out", .dim)] }
  guard let verdict = outcome.verdict else {
    return [TextRun("the body can't have been so", Style(.neutral))]
  }
  return verdictRuns(verdict, model)
}

/// What the search for a cause has come to, so that a new one is seen to be over.
private func causeRun(_ delivery: Delivery, _ model: Model) -> TextRun {
  switch model.diagnoses[delivery.sequence] {
  case _ where delivery.verdict.status == .valid: return TextRun("none: it is valid", .dim)
  case nil: return TextRun("not looked for: d does", .dim)
  case .waiting: return TextRun("being searched for", .dim)
  case .skipped(let skip): return TextRun(skip.sentence, .dim)
  case .done(let diagnosis):
    let found = diagnosis.findings.first { $0.id != .unknown }
    let words = found.map { "\($0.id.title), \($0.level.rawValue.uppercased())" } ?? "unknown"
    return TextRun("\(words), \(Wording.grouped(diagnosis.candidatesTried)) tried")
  }
}

/// `this secret would verify 14 of 15 failed`.
private func sumText(_ panel: TryIt) -> String {
  guard let outcome = panel.outcome else { return "" }
  let what = panel.trial.secret == nil ? "this" : "this secret"
  let provider = panel.trial.secret?.provider ?? panel.delivery.envelope.provider
  let sum = "\(Wording.grouped(outcome.verified)) of \(Wording.grouped(outcome.failed))"
  // What nobody had a secret for has not failed.
  let kind = panel.delivery.verdict.status == .unchecked ? "unchecked" : "failed"
  return "\(what) would verify \(sum) \(kind) (\(provider?.title ?? "no provider"))"
}

private func variantRun(_ panel: TryIt) -> TextRun {
  if panel.variantSteps == 0 { return TextRun(panel.trial.variant.title) }
  return TextRun(panel.variantSteps > 0 ? "the next that fits" : "the one before that fits", .dim)
}

private func shiftText(_ seconds: Double) -> String {
  if seconds == 0 { return "as it was" }
  return "\(Durations.words(seconds)) \(seconds > 0 ? "later" : "earlier")"
}
