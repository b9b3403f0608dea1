internal import Diagnosis
internal import JSON
internal import Screen
internal import Webhooks

extension Model {
  mutating func openFilter() {
    var prompt = Prompt("filter", text: filters.typed, history: filterHistory) { $1.acceptFilter(&$0) }
    prompt.hint = { $0.filterHint }
    panels.push(prompt)
  }

  /// Takes a typed expression; a wrong one keeps the old filter and stays open with the reason.
  private mutating func acceptFilter(_ prompt: inout Prompt) -> [Effect] {
    do throws(FilterError) {
      // Read as it stands, since the column of a fault is counted there.
      let filter = try Filter(
        prompt.editor.text, providers: setting.providers, causes: Cause.all.map(\.id.rawValue),
        zone: setting.zone)
      let text = String(prompt.editor.text.trimmed { $0 == " " })
      filters.set(typed: text, filter)
      remember(text, in: &filterHistory)
      panels.pop()
      applyFilters()
    } catch {
      prompt.error = error
    }
    return []
  }

  /// What may be typed, or what is filtered by besides, which the list's title may have no room for.
  private var filterHint: TextRun {
    let others = filters.besidesTyped
    guard others.isEmpty else { return TextRun(" and \(others)", Style(.warning)) }
    return TextRun(
      " type:\(setting.providers.exampleTypes)  live:true  sig:failed  provider:\(setting.providers.exampleName)  id:evt_*  age:>300  size:>10k  dup  ~text  | - ( )",
      .dim)
  }

  /// Makes the list show what the filters leave.
  mutating func applyFilters() {
    list.apply(filters.applied)
    if list.sieve == nil { noticeResult() }
  }

  /// Has the filter asked in the background, where it takes long.
  mutating func sift() -> [Effect] {
    guard let slice = list.nextSlice(of: setting.kept) else { return [] }
    return [.run(Job(.filter, priority: .asked, bytes: list.outcomes.bytes) { .sifted(slice($0)) })]
  }

  mutating func take(_ deliveries: SiftedDeliveries) {
    if list.take(deliveries) { noticeResult() }
  }

  private mutating func noticeResult() {
    if list.rowCount == 0, !list.kept.isEmpty {
      notice = Notice("No delivery matches the filter: Esc clears it, \\ turns it off", .warning)
    }
    guard list.unreadable > 0 else { return }
    let count = Wording.count(list.unreadable, "request")
    notice = Notice("\(count) can no longer be read, since the session file changed: open it again", .failure)
  }

  /// Why the type of the selected delivery can't be filtered by: different ones are hidden alike.
  var reasonForHiddenType: String? {
    guard presentation?.hides == true, let type = list.selection?.envelope.event else { return nil }
    return Redaction.isHidden(type) ? "The type is hidden: it can't be filtered by" : nil
  }

  mutating func toggleTypeFilter() {
    guard let delivery = list.selection else { return }
    let type = delivery.envelope.event?.copied
    filters.set(types: filters.types == [type] ? [] : [type])
    applyFilters()
  }

  /// Takes the next choice that some delivery has, which the other filters take.
  mutating func cycle(_ slot: QuickFilters.Slot, through choices: [Filter]) {
    let before = filters
    let list = list
    filters.cycle(slot, through: choices) { filter in
      // A text is not looked for just to skip a choice.
      let test = filter.combined.searchesText ? filter.choice(slot) : filter.combined
      return list.mayHoldAny(of: test)
    }
    if filters == before { notice = Notice("No delivery here differs in that") }
    applyFilters()
  }

  mutating func cycleProvider() {
    let kept = list.kept.providers()
    cycle(.provider, through: setting.providers.all.filter(kept.contains).map(Filter.provider))
  }

  /// Takes the filters off or puts them on again, also those that Esc has cleared.
  mutating func toggleFilters() {
    if filters.isEmpty, let clearedFilters {
      filters = clearedFilters
    } else {
      filters.toggle()
    }
    applyFilters()
  }

  var reasonForNoFilters: String? {
    filters.isEmpty && clearedFilters == nil ? "There is no filter to turn off: f sets one" : nil
  }

  func remember(_ text: String, in history: inout [String]) {
    guard !text.isEmpty, history.last != text else { return }
    history.append(text)
    if history.count > 100 { history.removeFirst() }
  }
}

/// The filters set by keys and the one that was typed, all of them "and".
public struct QuickFilters: Sendable, Equatable {
  /// Which key or prompt a filter came from; a new one takes the place of the old one.
  enum Slot: Int, CaseIterable, Sendable {
    case expression, types, livemode, signature, provider, marked
  }

  private var filters: [Slot: Filter] = [:]
  /// The expression as it was typed.
  private(set) var typed = ""
  /// The event types that the filter of the types was made of; nil for none.
  private(set) var types: [ByteString?] = []
  /// All filters are kept and none is applied.
  private(set) var isOff = false

  var isEmpty: Bool { filters.isEmpty }

  /// What the list shows; nil if nothing is left out.
  var applied: Filter? { isEmpty || isOff ? nil : combined }

  /// All of them, also while they are off.
  var combined: Filter { Filter.all(of: Slot.allCases.compactMap { filters[$0] }) }

  /// All but the one that was typed.
  var besidesTyped: Filter { Filter.all(of: Slot.allCases.dropFirst().compactMap { filters[$0] }) }

  /// Takes an expression that was typed; an empty one filters by nothing.
  mutating func set(typed text: String, _ filter: Filter) {
    typed = text
    set(.expression, filter)
  }

  /// Takes deliveries of the event types alone; of all where there are none.
  mutating func set(types: [ByteString?]) {
    set(.types, types.isEmpty ? nil : .any(of: types.map(Filter.type)))
    self.types = types
  }

  mutating func set(_ slot: Slot, _ filter: Filter?) {
    filters[slot] = filter.flatMap { $0.isEmpty ? nil : $0 }
    isOff = false
  }

  mutating func toggle() {
    isOff = !isOff && !isEmpty
  }

  mutating func clear() {
    self = QuickFilters()
  }

  /// Takes the next of `choices` for a slot that is of use: from none through each of them and back to none.
  mutating func cycle(
    _ slot: Slot, through choices: [Filter], where isOfUse: (QuickFilters) -> Bool = { _ in true }
  ) {
    let place = filters[slot].flatMap(choices.firstIndex).map { $0 + 1 } ?? 0
    for choice in choices.dropFirst(place) {
      var next = self
      next.set(slot, choice)
      if isOfUse(next) { return self = next }
    }
    set(slot, nil)
  }

  /// Those that quote no request, which anybody may see.
  var withoutQuotes: QuickFilters {
    var rest = self
    for (slot, filter) in filters where filter.quotesRequests { rest.drop(slot) }
    if rest.isEmpty { rest.isOff = false }
    return rest
  }

  /// Puts back what was left out of `before`; a slot that was used since stays as it is.
  mutating func restore(_ before: QuickFilters) {
    guard self != before.withoutQuotes else { return self = before }
    for (slot, filter) in before.filters where filter.quotesRequests && filters[slot] == nil {
      filters[slot] = filter
      if slot == .expression { typed = before.typed }
      if slot == .types { types = before.types }
    }
  }

  private mutating func drop(_ slot: Slot) {
    filters[slot] = nil
    if slot == .expression { typed = "" }
    if slot == .types { types = [] }
  }

  /// What one key filters by.
  func choice(_ slot: Slot) -> Filter { Filter.all(of: [filters[slot]].compactMap { $0 }) }
}
