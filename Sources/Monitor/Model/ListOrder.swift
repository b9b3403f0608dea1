internal import JSON
internal import Screen
internal import Webhooks

/// What the list is ordered by. What is newest, largest or slowest comes first, unless the order is reversed.
struct ListOrder: Sendable, Equatable {
  enum Field: Sendable, Equatable, CaseIterable {
    /// When hooktop received it.
    case arrival
    /// When the provider says that the event came about, or else that it signed the delivery.
    case providerTime
    /// The bytes of the body.
    case size
    /// How long the app took, or else how long the sender waited for its answer.
    case answerTime
    /// When what the event tells of began.
    case startedAt
  }

  var field = Field.arrival
  var isReversed = false

  var isByArrival: Bool { field == .arrival }

  /// The same from the other end.
  var turned: ListOrder { ListOrder(field: field, isReversed: !isReversed) }

  /// Whether what happens to a delivery can move it.
  var followsOutcomes: Bool { field == .answerTime }

  /// Where a delivery goes. One without a value comes last, reversed or not: it says nothing about the others.
  /// - Parameter outcomes: what happened to it.
  func place(of delivery: Delivery, _ outcomes: @autoclosure () -> [Outcome]) -> ListRows.Place {
    ListRows.Place(key: field.value(of: delivery, outcomes()) ?? missing, sequence: delivery.sequence)
  }

  /// What stands in place of a value where there is none.
  var missing: Int64 { isReversed ? .max : .min }
}

extension ListOrder.Field {
  /// What a delivery is ordered by: a moment or a span in microseconds, or a number of bytes; nil where that is not
  /// known. The same for all where the order of arrival decides.
  func value(of delivery: Delivery, _ outcomes: @autoclosure () -> [Outcome]) -> Int64? {
    switch self {
    case .arrival: 0
    case .providerTime: delivery.providerTime?.microseconds
    case .size: Int64(delivery.bodySize)
    case .answerTime: outcomes().answerMilliseconds(of: delivery).map(Self.microseconds)
    case .startedAt: delivery.envelope.startedAt?.microseconds
    }
  }

  /// A recorded session may say that an answer took any time.
  private static func microseconds(_ milliseconds: Double) -> Int64 {
    Int64(max(-1e15, min((milliseconds * 1000).rounded(), 1e15)))
  }
}

extension Delivery {
  /// When the provider says that the event came about, or that it signed this delivery where the body gives no time.
  fileprivate var providerTime: Timestamp? {
    envelope.createdAt ?? verdict.timestamp.map { Timestamp(seconds: Double($0)) }
  }
}

extension [Outcome] {
  /// How long the app took the last time, or how long the sender waited where no app was asked; nil before the answer.
  fileprivate func answerMilliseconds(of delivery: Delivery) -> Double? {
    lastExchange?.milliseconds.total
      ?? answer(to: delivery).flatMap { $0.status == nil ? nil : $0.milliseconds }
  }
}

// MARK: In words

extension ListOrder {
  /// `by size ↓`: the arrow points down where the values fall from row to row.
  func title(_ setting: Setting) -> String {
    let (up, down) = setting.charset == .utf8 ? ("\u{2191}", "\u{2193}") : ("^", "v")
    return "by \(field.name(setting.providers)) \(isReversed ? up : down)"
  }

  /// What the first row is, to be followed by a noun or by "first".
  var first: String {
    switch field {
    case .arrival, .providerTime, .startedAt: isReversed ? "oldest" : "newest"
    case .size: isReversed ? "smallest" : "largest"
    case .answerTime: isReversed ? "fastest" : "slowest"
    }
  }
}

extension ListOrder.Field {
  /// Those that deliveries of such senders can be ordered by.
  static func all(of providers: Providers) -> [ListOrder.Field] {
    allCases.filter { $0 != .startedAt || !providers.starting.isEmpty }
  }

  /// What it is called: a place in the body by its path.
  func name(_ providers: Providers) -> String {
    switch self {
    case .arrival: "arrival"
    case .providerTime: "provider time"
    case .size: "size"
    case .answerTime: "answer time"
    case .startedAt:
      providers.startPaths.count == 1 ? providers.startPaths.joined() : "start"
    }
  }

  /// What it means, beside its name.
  func meaning(_ providers: Providers) -> String {
    switch self {
    case .arrival: "when hooktop received it"
    case .providerTime: "when the event came about, or was signed"
    case .size: "bytes of the body"
    case .answerTime: "how long the app took, or hooktop's answer"
    case .startedAt: "\(providers.starting.map(\.title).inSentence) may deliver in another order"
    }
  }
}

extension Providers {
  /// The senders whose bodies say when what they tell of began.
  fileprivate var starting: [Provider] { all.filter { $0.startedAtPath != nil } }

  /// Where they say so.
  fileprivate var startPaths: Set<String> {
    Set(starting.compactMap { $0.startedAtPath?.joined(separator: ".") })
  }
}
