internal import DequeModule
internal import JSON
internal import Screen
internal import Synchronization
internal import Webhooks

/// What the screen goes by while others look on: every delivery in the list is one without the values at the chosen
/// paths, so that nothing that is shown, searched, filtered by, copied or exported can tell them.
///
/// What arrives is shown once its values have been found, in the background. What is done to a delivery is done to
/// the one that was received, which the ring keeps.
struct Presentation: Sendable {
  /// What hides the values.
  let redaction: Redaction
  /// What keeps the deliveries as they were received.
  let ring: any Kindred
  /// Those of the list, for jobs that look at all of them.
  let seen = SeenDeliveries()
  /// The presentation that a job was begun for.
  let number: Int
  /// What was hidden in exports before.
  let redactionBefore: Redaction
  let histories: (filters: [String], searches: [String])
  /// The filters in force before, and those that had been cleared last.
  let filtersBefore: (inForce: QuickFilters, cleared: QuickFilters?)
  /// What happened to the kept deliveries, as it was.
  var outcomes: Outcomes
  /// What has arrived and is not shown yet.
  var waiting: [Journal.Batch] = []
  /// What a job makes ready to be shown.
  var inWork: [Journal.Batch] = []
  /// The deliveries that are hidden as a whole until their values are found; the last one is the next.
  var veiled: [UInt64] = []
  var isAtWork = false
  /// The places of the paths that have led to nothing so far in what was kept when it began.
  var unmet: Set<Int> = []

  /// Whether there is anything to hide.
  var hides: Bool { !redaction.isEmpty }
}

/// The deliveries of the list as a presentation shows them.
final class SeenDeliveries: Kindred {
  private let deliveries = Mutex(Deliveries())

  // Not looked at under the lock, which the keys would wait for: to find hidden values takes long.
  func take(_ kept: Deliveries) { deliveries.withLock { $0 = kept } }

  func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    deliveries.withLock { $0 }.slice(from: sequence, atMost: limit)
  }

  func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    deliveries.withLock { $0 }.slice(before: sequence, atMost: limit)
  }
}

extension Model {
  /// What keeps the deliveries as they were received.
  var ring: any Kindred { presentation?.ring ?? setting.kept }

  /// The delivery as it was received; the same where it is not kept any more.
  func original(_ delivery: Delivery) -> Delivery {
    guard let presentation, presentation.hides else { return delivery }
    return presentation.ring.find(delivery.sequence) ?? delivery
  }

  /// The URL of the app that a delivery goes to, in words that may be seen.
  func shown(_ url: String, for delivery: Delivery) -> String {
    guard presentation?.hides == true else { return url }
    let seen = list.kept.find(delivery.sequence) ?? delivery
    return setting.apps.url(original(delivery)) == url ? setting.apps.url(seen) ?? "the app" : url
  }

  /// An incident as it may be seen: what came of it can't be searched for values, since it was no request.
  func seen(_ incident: Incident) -> Incident {
    guard presentation?.hides == true else { return incident }
    var seen = incident
    seen.received = nil
    seen.detail = "hidden in the presentation"
    seen.peer = ""
    return seen
  }

  /// Why what has to look at each delivery that is kept can't be used; nil if it can.
  var reasonForLens: String? {
    list.kept.isSeenThroughLens
      ? "Not available while a presentation hides values of a session: Esc and * end it" : nil
  }

  /// Why what shows the bytes as received can't be used; nil if it can.
  var reasonForPresentation: String? {
    presentation?.hides == true ? "It would show what the presentation hides: press Esc and * to end it" : nil
  }
}

// MARK: Beginning and ending

extension Model {
  /// Asks for the paths to begin a presentation, or ends the one that goes on.
  mutating func togglePresentation() -> [Effect] {
    guard presentation == nil else { return endPresentation() }
    var prompt = Prompt("present without", text: offeredPaths) { $1.acceptPresentation(&$0) }
    prompt.hint = { _ in
      TextRun(" JSON paths to hide, as $.data.email $..phone; none hides nothing", .dim)
    }
    panels.push(prompt)
    return []
  }

  /// The path of the value at the body's cursor, and those that were chosen last or that exports hide.
  private var offeredPaths: String {
    let chosen = presentedPaths ?? setting.redaction.paths.map(\.text)
    guard focus == .body, let path = pathAtCursor, !chosen.contains(path) else {
      return chosen.joined(separator: " ")
    }
    return ([path] + chosen).joined(separator: " ")
  }

  /// The path of the value at the cursor of a body that is small enough to be looked through while the keys wait.
  private var pathAtCursor: String? {
    guard let inspection, let (body, offset) = placeOfValue(of: inspection.delivery),
      body.count <= Job.inlineLimit, let location = JSONLocation(in: body, at: offset)
    else { return nil }
    let text = "$\(location.path.text)"
    return (try? JSONMask.Path(text)) == nil ? nil : text
  }

  private mutating func acceptPresentation(_ prompt: inout Prompt) -> [Effect] {
    do throws(JSONMask.Path.Fault) {
      let paths = try JSONMask.Path.list(prompt.editor.text)
      panels.pop()
      presentedPaths = paths.map(\.text)
      return present(Redaction(paths))
    } catch {
      notice = Notice("Column \(error.column): expected \(error.due)", .warning)
      return []
    }
  }

  /// Hides all that is kept at once, and shows it again as its values are found.
  private mutating func present(_ redaction: Redaction) -> [Effect] {
    presentations += 1
    var presentation = Presentation(
      redaction: redaction, ring: setting.kept, number: presentations, redactionBefore: setting.redaction,
      histories: (filterHistory, searchHistory), filtersBefore: (filters, clearedFilters),
      outcomes: list.outcomes)
    setting.isPresenting = true
    notice = Notice("Presentation: * ends it", .success)
    guard presentation.hides else {
      self.presentation = presentation
      return []
    }
    presentation.unmet = Set(redaction.paths.indices)
    let selected = list.selected
    presentation.veiled =
      list.hiddenOneByOne.filter { $0 != selected } + [selected].compactMap(\.self)
    // To find the values of all of them, to order them or to fold their attempts, takes too long while the keys wait.
    if list.kept.areFiled { list.unfoldAll() }
    list.kept.look(through: { redaction.presentingFiled($0, reading: Job.inlineLimit) })
    // What exports hide they go on hiding.
    let hidden = Redaction(setting.redaction.paths + redaction.paths)
    (setting.kept, setting.redaction, setting.hidesEvidence) = (presentation.seen, hidden, true)
    self.presentation = presentation
    setAsideWhatWasTyped()
    list.replaceOutcomesOfFiled { presentation.outcomes[$0].map(Redaction.veiling) }
    list.replace { Redaction.veiling($0, presentation.outcomes[$0.sequence], for: .pending) }
    showAnew()
    return maskMore()
  }

  /// What was typed before, or chosen to filter by, may be a value that is hidden now.
  private mutating func setAsideWhatWasTyped() {
    (filterHistory, searchHistory, clearedFilters, finding) = ([], [], nil, nil)
    clearSearches()
    let seen = filters.withoutQuotes
    guard seen != filters else { return }
    filters = seen
    notice = Notice("Presentation: * ends it, and brings back the filter", .success)
    applyFilters()
  }

  private mutating func endPresentation() -> [Effect] {
    guard let presentation else { return [] }
    self.presentation = nil
    setting.isPresenting = false
    notice = Notice("The presentation has ended")
    lastKey = nil
    guard presentation.hides else { return [] }
    (setting.kept, setting.redaction, setting.hidesEvidence) = (
      presentation.ring, presentation.redactionBefore, false
    )
    (filterHistory, searchHistory) = (
      presentation.histories.filters + filterHistory, presentation.histories.searches + searchHistory
    )
    var originals: [UInt64: Delivery] = [:]
    list.kept.look(through: nil)
    presentation.ring.walk(from: list.kept.areFiled ? .max : list.firstKept) {
      originals[$0.sequence] = $0
      return true
    }
    list.replaceOutcomesOfFiled { presentation.outcomes[$0] }
    list.replace {
      PresentedDelivery(
        delivery: originals[$0.sequence] ?? $0, outcomes: presentation.outcomes[$0.sequence])
    }
    restore(presentation.filtersBefore)
    showAnew()
    return (presentation.inWork + presentation.waiting).flatMap { takeNews($0) }
  }

  private mutating func restore(_ before: (inForce: QuickFilters, cleared: QuickFilters?)) {
    clearedFilters = clearedFilters ?? before.cleared
    let seen = filters
    filters.restore(before.inForce)
    if filters != seen { applyFilters() }
  }

  /// Has the panes made of the deliveries that the list has now.
  private mutating func showAnew() {
    (inspection, standIn, attemptsInView) = (nil, nil, nil)
    showToJobs()
  }
}
