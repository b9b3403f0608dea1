internal import JSON
internal import Webhooks

/// The filters set by keys and the one that was typed, all of them "and".
public struct QuickFilters: Sendable, Equatable {
  /// Which key or prompt a filter came from; a new one takes the place of the old one.
  enum Slot: Int, CaseIterable, Sendable {
    case expression, types, livemode, signature, provider
  }

  private var filters: [Slot: Filter] = [:]
  /// The expression as it was typed.
  private(set) var typed = ""
  /// The event types that the filter of the types was made of.
  private(set) var types: [ByteString] = []
  /// All filters are kept and none is applied.
  private(set) var isOff = false

  var isEmpty: Bool { filters.isEmpty }

  /// What the list shows; nil where nothing is left out.
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
  mutating func set(types: [ByteString]) {
    set(.types, types.isEmpty ? nil : .any(of: types.map(Filter.type)))
    self.types = types
  }

  private mutating func set(_ slot: Slot, _ filter: Filter?) {
    filters[slot] = filter.flatMap { $0.isEmpty ? nil : $0 }
    isOff = false
  }

  mutating func toggle() {
    isOff = !isOff && !isEmpty
  }

  mutating func clear() {
    self = QuickFilters()
  }

  /// Takes the next of `choices` for a slot: from none through each of them and back to none.
  mutating func cycle(_ slot: Slot, through choices: [Filter]) {
    let place = filters[slot].flatMap(choices.firstIndex).map { $0 + 1 } ?? 0
    set(slot, place < choices.count ? choices[place] : nil)
  }
}
