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
  fileprivate let seen = SeenDeliveries()
  /// The presentation that a job was begun for.
  let number: Int
  /// What was hidden in exports before.
  fileprivate let redactionBefore: Redaction
  fileprivate let histories: (filters: [String], searches: [String])
  /// What happened to the kept deliveries, as it was.
  fileprivate var outcomes: Outcomes
  /// What has arrived and is not shown yet.
  fileprivate var waiting: [Journal.Batch] = []
  /// What a job makes ready to be shown.
  fileprivate var inWork: [Journal.Batch] = []
  /// The deliveries that are hidden as a whole until their values are found; the last one is the next.
  fileprivate var veiled: [UInt64] = []
  fileprivate(set) var isAtWork = false

  /// Whether there is anything to hide.
  var hides: Bool { !redaction.isEmpty }
}

/// The deliveries of the list as a presentation shows them.
private final class SeenDeliveries: Kindred {
  private let deliveries = Mutex(Deliveries())

  func take(_ kept: Deliveries) { deliveries.withLock { $0 = kept } }

  func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    deliveries.withLock { $0.slice(from: sequence, atMost: limit) }
  }

  func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    deliveries.withLock { $0.slice(before: sequence, atMost: limit) }
  }
}

/// Deliveries and news without the values that a presentation hides.
public struct MaskedNews: Sendable {
  fileprivate let number: Int
  fileprivate var batches: [Journal.Batch] = []
  fileprivate var deliveries: [UInt64: PresentedDelivery] = [:]
  /// How many of the deliveries that were hidden as a whole have been looked at.
  fileprivate var looked = 0
}

extension Model {
  /// What keeps the deliveries as they were received.
  var ring: any Kindred { presentation?.ring ?? setting.kept }

  /// The delivery as it was received; the same where it is not kept any more.
  func original(_ delivery: Delivery) -> Delivery {
    guard let presentation, presentation.hides else { return delivery }
    let found = presentation.ring.deliveries(from: delivery.sequence, atMost: 1).first
    return found?.sequence == delivery.sequence ? found ?? delivery : delivery
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
    list.kept.isSeenThroughLens ? "Values are hidden as they are looked at: press Esc and * to end that" : nil
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
      histories: (filterHistory, searchHistory), outcomes: list.outcomes)
    setting.isPresenting = true
    notice = Notice("Presentation: * ends it", .success)
    guard presentation.hides else {
      self.presentation = presentation
      return []
    }
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
    forgetWhatWasTyped()
    list.replace { Redaction.veiling($0, presentation.outcomes[$0.sequence], for: .pending) }
    showAnew()
    return maskMore()
  }

  /// What was typed before may be a value that is hidden now.
  private mutating func forgetWhatWasTyped() {
    (filterHistory, searchHistory, clearedFilters, finding) = ([], [], nil, nil)
    clearSearches()
    filters.set(typed: "", Filter.all(of: []))
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
    list.replace {
      PresentedDelivery(
        delivery: originals[$0.sequence] ?? $0, outcomes: presentation.outcomes[$0.sequence])
    }
    showAnew()
    return (presentation.inWork + presentation.waiting).flatMap { takeNews($0) }
  }

  /// Has the panes made of the deliveries that the list has now.
  private mutating func showAnew() {
    (inspection, standIn, attemptsInView) = (nil, nil, nil)
    showToJobs()
  }
}

// MARK: Finding the values

extension DeliveryList {
  /// The numbers of the deliveries whose values are found one after the other: those that are not in a file, and those
  /// that something happened to.
  fileprivate var hiddenOneByOne: [UInt64] {
    guard kept.areFiled else { return kept.map(\.sequence) }
    return outcomes.numbers.filter(kept.isFiled) + (kept.firstUnpacked..<kept.count).map(kept.sequence)
  }
}

extension Model {
  /// Keeps what has arrived until its values have been found.
  mutating func hold(_ batch: Journal.Batch) -> [Effect] {
    presentation?.waiting.append(batch)
    return maskMore()
  }

  /// Has values looked for in what has arrived, and in some of what is hidden as a whole.
  mutating func maskMore() -> [Effect] {
    guard var work = presentation, work.hides, !work.isAtWork, !(work.waiting.isEmpty && work.veiled.isEmpty)
    else { return [] }
    (work.inWork, work.waiting, work.isAtWork) = (work.waiting, [], true)
    presentation = work
    let begun = work
    let cost = work.inWork.reduce(0) { $0 + $1.deliveries.reduce(0) { $0 + $1.cost } }
    return [.run(Job(.mask, priority: .asked, bytes: cost) { .masked(begun.masked($0)) })]
  }

  /// Takes deliveries whose values have been found; gives the news that can be shown now.
  mutating func take(_ news: MaskedNews) -> [Journal.Batch] {
    guard var work = presentation, work.number == news.number else { return [] }
    work.veiled.removeLast(min(news.looked, work.veiled.count))
    presentation = work.done(with: list)
    if !news.deliveries.isEmpty { list.replace { news.deliveries[$0.sequence] } }
    return news.batches
  }

  /// Shows what has arrived without anything but verdicts: there was no room or no time to find its values.
  mutating func takeMaskingFailure(isOverrun: Bool) -> [Journal.Batch] {
    guard var work = presentation else { return [] }
    let batches = work.inWork.map { batch in
      var veiled = batch
      veiled.deliveries = batch.deliveries.map { Redaction.veiling($0, [], for: .tooMany).delivery }
      veiled.outcomes = batch.outcomes.map {
        Journal.OutcomeChange(sequence: $0.sequence, outcomes: $0.outcomes.map(Redaction.veiling))
      }
      return veiled
    }
    // What took too long is most likely the one that the job began with.
    if isOverrun, batches.isEmpty { _ = work.veiled.popLast() }
    presentation = work.done(with: list)
    return batches
  }

  /// Lets jobs see what the list has now.
  func showToJobs() { presentation?.seen.take(list.kept) }
}

extension Presentation {
  /// The work is over: what the news say of outcomes is remembered as it was, as long as the list has the delivery.
  fileprivate func done(with list: DeliveryList) -> Presentation {
    var done = self
    for change in inWork.flatMap(\.outcomes) { done.outcomes.take(change) }
    if done.outcomes.count > 2 * list.kept.count + 64 {
      let all = done.outcomes
      done.outcomes = Outcomes()
      for sequence in all.numbers where list.kept.holds(sequence) {
        done.outcomes.take(Journal.OutcomeChange(sequence: sequence, outcomes: all[sequence]))
      }
    }
    (done.isAtWork, done.inWork) = (false, [])
    return done
  }
}

extension Presentation {
  /// After how many nanoseconds what has been found is shown.
  private static let pause: UInt64 = 100_000_000

  /// Looks for values in what has arrived, and then for some time in what is hidden as a whole.
  fileprivate func masked(_ clock: Job.Clock) -> MaskedNews {
    let start = clock()
    var news = MaskedNews(number: number)
    news.batches = inWork.map(masked)
    for sequence in veiled.reversed() {
      guard clock() <= start.addingReportingOverflow(Self.pause).partialValue || news.looked == 0 else {
        break
      }
      news.looked += 1
      guard let delivery = received(sequence) else { continue }
      news.deliveries[sequence] = redaction.presenting(delivery, outcomes[sequence])
    }
    return news
  }

  private func received(_ sequence: UInt64) -> Delivery? {
    ring.deliveries(from: sequence, atMost: 1).first.flatMap { $0.sequence == sequence ? $0 : nil }
  }

  private func masked(_ batch: Journal.Batch) -> Journal.Batch {
    var masked = batch
    masked.deliveries = batch.deliveries.map { redaction.presenting($0, []).delivery }
    let new = Dictionary(batch.deliveries.map { ($0.sequence, $0) }) { $1 }
    masked.outcomes = batch.outcomes.map { change in
      let delivery = new[change.sequence] ?? received(change.sequence)
      return Journal.OutcomeChange(
        sequence: change.sequence,
        outcomes: delivery.map { redaction.presenting($0, change.outcomes).outcomes }
          ?? change.outcomes.map(Redaction.veiling))
    }
    return masked
  }
}
