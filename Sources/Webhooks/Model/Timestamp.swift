import Glibc
internal import JSON

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
    self.init(bytes: Array(text.utf8))
  }

  /// Creates the moment that a field of a body names: a text, or a number of seconds or milliseconds.
  init?(_ value: JSONFieldValue) {
    switch value {
    // No moment is written in more: what was received may be megabytes long.
    case .string(let text) where text.count <= 64, .number(let text) where text.count <= 64:
      var bytes = Array(text.bytes)
      // Seconds have 13 digits only in thirty thousand years.
      if bytes.count == 13, bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
        bytes.insert(UInt8(ascii: "."), at: 10)
      }
      self.init(bytes: bytes)
    case .string, .number, .bool, .other: return nil
    }
  }

  private init?(bytes: [UInt8]) {
    if let moment = Self.unixSeconds(bytes) ?? Self.rfc3339(bytes) {
      self = moment
    } else {
      return nil
    }
  }

  private static func unixSeconds(_ text: [UInt8]) -> Timestamp? {
    let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    guard point <= 12, let seconds = number(text[..<point]) else { return nil }
    guard point < text.count else { return Timestamp(microseconds: Int64(seconds) * 1_000_000) }
    guard let micros = fraction(text[(point + 1)...]) else { return nil }
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
    guard (1...18).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      number = number * 10 + Int(digit - 0x30)
    }
    return number
  }

  /// Microseconds from the digits after a decimal point; more than six are cut.
  private static func fraction(_ digits: ArraySlice<UInt8>) -> Int? {
    let six = Array(digits.prefix(6))
    guard !six.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return number((six + Array(repeating: UInt8(ascii: "0"), count: 6 - six.count))[...])
  }
}
