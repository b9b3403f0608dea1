internal import DequeModule
internal import JSON
internal import Screen
internal import Webhooks

extension Model {
  mutating func openFilter() {
    open(.prompt(Prompt(.filter, text: filters[.expression] ?? "", history: filterHistory)))
  }

  /// Takes a typed expression; a wrong one keeps the old filter and stays open with the reason.
  mutating func acceptFilter(_ prompt: Prompt) {
    let text = prompt.editor.text.trimmed
    do throws(FilterError) {
      // Read as it stands, since the column of a fault is counted there.
      if !text.isEmpty { _ = try Filter(prompt.editor.text) }
      filters[.expression] = text
      remember(text, in: &filterHistory)
      overlays.removeLast()
      applyFilters()
    } catch {
      var failed = prompt
      failed.error = error
      replaceTop(.prompt(failed))
    }
  }

  /// Makes the list show what the filters leave.
  mutating func applyFilters() {
    let expression = filters.expression
    do throws(FilterError) {
      list.apply(expression.isEmpty ? nil : try Filter(expression))
      if list.rowCount == 0, !list.kept.isEmpty {
        notice = Notice("No delivery passes the filter: Esc clears it, \\ takes it off", .warning)
      }
    } catch {
      // Every part was parsed by itself before, so only their number can be too much.
      notice = Notice("The filters can't be combined: \(error.description)", .warning)
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

  mutating func cycle(_ slot: QuickFilters.Slot, through choices: [String]) {
    filters.cycle(slot, through: choices)
    applyFilters()
  }

  mutating func cycleProvider() {
    cycle(.provider, through: Provider.all.map { "provider:\($0.name)" })
  }

  mutating func toggleFilters() {
    filters.toggle()
    applyFilters()
  }

  mutating func openTypePicker() {
    var counts: [ByteString: Int] = [:]
    for delivery in list.kept {
      if let event = delivery.envelope.event { counts[ByteString(event), default: 0] += 1 }
    }
    open(.types(TypePicker(counts: counts, picked: Set(filters.types))))
  }

  mutating func togglePickedType() {
    guard case .types(var picker)? = overlays.last else { return }
    picker.toggle()
    replaceTop(.types(picker))
  }

  mutating func acceptTypes() {
    guard case .types(let picker)? = overlays.popLast() else { return }
    filters.set(types: picker.picked)
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
