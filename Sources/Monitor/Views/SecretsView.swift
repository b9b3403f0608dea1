internal import JSON
internal import JSON
internal import Screen
internal import Webhooks

/// Draws the list of secrets: labels, fingerprints and counters, never a value.
func drawSecrets(_ panel: SecretsPanel, _ canvas: inout Canvas, _ model: Model) {
  let secrets = model.keyring.secrets
  let rect = drawPopup(
    "Signing secrets", columns: 78, lines: min(max(1, secrets.count) + 5, model.popupHeight), &canvas)
  let (list, notes) = rect.splitBottom(4)
  if secrets.isEmpty {
    canvas.draw("None: a adds one.", at: list.origin, width: list.columns, style: .dim)
  } else {
    let first = max(0, panel.cursor - list.rows + 1)
    drawPopupLines(secrets.map { line($0, model) }, from: first, &canvas, list)
    canvas.select(
      Rect(column: list.column, row: list.row + panel.cursor - first, columns: list.columns, rows: 1))
  }
  let wrapping = Wrapping(columns: notes.columns, charset: canvas.charset, proseIndent: 0)
  drawPopupLines(notesLines(panel, secrets, wrapping), from: 0, &canvas, notes)
}

private func line(_ secret: SigningSecret, _ model: Model) -> [TextRun] {
  let state = secret.retiredAt.map { "retired \($0.timeOfDay(offset: model.setting.utcOffset))" } ?? "in use"
  let matches = Wording.count(model.list.signed[ByteString(secret.label)] ?? 0, "delivery", "deliveries")
  return [
    TextRun(padded(secret.label, 24)), TextRun(secret.fingerprint, .dim), TextRun("  "),
    TextRun(padded(state, 18), Style(secret.retiredAt == nil ? .success : .neutral)),
    TextRun("\(model.setting.source.signing) \(matches)"),
  ]
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}

/// A warning about the secret under the cursor, and how to rotate without a gap.
private func notesLines(
  _ panel: SecretsPanel, _ secrets: [SigningSecret], _ wrapping: Wrapping
) -> [[TextRun]] {
  let selected = panel.cursor < secrets.count ? secrets[panel.cursor] : nil
  let warning = selected.flatMap { secret in secret.warnings.first?.sentence(label: secret.label) } ?? ""
  let rows = wrapping.rows(of: [TextRun(warning, Style(.warning))])
  return Array((rows + [[]]).prefix(2)) + [
    [TextRun("To rotate without a gap: add the new secret, rotate at the provider, retire", .dim)],
    [TextRun("the old one. A retired secret verifies nothing, and is named if it matches.", .dim)],
  ]
}
