internal import JSON

/// Reads the value of a filter by time, scalar by scalar, and knows where something is wrong in it.
struct WrittenTimeReader {
  private let text: [Unicode.Scalar]
  private var offset = 0

  init(_ text: String) { self.text = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { offset < text.count ? text[offset] : nil }

  /// The comparison before the time; nil if there is none.
  mutating func comparison() -> FilterThreshold.Comparison? {
    for length in [2, 1] {
      let sign = String(String.UnicodeScalarView(text.prefix(length)))
      guard let comparison = FilterThreshold.Comparison(rawValue: sign) else { continue }
      offset = min(length, text.count)
      return comparison
    }
    return nil
  }

  /// What stands behind the first time: the end of a range, or nothing.
  /// - Parameter isCompared: whether a comparison stands before it, which no range has.
  mutating func end(
    of start: WrittenTime, isCompared: Bool
  ) throws(WrittenTime.Fault) -> WrittenTime? {
    guard next != nil else { return nil }
    let dash = offset
    guard take("-") else { throw fault(.form) }
    guard !isCompared else { throw fault(.comparedRange, at: dash) }
    let place = offset
    var end = try moment()
    guard next == nil else { throw fault(.form) }
    if end.day == nil { end.day = start.day }
    if end.day?.year == nil { end.day?.year = start.day?.year }
    guard end.kind == start.kind else { throw fault(.endSaysMore, at: place) }
    guard end.kind != .ofOneDay || start.first <= end.last else { throw fault(.order, at: place) }
    return end
  }

  /// A date, a time, or both.
  mutating func moment() throws(WrittenTime.Fault) -> WrittenTime {
    var moment = WrittenTime()
    let start = offset
    let (number, digits) = try self.number(atMost: 4)
    guard digits > 2 || next == "-" else {
      try readTime(hour: number, at: start, into: &moment)
      return moment
    }
    moment.day = try day(after: number, digits: digits, at: start)
    guard take("T") || take("t") || take(" ") else { return moment }
    let hour = offset
    try readTime(hour: try self.number(atMost: 2).value, at: hour, into: &moment)
    return moment
  }

  /// The rest of `2026-11-21` or `11-21`, whose first number has been read.
  private mutating func day(
    after number: Int, digits: Int, at start: Int
  ) throws(WrittenTime.Fault) -> WrittenTime.Day {
    guard digits == 4 || digits <= 2, take("-") else { throw fault(.form) }
    var (month, place) = (number, start)
    if digits == 4 {
      place = offset
      month = try self.number(atMost: 2).value
      guard take("-") else { throw fault(.form) }
    }
    guard (1...12).contains(month) else { throw fault(.month, at: place) }
    let year = digits == 4 ? number : nil
    place = offset
    let day = try self.number(atMost: 2).value
    guard (1...Self.days(of: month, in: year)).contains(day) else { throw fault(.day, at: place) }
    return WrittenTime.Day(year: year, month: month, day: day)
  }

  /// The rest of `18:02` or `18:02:11`, whose first number has been read.
  private mutating func readTime(
    hour: Int, at start: Int, into moment: inout WrittenTime
  ) throws(WrittenTime.Fault) {
    guard take(":") else { throw fault(.form) }
    guard hour < 24 else { throw fault(.hour, at: start) }
    moment.hour = hour
    moment.minute = try sixtieth(.minute)
    if take(":") { moment.second = try sixtieth(.second) }
  }

  private mutating func sixtieth(_ problem: FilterError.TimeFault) throws(WrittenTime.Fault) -> Int {
    let start = offset
    let (number, digits) = try number(atMost: 2)
    guard digits == 2, number < 60 else { throw fault(problem, at: start) }
    return number
  }

  private mutating func number(
    atMost limit: Int
  ) throws(WrittenTime.Fault) -> (value: Int, digits: Int) {
    let start = offset
    var value = 0
    while let scalar = next, ("0"..."9").contains(scalar), offset - start < limit {
      value = value * 10 + Int(scalar.value - 0x30)
      offset += 1
    }
    guard offset > start else { throw fault(.form) }
    return (value, offset - start)
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    offset += 1
    return true
  }

  private func fault(
    _ problem: FilterError.TimeFault, at offset: Int? = nil
  ) -> WrittenTime.Fault {
    WrittenTime.Fault(problem: problem, offset: offset ?? self.offset)
  }

  /// How many days a month has; the most that it can have where no year is given.
  private static func days(of month: Int, in year: Int?) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year.map { $0 % 4 == 0 && ($0 % 100 != 0 || $0 % 400 == 0) } ?? true ? 29 : 28
    default: 31
    }
  }
}
