internal import JSON

/// A question about the moment of arrival, such as `>18:02`, `18:02-18:05` or `2026-11-21`, in one time zone.
///
/// A time without a date is one of any day, and a date without a year one of any year, so that what the list shows can
/// be typed as it stands there.
struct FilterTime: Sendable {
  private let comparison: FilterThreshold.Comparison
  private let start: WrittenTime
  /// The end of a range; nil if there is none.
  private let end: WrittenTime?
  private let zone: Zone
  /// The first and the last second that are taken, counted as `WrittenTime.Kind` does.
  private let first: Int
  private let last: Int

  /// Reads a comparison, `=` where none stands, and a time; or a range of two.
  /// - Throws: `WrittenTime.Fault`, with its place in the text.
  init(_ text: String, in zone: Zone) throws(WrittenTime.Fault) {
    self.zone = zone
    var reader = WrittenTimeReader(text)
    let sign = reader.comparison()
    comparison = sign ?? .equal
    start = try reader.moment()
    end = try reader.end(of: start, isCompared: sign != nil)
    (first, last) = Self.bounds(comparison, start, end)
  }

  /// What is wrong with `text`; nil if nothing is.
  static func fault(in text: String) -> WrittenTime.Fault? {
    do throws(WrittenTime.Fault) {
      _ = try FilterTime(text, in: .utc)
      return nil
    } catch {
      return error
    }
  }

  private static func bounds(
    _ comparison: FilterThreshold.Comparison, _ start: WrittenTime, _ end: WrittenTime?
  ) -> (first: Int, last: Int) {
    if let end { return (start.first, end.last) }
    return switch comparison {
    case .less: (.min, start.first - 1)
    case .atMost: (.min, start.last)
    case .equal: (start.first, start.last)
    case .atLeast: (start.first, .max)
    // 18:02:30 is later than 18:02, but no time of a day is later than that day.
    case .greater: ((start.isMinute ? start.first : start.last) + 1, .max)
    }
  }

  func admits(_ moment: Timestamp) -> Bool {
    let second = start.kind.second(of: moment.calendar(offset: zone.offset(at: moment)))
    // From 23:50 to 0:10 is over midnight.
    return first <= last
      ? first <= second && second <= last : second >= first || second <= last
  }
}

extension FilterTime: Equatable {
  // All filters of one screen are read in the same zone.
  static func == (left: FilterTime, right: FilterTime) -> Bool {
    left.comparison == right.comparison && left.start == right.start && left.end == right.end
  }
}

extension FilterTime: CustomStringConvertible {
  var description: String {
    end.map { "\(start)-\($0)" } ?? (comparison == .equal ? "" : comparison.rawValue) + start.description
  }
}

/// A time as a user writes it: `18:02`, `18:02:11`, `2026-11-21`, `11-21`, or a date and a time with a T or a blank
/// between them.
struct WrittenTime: Sendable, Equatable {
  /// What a time says of its day, and so with what it can be compared.
  enum Kind: Sendable {
    case ofAnyDay, ofAnyYear, ofOneDay

    /// Counts the seconds so that a later one has a higher number; there are gaps between days.
    func second(of date: Timestamp.Calendar) -> Int {
      let time = date.hour * 3600 + date.minute * 60 + date.second
      return switch self {
      case .ofAnyDay: time
      case .ofAnyYear: (date.month * 32 + date.day) * 100_000 + time
      case .ofOneDay: ((date.year * 16 + date.month) * 32 + date.day) * 100_000 + time
      }
    }
  }

  struct Day: Sendable, Equatable {
    var year: Int?
    var month: Int
    var day: Int
  }

  /// Why a text is no time, and how many scalars before the place stand where it is wrong.
  struct Fault: Error, Equatable {
    let problem: FilterError.TimeFault
    let offset: Int
  }

  var day: Day?
  var hour: Int?
  var minute = 0
  /// nil if a whole minute is meant.
  var second: Int?

  /// Whether it is a minute, and not a second or a day.
  var isMinute: Bool { hour != nil && second == nil }

  var kind: Kind { day.map { $0.year == nil ? .ofAnyYear : .ofOneDay } ?? .ofAnyDay }

  /// The first second that it may mean.
  var first: Int { number(hour ?? 0, minute, second ?? 0) }
  /// The last one.
  var last: Int { hour == nil ? number(23, 59, 59) : number(hour ?? 0, minute, second ?? 59) }

  private func number(_ hour: Int, _ minute: Int, _ second: Int) -> Int {
    kind.second(
      of: Timestamp.Calendar(
        year: day?.year ?? 0, month: day?.month ?? 0, day: day?.day ?? 0, hour: hour, minute: minute,
        second: second, microsecond: 0))
  }
}

extension WrittenTime: CustomStringConvertible {
  var description: String {
    let date = day.map {
      ($0.year.map { "\($0.padded(4))-" } ?? "") + "\($0.month.padded(2))-\($0.day.padded(2))"
    }
    let time = hour.map { "\($0.padded(2)):\(minute.padded(2))" + (second.map { ":\($0.padded(2))" } ?? "") }
    return [date, time].compactMap(\.self).joined(separator: "T")
  }
}
