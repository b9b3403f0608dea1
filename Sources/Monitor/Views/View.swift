public import Screen
internal import Webhooks

/// The whole screen for a model: the one function from state to cells.
public func view(_ model: Model) -> Canvas {
  var canvas = Canvas(size: model.size, charset: model.setting.charset)
  guard model.size.columns >= Layout.smallest.columns, model.size.rows >= Layout.smallest.rows else {
    drawTooSmall(&canvas, model)
    return canvas
  }
  let layout = model.layout
  drawBar(&canvas, layout.bar, model)
  drawTabs(&canvas, layout.tabs, model)
  for pane in Pane.allCases where layout.panes[pane] != nil {
    drawPane(pane, &canvas, layout, model)
  }
  drawMarks(&canvas, layout, model)
  drawBottom(&canvas, layout.keys, model)
  for panel in model.panels.all { panel.draw(&canvas, canvas.bounds, model) }
  return canvas
}

private func drawPane(_ pane: Pane, _ canvas: inout Canvas, _ layout: Layout, _ model: Model) {
  switch pane {
  case .deliveries: drawDeliveries(&canvas, layout, model)
  case .signature, .body, .headers: drawDetail(pane, &canvas, layout, model)
  }
}

/// The one message of a screen that is too small to divide.
private func drawTooSmall(_ canvas: inout Canvas, _ model: Model) {
  let source = model.setting.source
  let text = "hooktop: \(model.counts.received) \(source.counted), \(model.counts.failed) failed"
  canvas.draw(text, at: Point(column: 0, row: 0), style: .normal)
  canvas.draw("needs 40x8; \(source.background)", at: Point(column: 0, row: 1), style: .dim)
}
