import Glibc
package import JSON

/// A moment on the wall clock, in microseconds since 1970 UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
  public let microseconds: Int64

  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Creates a moment given in seconds; beyond what 64 bits of microseconds hold it is clamped.
  public init(seconds: Double) {
    let scaled = (seconds * 1e6).rounded()
    microseconds = Int64(exactly: scaled) ?? (scaled > 0 ? .max : .min)
  }

  /// Returns the wall clock's reading now.
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
    let text = Self.text("0000-00-00T00:00:00.000000Z") { put in
      put(date.year, 4, 0)
      put(date.month, 2, 5)
      put(date.day, 2, 8)
      put(date.hour, 2, 11)
      put(date.minute, 2, 14)
      put(date.second, 2, 17)
      put(date.microsecond, 6, 20)
    }
    return (0...9999).contains(date.year) ? text : "\(date.year.padded(4))\(text.dropFirst(4))"
  }

  /// `2026-07-02T18:09:41.000Z`.
  package var withMilliseconds: String { String(iso8601.dropLast(4)) + "Z" }

  /// `18:02:11`, in the zone `offset` seconds east of UTC.
  public func timeOfDay(offset: Int) -> String {
    clock(calendar(offset: offset))
  }

  private func clock(_ date: Calendar) -> String {
    Self.text("00:00:00") { put in
      put(date.hour, 2, 0)
      put(date.minute, 2, 3)
      put(date.second, 2, 6)
    }
  }

  /// The text with numbers put in: the last digits of each, so many of them from a place on. In one piece, since every
  /// line that is printed and every row of a frame has one.
  private static func text(
    _ form: StaticString, _ fill: ((_ number: Int, _ width: Int, _ place: Int) -> Void) -> Void
  ) -> String {
    String(unsafeUninitializedCapacity: form.utf8CodeUnitCount) { text in
      form.withUTF8Buffer { _ = text.update(fromContentsOf: $0) }
      fill { number, width, place in
        var rest = number.magnitude
        for index in (place..<place + width).reversed() {
          text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
      }
      return form.utf8CodeUnitCount
    }
  }
}

extension Timestamp {
  /// Creates a moment written as unix seconds (`1745518397`, `1745518397.25`) or as ISO 8601 / RFC 3339
  /// (`2026-04-24T18:53:17.867123+00:00`, `2026-04-24T18:53:17Z`); nil for anything else.
  public init?(_ text: String) {
    self.init(text.utf8.span)
  }

  /// Creates the moment that a field of a body names: a text, or a number of seconds or milliseconds.
  package init?(_ value: JSONFieldValue) {
    switch value {
    // No moment is written in more: what was received may be megabytes long.
    case .string(let text) where text.count <= 64, .number(let text) where text.count <= 64:
      guard let moment = text.withBytes({ Self.milliseconds($0.span) ?? Timestamp($0.span) }) else {
        return nil
      }
      self = moment
    case .string, .number, .bool, .other: return nil
    }
  }

  // Each delivery has one, so that nothing is copied.
  init?(_ text: Span<UInt8>) {
    guard let moment = Self.rfc3339(text) ?? Self.unixSeconds(text) else { return nil }
    self = moment
  }

  private static func milliseconds(_ text: Span<UInt8>) -> Timestamp? {
    // Seconds have 13 digits only in thirty thousand years.
    guard text.count == 13, let number = number(text, 0..<13) else { return nil }
    return Timestamp(microseconds: Int64(number) * 1000)
  }

  private static func unixSeconds(_ text: Span<UInt8>) -> Timestamp? {
    let point = digits(text, from: 0)
    guard point <= 12, let seconds = number(text, 0..<point) else { return nil }
    guard point < text.count else { return Timestamp(microseconds: Int64(seconds) * 1_000_000) }
    guard text[point] == UInt8(ascii: "."), let micros = fraction(text, point + 1..<text.count) else {
      return nil
    }
    return Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(micros))
  }

  private static func rfc3339(_ text: Span<UInt8>) -> Timestamp? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let year = number(text, 0..<4), let month = number(text, 5..<7), let day = number(text, 8..<10),
      let hour = number(text, 11..<13), let minute = number(text, 14..<16),
      let second = number(text, 17..<19), hour < 24, minute < 60, second <= 60,
      let days = days(year, month, day)
    else { return nil }
    var end = 19
    var micros = 0
    if text[19] == UInt8(ascii: ".") {
      end = digits(text, from: 20)
      guard let value = fraction(text, 20..<end) else { return nil }
      micros = value
    }
    guard let offset = zone(text, from: end) else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    return Timestamp(microseconds: Int64(seconds - offset) * 1_000_000 + Int64(micros))
  }

  /// The days from 1970 to a date of the Gregorian calendar; nil if there is no such day.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let longest =
      month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    guard (1...12).contains(month), (1...longest).contains(day) else { return nil }
    // Counted from March on, a leap day is the last one of its year; 400 years are added to stay above zero.
    let years = (month > 2 ? year : year - 1) + 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear - 719_468 - 146_097
  }

  /// Seconds east of UTC from `Z`, `+02:00` or `+0200`, which must be all that is left.
  private static func zone(_ text: Span<UInt8>, from start: Int) -> Int? {
    guard start < text.count else { return nil }
    let sign = text[start]
    if start + 1 == text.count { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    let hasColon = start + 3 < text.count && text[start + 3] == UInt8(ascii: ":")
    let end = start + (hasColon ? 6 : 5)
    guard end == text.count, let hours = number(text, start + 1..<start + 3),
      let minutes = number(text, end - 2..<end), hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return sign == UInt8(ascii: "+") ? seconds : -seconds
  }

  /// Where the digits end that begin at `start`.
  private static func digits(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, (0x30...0x39).contains(text[end]) { end += 1 }
    return end
  }

  private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard (1...18).contains(range.count) else { return nil }
    var number = 0
    for place in range {
      guard (0x30...0x39).contains(text[place]) else { return nil }
      number = number * 10 + Int(text[place] - 0x30)
    }
    return number
  }

  /// Microseconds from the digits after a decimal point; more than six are cut.
  private static func fraction(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard digits(text, from: range.lowerBound) == range.upperBound else { return nil }
    let six = range.prefix(6)
    return number(text, six).map { number in (six.count..<6).reduce(number) { scaled, _ in scaled * 10 } }
  }
}
