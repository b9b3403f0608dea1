internal import JSON
internal import Webhooks

/// A text that may stand for `t` in what was signed, and how it comes from what was sent.
struct SignedTime: Sendable, Equatable {
  enum Origin: Sendable, Equatable {
    /// As it stands in the header.
    case asSent
    /// What stands in the header, as a plain number.
    case number
    case milliseconds, secondsOfMilliseconds, secondsOfMicroseconds, secondsOfDate
    /// From another header, whose name is printable.
    case header(String)
    /// Stands nowhere: a second near the arrival, so many before it.
    case guessed(secondsBefore: Int)
    /// So many seconds later than the text in the header says.
    case shifted(seconds: Int)
  }

  let text: [UInt8]
  let origin: Origin

  /// More than these of one header would be a way to keep the search busy.
  static let limit = 32

  /// The readings of one `t`, the text as it stands first.
  static func all(of value: ArraySlice<UInt8>) -> [SignedTime] {
    var times = [SignedTime(text: Array(value), origin: .asSent)]
    guard value.count <= 64 else { return times }
    let text = String(decoding: value.trimmingSpaces.trimmingQuotes, as: UTF8.self)
    func add(_ text: String, _ origin: Origin) {
      let bytes = Array(text.utf8)
      if !times.contains(where: { $0.text == bytes }) {
        times.append(SignedTime(text: bytes, origin: origin))
      }
    }
    add(text, .number)
    if let integer = PythonInteger(text) { add(integer.printed, .number) }
    addNumber(ScriptNumber.parsed(text), add)
    if let date = Timestamp(text), !text.allSatisfy(\.isNumber) {
      add(String(Int64(date.seconds.rounded(.down))), .secondsOfDate)
      add(String(Int64((date.seconds * 1000).rounded(.down))), .secondsOfDate)
    }
    return times
  }

  /// The seconds within five minutes of `arrival`, the nearest first: one of them may have been signed.
  static func around(_ arrival: Timestamp) -> [SignedTime] {
    let second = Int64(arrival.seconds.rounded(.down))
    let distances = (0...300).flatMap { $0 == 0 ? [0] : [$0, -$0] }
    return distances.map { before in
      SignedTime(text: Array(String(second - Int64(before)).utf8), origin: .guessed(secondsBefore: before))
    }
  }

  /// The times that a wrong time zone makes of this one, and its neighbours; none where it is no plain number.
  func shifted(unitsPerSecond scale: Int) -> [SignedTime] {
    guard text.count <= 14, let time = Int(String(decoding: text, as: UTF8.self)) else { return [] }
    return Self.shifts.map { shift in
      SignedTime(text: Array(String(time + shift * scale).utf8), origin: .shifted(seconds: shift))
    } + [SignedTime(text: text + Array("000".utf8), origin: .milliseconds)]
  }

  /// Seconds: one either way, then whole and half hours from -12 h to +14 h.
  private static let shifts: [Int] = {
    let halves = Array(-24...28).filter { $0 != 0 }
    let whole = halves.filter { $0 % 2 == 0 }
    let rest = halves.filter { $0 % 2 != 0 }
    return [1, -1] + (whole + rest).map { $0 * 1800 }
  }()

  private static func addNumber(_ value: Double, _ add: (String, Origin) -> Void) {
    guard value.isFinite, abs(value) < 1e18 else { return }
    add(ScriptNumber.printed(value), .number)
    let whole = Int64(value.rounded(.towardZero))
    add(String(whole), .number)
    if 1e11..<1e14 ~= value { add(String(whole / 1000), .secondsOfMilliseconds) }
    if 1e14..<1e17 ~= value { add(String(whole / 1_000_000), .secondsOfMicroseconds) }
  }

  /// `t` as a plain number, where it is odd but can be understood.
  var number: Double? {
    let value = ScriptNumber.parsed(String(decoding: text, as: UTF8.self))
    return value.isFinite ? value : nil
  }
}
