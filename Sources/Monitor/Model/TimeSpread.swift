internal import Webhooks

/// How many times of each length there are, to within an eighth.
struct TimeSpread: Sendable {
  /// Eight steps to each doubling, from a microsecond on.
  private var counts = [Int](repeating: 0, count: 8 * 40)
  private var total = 0

  mutating func add(_ milliseconds: Double, _ step: Int) {
    counts[Self.place(of: milliseconds)] += step
    total += step
  }

  /// The time that a share of them does not exceed, in milliseconds; nil if there are none.
  func time(of share: Double) -> Double? {
    let wanted = max(1, Int((Double(total) * share).rounded(.up)))
    var sum = 0
    for place in counts.indices where counts[place] > 0 {
      sum += counts[place]
      if sum >= wanted { return Self.time(at: place) }
    }
    return nil
  }

  private static func place(of milliseconds: Double) -> Int {
    let microseconds = max(1, milliseconds.isFinite ? milliseconds * 1000 : 1)
    return min(8 * 40 - 1, Int(microseconds.exponent) * 8 + Int((microseconds.significand - 1) * 8))
  }

  /// The end of a step.
  private static func time(at place: Int) -> Double {
    Double(sign: .plus, exponent: place / 8, significand: 1 + Double(place % 8 + 1) / 8) / 1000
  }
}

/// How many deliveries arrived in each of the last minutes.
struct MinuteCounts: Sendable {
  /// How many minutes are remembered.
  static let span = 60

  private var counts = [Int](repeating: 0, count: span)
  /// The newest minute with a delivery, counted from 1970.
  private(set) var newest: Int64 = 0

  mutating func add(_ deliveries: [Delivery]) {
    for delivery in deliveries { add(1, at: delivery.receivedAt) }
  }

  mutating func add(_ count: Int, at moment: Timestamp) {
    guard count > 0 else { return }
    let minute = Self.minute(of: moment)
    if minute > newest {
      for passed in max(newest + 1, minute - Int64(Self.span) + 1)...minute {
        counts[Self.place(of: passed)] = 0
      }
      newest = minute
    }
    // A clock that is set back, or a session whose times go back, may lead out of what is remembered.
    if minute > newest - Int64(Self.span) { counts[Self.place(of: minute)] += count }
  }

  /// The counts of the minutes up to the one of a moment, the newest last.
  func counts(until moment: Timestamp) -> [Int] {
    let last = Self.minute(of: moment)
    return (0..<Self.span).map { index in
      let minute = last - Int64(Self.span - 1 - index)
      let isKnown = minute <= newest && minute > newest - Int64(Self.span)
      return isKnown ? counts[Self.place(of: minute)] : 0
    }
  }

  /// Those up to the newest.
  var latest: [Int] { counts(until: Timestamp(microseconds: newest * 60_000_000)) }

  // Whole minutes before 1970 as well.
  private static func minute(of moment: Timestamp) -> Int64 {
    let (minute, rest) = moment.microseconds.quotientAndRemainder(dividingBy: 60_000_000)
    return rest < 0 ? minute - 1 : minute
  }

  private static func place(of minute: Int64) -> Int {
    let rest = Int(minute % Int64(span))
    return rest < 0 ? rest + span : rest
  }
}
