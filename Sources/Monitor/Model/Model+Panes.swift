internal import JSON
internal import Screen
internal import Webhooks

extension Model {
  mutating func moveFocus(by steps: Int) {
    focus(focus.moved(by: steps))
  }

  mutating func focus(_ pane: Pane) {
    focus = pane
    if pane != .deliveries { detail = pane } else { wasOpened = false }
    if pane == .headers || pane == .app { lower = pane }
  }

  /// Shows the selected delivery's details on the whole screen; of a detail pane already focused, maximises or restores
  /// it.
  mutating func openDetail() {
    guard focus == .deliveries else { return toggleMaximised() }
    // What is being read must not be taken away by the next arrival.
    list.stopFollowing()
    focus(detail)
    (isMaximised, wasOpened) = (true, true)
  }

  mutating func toggleMaximised() {
    isMaximised.toggle()
    wasOpened = false
  }

  /// Takes one step back; false if there is nothing to go back from.
  @discardableResult
  mutating func goBack() -> Bool {
    if panels.pop() { return true }
    if isMaximised {
      restore()
    } else if !searches.isEmpty {
      clearSearches()
    } else if !filters.isEmpty {
      clearedFilters = filters
      filters.clear()
      applyFilters()
    } else {
      return false
    }
    return true
  }

  /// Closes what lies over the panes or fills the screen, and quits where nothing does.
  mutating func backOrQuit() {
    if panels.pop() { return }
    if isMaximised { restore() } else { quit() }
  }

  /// Closes the topmost panel, as it was opened; quits where there is none.
  mutating func leave() {
    (panels.top as? any InputPanel)?.cancel(in: &self)
    if !panels.pop() { quit() }
  }

  /// Quits, after a question where deliveries would be lost.
  private mutating func quit() {
    if setting.losesDeliveries, unrecorded > 0 { panels.push(QuitPanel()) } else { isFinished = true }
  }

  /// Ends maximising, and goes back to the list where the details were opened from there.
  private mutating func restore() {
    isMaximised = false
    if wasOpened { focus(.deliveries) }
  }

  /// Makes the detail panes show the selected delivery, and has it looked into where it failed.
  mutating func inspectSelection() -> [Effect] {
    if focus == .deliveries || list.selected != standIn { standIn = nil }
    guard let delivery = standIn == nil ? list.selection : inspection?.delivery else {
      (inspection, fetch) = (nil, nil)
      return []
    }
    releaseLarge(but: delivery)
    guard delivery.isAtHand(reading: Job.inlineLimit) else { return fetch(delivery) }
    fetch = nil
    guard inspection?.delivery !== delivery || inspection?.bodyMode != bodyMode else {
      let outcomes = list.outcomes[delivery.sequence]
      let (setting, report) = (setting, report(on: delivery))
      if inspection?.outcomes != outcomes { inspection?.take(outcomes, setting, report) }
      fitHex()
      return []
    }
    // Read here where it is small, so that it is known whether its file still holds it.
    let effects = delivery.isReadable ? diagnoseSelected(delivery) : []
    let before = inspection.flatMap { $0.delivery === delivery ? $0 : nil }
    let inspection = Inspection(
      delivery, bodyMode: bodyMode, hexWidth: hexWidth, setting: setting,
      signature: report(on: delivery), outcomes: list.outcomes[delivery.sequence],
      searches: searches, before: before)
    self.inspection = inspection
    if delivery.isLost { notice = Notice(Inspection.lost, .failure) }
    if before != nil { showPlaceInBody() }
    let columns = wraps(.body) ? max(1, layout.inside(.body).columns) : nil
    let job = inspection.unopened(
      search: searches[.body], wrappedAt: columns, charset: setting.charset)
    return effects + (job.map { [.run($0)] } ?? [])
  }
}

extension Model {
  /// Whether a delivery that is still shown is kept no more.
  func isEvicted(_ delivery: Delivery) -> Bool { !list.kept.holds(delivery.sequence) }

  /// As many bytes as fit a line of the body pane, where that is seen.
  private var hexWidth: Int {
    let seen = Layout(size: size, focus: .body, detail: .body, isMaximised: isMaximised)
    return seen.inside(.body).columns < PayloadDocument.hexColumns(bytes: 16) ? 8 : 16
  }

  /// Lays a body in hexadecimal out anew where the width of its pane has changed, at the same bytes.
  private mutating func fitHex() {
    let width = hexWidth
    guard inspection?.hexWidth != width, let line = inspection?.layHex(width),
      var part = inspection?.parts[.body]
    else { return }
    part.viewport.move(toLine: line, in: extent(of: .body, part))
    inspection?.parts[.body] = part
  }

  var reasonForNoSelection: String? {
    guard let selection = list.selection else { return "No delivery is selected" }
    guard selection.isAtHand(reading: Job.inlineLimit) else { return "The delivery has not been read yet" }
    return selection.isLost ? Inspection.lost : nil
  }

  var reasonForNoSearch: String? {
    searches[focus] == nil ? "No search in this pane: press / to start one" : nil
  }

  var reasonForNoFolding: String? {
    guard let inspection else { return "No delivery is selected" }
    guard let document = inspection.document else { return inspection.reasonForNoDocument }
    if inspection.isFolding { return "The body is still being folded" }
    return document.folds ? nil : "Only the pretty view of JSON folds: press b to switch"
  }
}

extension Model {
  mutating func foldAtCursor() -> [Effect] {
    editDocument { document, line, isCancelled in document.fold(line: line, isCancelled: isCancelled) }
  }

  mutating func foldAll(_ folded: Bool) -> [Effect] {
    editDocument { document, line, isCancelled in
      let offset = document.byteOffset(ofLine: line)
      if folded {
        document.foldAll(isCancelled: isCancelled)
      } else {
        document.unfoldAll(isCancelled: isCancelled)
      }
      return document.line(containing: offset)
    }
  }

  /// Changes the body's folds, and puts the cursor on the line that `edit` gives for the cursor's line; those of a large
  /// body in the background.
  private mutating func editDocument(
    _ edit: @escaping @Sendable (inout PayloadDocument, Int, _ isCancelled: () -> Bool) -> Int
  ) -> [Effect] {
    guard let inspection, let part = inspection.parts[.body], case .payload(let document) = part.content
    else { return [] }
    let (delivery, line) = (inspection.delivery, part.viewport.cursor.line)
    let fold = { @Sendable (isCancelled: () -> Bool) in
      var document = document
      let line = edit(&document, line, isCancelled)
      return FoldedBody(delivery: delivery, document: document, line: line)
    }
    guard document.body.count > Job.inlineLimit else {
      take(fold { false })
      return []
    }
    self.inspection?.isFolding = true
    let bytes = delivery.cost + part.content.indexBytes
    return [.run(Job(.fold, priority: .asked, bytes: bytes) { clock in .folded(fold { clock() == .max }) })]
  }

  /// Shows a body that has been read, at the lines that are on the screen.
  mutating func take(_ body: OpenedBody) {
    if let before = inspection?.take(body), var part = inspection?.parts[.body] {
      part.viewport.show(
        before.top, cursor: before.cursor, left: before.left, in: extent(of: .body, part))
      inspection?.parts[.body] = part
    }
    showPlaceInBody()
  }

  /// Shows a body that has been folded, where it is still the one to be shown.
  mutating func take(_ body: FoldedBody) {
    guard let inspection, inspection.delivery === body.delivery,
      inspection.document?.mode == body.document.mode,
      var part = inspection.parts[.body]
    else { return }
    self.inspection?.isFolding = false
    part.content = .payload(body.document)
    part.viewport.move(toLine: body.line, in: extent(of: .body, part))
    self.inspection?.parts[.body] = part
  }
}
