internal import JSON

/// The time zone that moments are shown in: its offset and its name at each moment, which summer time changes.
public struct Zone: Sendable {
  public struct Reading: Sendable, Equatable {
    /// In seconds east of UTC.
    public var offset: Int
    /// `EST`, or `+03` where the zone has no letters.
    public var name: String

    public init(offset: Int, name: String) {
      self.offset = offset
      self.name = name
    }
  }

  private let read: @Sendable (Timestamp) -> Reading

  public init(_ read: @escaping @Sendable (Timestamp) -> Reading) {
    self.read = read
  }

  public static let utc = Zone { _ in Reading(offset: 0, name: "UTC") }

  /// `EST`: what the zone is called at a moment.
  public func name(at moment: Timestamp) -> String { read(moment).name }

  /// In seconds east of UTC.
  public func offset(at moment: Timestamp) -> Int { read(moment).offset }

  /// `18:02:11`.
  public func time(_ moment: Timestamp) -> String { moment.timeOfDay(offset: read(moment).offset) }

  /// `2026-11-21`.
  public func date(_ moment: Timestamp) -> String {
    let date = calendar(moment)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
  }

  public func isSameDay(_ left: Timestamp, _ right: Timestamp) -> Bool {
    let (left, right) = (calendar(left), calendar(right))
    return (left.year, left.month, left.day) == (right.year, right.month, right.day)
  }

  private func calendar(_ moment: Timestamp) -> Timestamp.Calendar {
    moment.calendar(offset: read(moment).offset)
  }

  /// `18:02:11`, with the date before it where that is not the one of `today`.
  public func text(_ moment: Timestamp, today: Timestamp) -> String {
    isSameDay(moment, today) ? time(moment) : "\(date(moment)) \(time(moment))"
  }

  /// `2026-11-21 18:02:11 EST`.
  public func full(_ moment: Timestamp) -> String { "\(date(moment)) \(time(moment)) \(name(at: moment))" }
}

/// Spans of time in words.
public enum Durations {
  /// `3.2 s`, `5 m 12 s`, `2 h 5 m`, `3 d 4 h`; the sign is left out.
  /// - Parameter isPadded: writes `1 m 02 s`, as what counts down does so that it keeps its width.
  public static func words(_ seconds: Double, isPadded: Bool = false) -> String {
    let seconds = abs(seconds)
    guard seconds < 86400 * 100_000 else { return "over 100,000 d" }
    guard seconds >= 60 else { return "\(tenths(seconds)) s" }
    let whole = Int(seconds)
    switch whole {
    case ..<3600: return pair(whole / 60, "m", whole % 60, "s", isPadded)
    case ..<86400: return pair(whole / 3600, "h", whole % 3600 / 60, "m", isPadded)
    default: return pair(whole / 86400, "d", whole % 86400 / 3600, "h", isPadded)
    }
  }

  /// `12 s`, `4 m`, `3 h`, `2 d`, `1 y`: whole units of the greatest kind; what is below zero counts as zero.
  public static func rough(_ seconds: Double) -> String {
    switch Int(exactly: seconds.rounded(.down)) ?? 0 {
    case ..<0: "0 s"
    case let whole where whole < 60: "\(whole) s"
    case let whole where whole < 3600: "\(whole / 60) m"
    case let whole where whole < 86_400: "\(whole / 3600) h"
    case let whole where whole < 365 * 86_400: "\(whole / 86_400) d"
    case let whole: "\(whole / (365 * 86_400)) y"
    }
  }

  /// `12.1 ms`.
  public static func milliseconds(_ value: Double) -> String {
    "\(ShortDecimal.text(value, decimals: 1) ?? "-") ms"
  }

  /// `3.2 s old`, `12 s in the future`: the age of something in seconds, below zero for what is to come.
  public static func age(_ seconds: Double) -> String {
    seconds < 0 ? "\(words(seconds)) in the future" : "\(words(seconds)) old"
  }

  private static func pair(
    _ first: Int, _ firstUnit: String, _ second: Int, _ secondUnit: String, _ isPadded: Bool
  ) -> String {
    let rest = isPadded ? second.padded(2) : "\(second)"
    return second == 0 ? "\(first) \(firstUnit)" : "\(first) \(firstUnit) \(rest) \(secondUnit)"
  }

  private static func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded(.down))
    return scaled % 10 == 0 ? "\(scaled / 10)" : "\(scaled / 10).\(scaled % 10)"
  }
}
