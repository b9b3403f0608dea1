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
      let filter = try Filter(prompt.editor.text)
      let text = prompt.editor.text.trimmed
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
      " type:analysis.*  live:true  sig:failed  provider:parlay  id:evt_*  age:>300  size:>10k  dup  ~text  | - ( )",
      .dim)
  }

  /// Makes the list show what the filters leave.
  mutating func applyFilters() {
    list.apply(filters.applied)
    if list.rowCount == 0, !list.kept.isEmpty {
      notice = Notice("No delivery passes the filter: Esc clears it, \\ takes it off", .warning)
    }
  }

  mutating func toggleTypeFilter() {
    guard let event = list.selection?.envelope.event else {
      notice = Notice("This delivery names no event type", .warning)
      return
    }
    let type = ByteString(event)
    filters.set(types: filters.types == [type] ? [] : [type])
    applyFilters()
  }

  mutating func cycle(_ slot: QuickFilters.Slot, through choices: [Filter]) {
    filters.cycle(slot, through: choices)
    applyFilters()
  }

  mutating func cycleProvider() {
    cycle(.provider, through: Provider.all.map(Filter.provider))
  }

  mutating func toggleFilters() {
    filters.toggle()
    applyFilters()
  }

  func remember(_ text: String, in history: inout [String]) {
    guard !text.isEmpty, history.last != text else { return }
    history.append(text)
    if history.count > 100 { history.removeFirst() }
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
