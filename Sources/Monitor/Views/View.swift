public import Screen
internal import Webhooks

/// Returns the whole screen for a model: the one function from state to cells.
public func view(_ model: Model) -> Canvas {
  var canvas = Canvas(size: model.size, charset: model.setting.charset)
  guard model.size.columns >= Layout.smallest.columns, model.size.rows >= Layout.smallest.rows else {
    drawTooSmall(model, &canvas, canvas.bounds)
    return canvas
  }
  let layout = model.layout
  drawBar(model, &canvas, layout.bar)
  drawTabs(model, &canvas, layout.tabs)
  let frames = Pane.allCases.compactMap { pane in layout.panes[pane].map { (pane, $0) } }
  for (pane, frame) in frames { drawPane(pane, &canvas, frame, model) }
  drawVerdict(model, &canvas, layout.verdict)
  drawLife(model, &canvas, layout.story)
  drawBottom(model, &canvas, layout.keys)
  for panel in model.panels.all { panel.draw(&canvas, canvas.bounds, model) }
  return canvas
}

private func drawPane(_ pane: Pane, _ canvas: inout Canvas, _ frame: Rect, _ model: Model) {
  switch pane {
  case .deliveries: drawDeliveries(model, &canvas, frame)
  case .signature, .body, .headers, .app: drawDetail(pane, &canvas, frame, model)
  }
}

/// The one message of a screen that is too small to divide.
private func drawTooSmall(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  let source = model.setting.source
  let text = "hooktop: \(model.counts.received) \(source.counted), \(model.counts.failed) failed"
  canvas.draw(text, at: rect.origin, style: .normal)
  canvas.draw("needs 40x8; \(source.background)", at: Point(column: 0, row: 1), style: .dim)
}
