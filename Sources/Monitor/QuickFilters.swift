internal import JSON
internal import Webhooks

/// The filters set by keys and the one that was typed: each a term of the same language, all of them "and".
public struct QuickFilters: Sendable, Equatable {
  /// Which key or prompt a term came from; a new term takes the place of the old one.
  enum Slot: Int, CaseIterable, Sendable {
    case expression, types, livemode, signature, provider
  }

  private var terms: [Slot: String] = [:]
  /// The event types that the term of the types was made of.
  private(set) var types: [ByteString] = []
  /// All filters are kept and none is applied.
  private(set) var isOff = false

  subscript(slot: Slot) -> String? {
    get { terms[slot] }
    set {
      terms[slot] = newValue.flatMap { $0.isEmpty ? nil : $0 }
      isOff = false
    }
  }

  var isEmpty: Bool { terms.isEmpty }

  /// The whole filter as one expression; empty where nothing is left out.
  var expression: String { isOff ? "" : combined }

  /// What is shown in the list's title, also while the filters are off.
  var combined: String {
    let used = Slot.allCases.compactMap { terms[$0] }
    // Alone, a term with "|" in it needs no parentheses; beside others it does.
    return used.count == 1 ? used[0] : used.map { $0.contains("|") ? "(\($0))" : $0 }.joined(separator: " ")
  }

  mutating func set(types: [ByteString]) {
    self[.types] = Self.term(types: types)
    self.types = types
  }

  mutating func toggle() {
    isOff = !isOff && !isEmpty
  }

  mutating func clear() {
    terms = [:]
    types = []
    isOff = false
  }

  /// Takes the next of `choices` for a slot: from none through each of them and back to none.
  mutating func cycle(_ slot: Slot, through choices: [String]) {
    guard let current = terms[slot], let index = choices.firstIndex(of: current) else {
      self[slot] = choices.first
      return
    }
    self[slot] = index + 1 < choices.count ? choices[index + 1] : nil
  }

  /// A term that takes the event types in `types`.
  static func term(types: [ByteString]) -> String {
    types.map { "type:\(Filter.quoted($0.text))" }.joined(separator: "|")
  }
}
