import Glibc
internal import JSON

/// A moment on the wall clock, in microseconds since 1970 UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
  public let microseconds: Int64

  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// A moment given in seconds; beyond what 64 bits of microseconds hold it is clamped.
  public init(seconds: Double) {
    let scaled = (seconds * 1e6).rounded()
    microseconds = Int64(exactly: scaled) ?? (scaled > 0 ? .max : .min)
  }

  /// The wall clock's reading now.
  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  public var seconds: Double { Double(microseconds) / 1e6 }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Timestamp {
  /// The calendar date and the time of day, `offset` seconds east of UTC.
  public struct Calendar: Sendable, Equatable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let microsecond: Int
  }

  public func calendar(offset: Int = 0) -> Calendar {
    let shifted = microseconds.addingReportingOverflow(Int64(offset) * 1_000_000).partialValue
    var seconds = Int(shifted / 1_000_000)
    var fraction = Int(shifted % 1_000_000)
    if fraction < 0 {
      fraction += 1_000_000
      seconds -= 1
    }
    var fields = tm()
    gmtime_r(&seconds, &fields)
    return Calendar(
      year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday),
      hour: Int(fields.tm_hour), minute: Int(fields.tm_min), second: Int(fields.tm_sec),
      microsecond: fraction)
  }

  /// `2026-11-21T18:02:11.482913Z`.
  public var iso8601: String {
    let date = calendar()
    let day = "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
    return "\(day)T\(clock(date)).\(date.microsecond.padded(6))Z"
  }

  /// `18:02:11`, in the zone `offset` seconds east of UTC.
  public func timeOfDay(offset: Int) -> String {
    clock(calendar(offset: offset))
  }

  /// In one piece: the list shows one in each row of each frame.
  private func clock(_ date: Calendar) -> String {
    String(unsafeUninitializedCapacity: 8) { text in
      for (place, number) in [(0, date.hour), (3, date.minute), (6, date.second)] {
        text[place] = UInt8(ascii: "0") + UInt8(number / 10)
        text[place + 1] = UInt8(ascii: "0") + UInt8(number % 10)
      }
      (text[2], text[5]) = (UInt8(ascii: ":"), UInt8(ascii: ":"))
      return 8
    }
  }
}

extension Timestamp {
  /// A moment written as unix seconds (`1745518397`, `1745518397.25`) or as ISO 8601 / RFC 3339
  /// (`2026-04-24T18:53:17.867123+00:00`, `2026-04-24T18:53:17Z`); nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    if let moment = Self.unixSeconds(bytes) ?? Self.rfc3339(bytes) {
      self = moment
    } else {
      return nil
    }
  }

  private static func unixSeconds(_ text: [UInt8]) -> Timestamp? {
    let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let seconds = number(first), first.count <= 12 else { return nil }
    guard parts.count == 2 else { return Timestamp(microseconds: Int64(seconds) * 1_000_000) }
    guard let micros = fraction(parts[1]) else { return nil }
    return Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(micros))
  }

  private static func rfc3339(_ text: [UInt8]) -> Timestamp? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let year = number(text[0..<4]), let month = number(text[5..<7]), let day = number(text[8..<10]),
      let hour = number(text[11..<13]), let minute = number(text[14..<16]),
      let second = number(text[17..<19]),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var rest = text[19...]
    var micros = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard let value = fraction(digits) else { return nil }
      micros = value
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = zone(rest) else { return nil }
    var fields = tm()
    fields.tm_year = Int32(year - 1900)
    fields.tm_mon = Int32(month - 1)
    fields.tm_mday = Int32(day)
    fields.tm_hour = Int32(hour)
    fields.tm_min = Int32(minute)
    fields.tm_sec = Int32(second)
    let seconds = timegm(&fields)
    // timegm makes 31 April the 1st of May; only a leap second may move a date like that.
    guard fields.tm_mday == Int32(day) || second == 60 else { return nil }
    return Timestamp(microseconds: Int64(seconds - offset) * 1_000_000 + Int64(micros))
  }

  /// Seconds east of UTC from `Z`, `+02:00` or `+0200`.
  private static func zone(_ text: ArraySlice<UInt8>) -> Int? {
    guard let sign = text.first else { return nil }
    if text.count == 1 { return sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    var digits = Array(text.dropFirst())
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 4, let hours = number(digits[0..<2]), let minutes = number(digits[2..<4]),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return sign == UInt8(ascii: "+") ? seconds : -seconds
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Microseconds from the digits after a decimal point; more than six are cut.
  private static func fraction(_ digits: ArraySlice<UInt8>) -> Int? {
    let six = Array(digits.prefix(6))
    guard !six.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return number((six + Array(repeating: UInt8(ascii: "0"), count: 6 - six.count))[...])
  }
}

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
  public static func words(_ seconds: Double) -> String {
    let seconds = abs(seconds)
    guard seconds < 86400 * 100_000 else { return "over 100,000 d" }
    guard seconds >= 60 else { return "\(tenths(seconds)) s" }
    let whole = Int(seconds)
    switch whole {
    case ..<3600: return pair(whole / 60, "m", whole % 60, "s")
    case ..<86400: return pair(whole / 3600, "h", whole % 3600 / 60, "m")
    default: return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
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

  private static func pair(_ first: Int, _ firstUnit: String, _ second: Int, _ secondUnit: String) -> String {
    second == 0 ? "\(first) \(firstUnit)" : "\(first) \(firstUnit) \(second) \(secondUnit)"
  }

  private static func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded(.down))
    return scaled % 10 == 0 ? "\(scaled / 10)" : "\(scaled / 10).\(scaled % 10)"
  }
}
