internal import Screen
internal import Webhooks

/// Which deliveries are exported, in which form and to which file; then how far that has come.
struct ExportPanel: Popup {
  static let title = "Export"

  /// Which deliveries are meant.
  enum Choice: String, CaseIterable, Sendable {
    case selected, marked, shown
  }

  private enum State: Sendable {
    case offered
    case writing(ExportOrder, done: Int)
    /// A file of that name is there.
    case asking(ExportOrder)
  }

  private var state = State.offered
  /// What could not be written, so that its name can be corrected.
  private var failed: (choice: Choice, form: ExportForm, path: String)?
  private var choice: Choice
  private let delivery: Delivery
  var subject: Delivery? { delivery }
  var viewport = Viewport()

  init(_ delivery: Delivery, in model: Model) {
    self.delivery = delivery
    choice = model.marked.isEmpty ? .selected : .marked
  }

  static let actions: [Action] = [
    action(
      "export to a file", [.enter], .export, "Ask for the file's name, then export.", hint: "export",
      unavailable: { panel, _ in panel.isWriting ? "The export is under way: Esc stops it" : nil },
      perform: { panel, model in panel.askForName(in: &model) }),
    action(
      "what to export", [.character("s"), .tab], .export, "Choose: the selected, the marked, or all shown.",
      hint: "selected/marked/shown",
      unavailable: { panel, _ in panel.isOffered ? nil : "The deliveries are chosen already: press Esc first"
      },
      perform: { panel, model in panel.chooseNext(in: model) }),
    action(
      "overwrite", [.character("o")], .export, "Overwrite the file of that name.", hint: "overwrite",
      unavailable: { panel, _ in panel.isAsking ? nil : "There is nothing to overwrite" },
      perform: { panel, model in panel.overwrite(in: &model) }),
  ]

  private var form: ExportForm {
    ExportForm.allCases[selectedRow(of: ExportForm.allCases.count) ?? 0]
  }

  private var isOffered: Bool { if case .offered = state { true } else { false } }
  private var isAsking: Bool { if case .asking = state { true } else { false } }
  private var isWriting: Bool { if case .writing = state { true } else { false } }
  var errand: Int? { if case .writing(let order, _) = state { order.number } else { nil } }

  private mutating func chooseNext(in model: Model) -> [Effect] {
    let all = Choice.allCases.filter { $0 != .marked || !model.marked.isEmpty }
    choice = all[((all.firstIndex(of: choice) ?? 0) + 1) % all.count]
    return []
  }

  private func deliveries(in model: Model) -> PickedDeliveries {
    switch choice {
    case .selected: PickedDeliveries([delivery])
    case .marked: PickedDeliveries(of: model.list.kept, model.marked)
    case .shown: PickedDeliveries(of: model.list.kept, model.list.passing)
    }
  }

  private func askForName(in model: inout Model) -> [Effect] {
    let name = "hooktop-\(choice == .selected ? "\(delivery.sequence)" : choice.rawValue).\(form.fileEnding)"
    var old = name
    if case .asking(let order) = state { old = order.path }
    if let failed, failed.choice == choice, failed.form == form { old = failed.path }
    model.panels.push(
      Prompt("Export to", text: old) { prompt, model in
        let path = prompt.editor.text
        guard !path.isEmpty else { return [] }
        model.panels.pop()
        return model.change(ExportPanel.self) { $0.begin(path, in: &$1) }
      })
    return []
  }

  private mutating func begin(_ path: String, in model: inout Model) -> [Effect] {
    begin(deliveries(in: model), path, overwrites: false, in: &model)
  }

  private mutating func overwrite(in model: inout Model) -> [Effect] {
    guard case .asking(let order) = state else { return [] }
    return begin(order.deliveries, order.path, overwrites: true, in: &model)
  }

  private mutating func begin(
    _ deliveries: PickedDeliveries, _ path: String, overwrites: Bool, in model: inout Model
  ) -> [Effect] {
    model.lastErrand += 1
    let order = ExportOrder(
      number: model.lastErrand, deliveries: deliveries, exporter: model.exporter(form), path: path,
      overwrites: overwrites)
    (state, failed) = (.writing(order, done: 0), nil)
    return [.order(.export(order))]
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    if case .exported(let number, let step) = message, case .writing(let order, _) = state,
      order.number == number
    {
      take(step, of: order)
    }
    settle(in: model)
    return []
  }

  private mutating func take(_ step: ExportStep, of order: ExportOrder) {
    switch step {
    case .done(let count): state = .writing(order, done: count)
    case .exists: state = .asking(order)
    case .written: state = .offered
    case .failed: (state, failed) = (.offered, (choice, form, order.path))
    }
  }

  func content(_ model: Model) -> PopupContent {
    var content = PopupContent("Export", columns: 74, rowCount: ExportForm.allCases.count) {
      [TextRun(ExportForm.allCases[$0].title)]
    }
    content.hasCursor = true
    content.head = [[TextRun(words(model))], []]
    content.foot = [[], foot]
    return content
  }

  private func words(_ model: Model) -> String {
    let count = choice == .selected ? 1 : choice == .marked ? model.marked.count : model.list.passingCount
    let which = choice == .selected ? "the selected one, #\(delivery.sequence)" : choice.rawValue
    return "\(Wording.count(count, "delivery", "deliveries")): \(which)"
  }

  private var foot: [TextRun] {
    switch state {
    case .offered: return [TextRun("Signing secrets are never exported.", .dim)]
    case .writing(let order, let done):
      let all = Wording.grouped(order.deliveries.count)
      return [TextRun("\(Wording.grouped(done)) of \(all) written; Esc stops the export.", Style(.info))]
    case .asking(let order):
      return [TextRun("\(order.path) exists: o overwrites it, Enter asks for another name.", Style(.warning))]
    }
  }
}

extension Model {
  /// What writes deliveries in a form, with what is known of them now.
  func exporter(_ form: ExportForm) -> Exporter {
    let model = self
    let setting = Exporter.Setting(
      redaction: setting.redaction, keyring: keyring, url: setting.source.address, outcomes: list.outcomes)
    return Exporter(form, setting) {
      MarkdownReport(model.report(on: $0), charset: model.setting.charset)
    }
  }

  /// Tells what came of an export, and closes its popup where it is done.
  mutating func take(_ step: ExportStep, ofExport number: Int) {
    switch step {
    case .done, .exists: break
    case .failed(let reason): notice = Notice("Nothing was exported: \(reason)", .warning)
    case .written(let path, let bytes):
      if let (id, panel) = panels.last(ExportPanel.self), panel.errand == number { panels.remove(at: id) }
      notice = Notice("Exported to \(path), \(Wording.bytes(bytes))", .success)
    }
  }
}
