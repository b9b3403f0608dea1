internal import JSON
internal import Screen
internal import Webhooks

/// A string of a body as the text that it stands for: with its line breaks, and wrapped between words.
struct TextPanel: Panel {
  static let title = "Text"
  static let actions = [
    action("search text", [.character("/")], .body, "Search the text.", hint: "search") {
      $0.openSearch(in: &$1)
    },
    action("next place", [.character("n")], .body, "Go to the next match in the text.") {
      $0.goToMatch(1, in: &$1)
    },
    action("previous place", [.character("N")], .body, "Go to the previous match in the text.") {
      $0.goToMatch(-1, in: &$1)
    },
  ]

  let delivery: Delivery
  var subject: Delivery? { delivery }
  private let string: StringAtCursor
  private let number: Int
  /// The text with the user's place in it; nil while it is read.
  private var part: Inspection.Part?
  /// What is searched for in the background.
  private var awaitedSearch: String?
  /// Why there is no text.
  private var obstacle: String?

  var awaited: Set<Job.Key> { part == nil && obstacle == nil || awaitedSearch != nil ? [.text] : [] }

  init(_ string: StringAtCursor, of delivery: Delivery, number: Int) {
    (self.string, self.delivery, self.number) = (string, delivery, number)
  }

  /// Reads the string, in the background where it is long.
  mutating func read(in model: Model) -> [Effect] {
    guard string.size > Job.inlineLimit else {
      show(Self.content(of: string) { false }.map { Inspection.Part(content: $0) }, nil)
      return []
    }
    let (string, number, wrapping) = (string, number, wrapping(model))
    return [
      .run(
        Job(.text, priority: .asked, bytes: delivery.cost + string.size) { clock in
          let isCancelled = { @Sendable in clock() == .max }
          let part = Self.content(of: string, isCancelled).map { Inspection.Part(content: $0) }
          part?.measureFirst(wrapping, charset: wrapping.charset, isCancelled: isCancelled)
          return .read(ReadText(number: number, part: part, search: nil))
        })
    ]
  }

  private static func content(
    of string: StringAtCursor, _ isCancelled: @escaping @Sendable () -> Bool
  ) -> PaneContent? {
    guard let text = string.text(isCancelled: isCancelled) else { return nil }
    let work = BodyWork(isCancelled: isCancelled)
    let lines = try? BodyKind.text.layOut(BodyContent(bytes: text, type: nil), work)
    return .payload(lines ?? PayloadDocument(text, mode: .raw))
  }

  private mutating func show(_ read: Inspection.Part?, _ search: PaneSearch?) {
    guard let read else { return obstacle = "There is no string here." }
    if part == nil { part = read }
    if let search { part?.search = search }
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    switch message {
    case .read(let text) where text.number == number:
      show(text.part, text.search)
      guard text.search != nil else { break }
      awaitedSearch = nil
      reveal(1, in: model)
    case .refused(.text): giveUp("Not read: too much other work is waiting.")
    case .overran(.text): giveUp("Not read: reading took longer than \(Job.Key.text.limitWords).")
    case .resized:
      if var part {
        part.viewport.clamp(to: extent(part, model))
        self.part = part
      }
    default: break
    }
    return []
  }

  private mutating func giveUp(_ reason: String) {
    awaitedSearch = nil
    obstacle = reason
  }

  mutating func move(_ movement: Movement, in model: Model) {
    guard var part else { return }
    switch movement {
    case .top: part.viewport.moveToStart()
    case .bottom, .rows, .pages: part.viewport.scroll(movement, in: extent(part, model))
    }
    self.part = part
  }
}

/// What came of reading a long string in the background: its lines, and what was found in them.
public struct ReadText: Sendable {
  let number: Int
  let part: Inspection.Part?
  let search: PaneSearch?
}

extension TextPanel {
  private mutating func openSearch(in model: inout Model) {
    let prompt = Prompt("search the text", history: model.searchHistory) { prompt, model in
      let text = prompt.editor.text
      model.panels.pop()
      return model.change(TextPanel.self) { $0.search(text, in: $1) }
    }
    model.panels.push(prompt)
  }

  private mutating func search(_ text: String, in model: Model) -> [Effect] {
    guard let part, case .payload(let document) = part.content, !text.isEmpty else { return [] }
    let content = part.content
    guard document.body.count > Job.inlineLimit else {
      self.part?.search = PaneSearch(text, in: content)
      reveal(1, in: model)
      return []
    }
    awaitedSearch = text
    let number = number
    return [
      .run(
        Job(.text, priority: .asked, bytes: delivery.cost + document.body.count) { clock in
          let search = PaneSearch(text, in: content) { clock() == .max }
          return .read(ReadText(number: number, part: part, search: search))
        })
    ]
  }

  private mutating func goToMatch(_ step: Int, in model: inout Model) {
    guard part?.search != nil else {
      model.notice = Notice("No search in this text: press / to start one", .warning)
      return
    }
    reveal(step, in: model)
  }

  /// Brings the next match into view.
  private mutating func reveal(_ step: Int, in model: Model) {
    guard var part, var search = part.search, case .payload(let document) = part.content else { return }
    let start = document.byteOffset(ofLine: part.viewport.top.line)
    guard let match = search.move(step, from: PaneSearch.Match(line: 0, range: start..<start)) else { return }
    part.search = search
    let line = document.line(containing: match.range.lowerBound)
    let offset = part.content.offset(of: match, inLine: line)
    let row = part.ranges(line: line, wrapping(model))?.lastIndex { $0.lowerBound <= offset } ?? 0
    part.viewport.reveal(
      Viewport.Place(line: line, row: row), column: 0, columns: inside(model.size).columns,
      in: extent(part, model))
    self.part = part
  }
}

extension TextPanel {
  /// The columns of text: as many as are read with ease.
  private static let columns = 80

  private func inside(_ screen: Size) -> Rect {
    let columns = PopupFrame.textColumns(Self.columns, on: screen)
    let rows = PopupFrame.textRows(on: screen)
    return Rect(
      column: (screen.columns - columns) / 2, row: max(2, (screen.rows - rows) / 2), columns: columns,
      rows: rows)
  }

  private func wrapping(_ model: Model) -> Wrapping {
    Wrapping(columns: inside(model.size).columns, charset: model.setting.charset, proseIndent: 0)
  }

  private func extent(_ part: Inspection.Part, _ model: Model) -> Viewport.Extent {
    let wrapping = wrapping(model)
    return Viewport.Extent(lineCount: part.content.lineCount, height: inside(model.size).rows) {
      part.ranges(line: $0, wrapping)?.count ?? 1
    }
  }

  func draw(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
    let inside = inside(rect.size)
    let box = Rect(
      column: inside.column - 2, row: inside.row - 1, columns: inside.columns + 4, rows: inside.rows + 2)
    canvas.fill(box)
    canvas.drawFrame(box, title: title(model), style: Style(.borderFocused))
    guard let part else {
      let words = obstacle ?? "Reading \(Wording.bytes(string.size))."
      canvas.draw(
        words, at: inside.origin, width: inside.columns, style: obstacle == nil ? .dim : Style(.warning))
      return
    }
    drawLines(of: part, &canvas, inside, wrapping(model), showsCursor: false)
    drawPosition(part.viewport.top.line, &canvas, box, of: part.content.lineCount, visible: inside.rows)
  }

  /// `Text of "note" in #12  1.8 KiB  /needle: 1 of 3`.
  private func title(_ model: Model) -> [TextRun] {
    var runs = [TextRun(Self.title, Style(.title))]
    if !string.name.isEmpty { runs += [TextRun(" of "), TextRun(string.name[...], Style(.jsonKey))] }
    runs.append(TextRun(" in #\(delivery.sequence)", .dim))
    if case .payload(let document)? = part?.content {
      runs.append(TextRun("  \(Wording.bytes(document.body.count))"))
    }
    if let awaitedSearch { runs.append(TextRun("  /\(awaitedSearch): searching", Style(.info))) }
    if let search = part?.search {
      runs.append(TextRun("  /\(search.text): \(search.summary)", Style(.info)))
    }
    return runs
  }
}
