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
    /// From another header, or from a member of the body, though the header has a `t`; the name is printable.
    case elsewhere(String)
    /// The same moment as `t`, as a date or a fraction.
    case otherWords(String)
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

  /// The times that a wrong time zone makes of this one, and its neighbours; empty if it is not a plain number.
  func shifted(unitsPerSecond scale: Int) -> [SignedTime] {
    guard text.count <= 14, let time = Int(String(decoding: text, as: UTF8.self)) else { return [] }
    return Self.shifts.map { shift in
      SignedTime(text: Array(String(time + shift * scale).utf8), origin: .shifted(seconds: shift))
    } + [SignedTime(text: text + Array("000".utf8), origin: .milliseconds)]
  }

  /// The moment as a date, as a fraction, and in the milliseconds that its second has.
  func inOtherWords() -> [SignedTime] {
    guard text.count <= 11, let time = Int(String(decoding: text, as: UTF8.self)), time > 0 else { return [] }
    let date = Timestamp(seconds: Double(time)).iso8601
    let second = String(date.prefix(19))
    let dates = [second + "Z", second + ".000Z", second + "+00:00", second + ".000000Z", second, date]
    return dates.map { SignedTime(text: Array($0.utf8), origin: .otherWords("a date")) }
      + ["\(time).0", "\(time).000", "\(time).00"].map {
        SignedTime(text: Array($0.utf8), origin: .otherWords("a decimal fraction"))
      }
  }

  /// Each millisecond of the second that `t` is.
  func milliseconds() -> [SignedTime] {
    guard text.count == 10, text.allSatisfy(\.isASCIIDigit) else { return [] }
    return (1...999).map { part in
      var time = text
      for digit in [part / 100, part / 10 % 10, part % 10] { time.append(0x30 + UInt8(digit)) }
      return SignedTime(text: time, origin: .milliseconds)
    }
  }

  /// The readings of a time that is in another place than the header.
  static func all(of value: ArraySlice<UInt8>, from name: String) -> [SignedTime] {
    let readings = all(of: value)
    guard readings.contains(where: { $0.number.map { $0 > 1e9 } ?? false }) else { return [] }
    let texts =
      readings.map(\.text)
      + readings.compactMap { reading in
        reading.number.flatMap { 1e9..<1e10 ~= $0 ? Array(String(Int64($0) * 1000).utf8) : nil }
      }
    return texts.map { SignedTime(text: $0, origin: .elsewhere(name)) }
  }

  /// The times that a body holds as numbers and as dates, those of its first members.
  static func inBody(_ body: [UInt8]) -> [SignedTime] {
    guard body.count <= 1 << 20, let outline = JSONOutline(body, limit: 1 << 12) else { return [] }
    var times: [SignedTime] = []
    for (index, token) in outline.tokens.enumerated() where times.count < limit {
      guard token.kind == .number || token.kind == .string, token.end - token.start <= 42, index > 0 else {
        continue
      }
      let text = outline.text(at: index)
      guard text.count >= 10, text.first?.isASCIIDigit == true else { continue }
      times += all(of: text[...], from: BodyWrapping.name(of: index, in: outline))
    }
    return times
  }

  /// Seconds: one either way, then whole and half hours from -12 h to +14 h.
  private static let shifts: [Int] = {
    let halves = Array(-24...28).filter { $0 != 0 }
    let whole = halves.filter { $0 % 2 == 0 }
    let rest = halves.filter { $0 % 2 != 0 }
    // Nepal, Eucla and Chatham are off by quarters.
    let quarters = [23, 35, 51, 55].flatMap { [$0 * 900, -$0 * 900] }
    return [1, -1] + (whole + rest).map { $0 * 1800 } + quarters + (2...10).flatMap { [$0, -$0] }
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

/// How a `t` is written that is not whole unix seconds.
enum TimestampOddity: Sendable, Equatable {
  case milliseconds, microseconds, date, otherSpelling, unreadable

  /// The unit that a number of this size is in; nil for seconds.
  init?(scale t: Double) {
    switch t {
    case 1e11..<1e14: self = .milliseconds
    case 1e14..<1e17: self = .microseconds
    default: return nil
    }
  }

  func words(under scheme: SignatureScheme?) -> String {
    let (t, unit) = (scheme.timeWords, scheme?.timeUnit.words ?? "a unix time")
    return switch self {
    case .milliseconds:
      "\(t) is in milliseconds: it was signed so, and lies far in the future when read as seconds"
    case .microseconds:
      "\(t) is in microseconds: it was signed so, and lies far in the future when read as seconds"
    case .date: "\(t) is a date, not \(unit); the date as sent is what was signed"
    case .otherSpelling: "\(t) is not written as plain \(unit); the text as sent is what was signed"
    case .unreadable: "\(t) is not plain \(unit)"
    }
  }
}

extension SignedTime.Origin {
  /// What was signed in place of the text that was sent; nil if that was signed.
  func words(under scheme: SignatureScheme?) -> String? {
    let (t, missing) = (scheme.timeWords, Verdict.Reason.noT.summary(under: scheme))
    return switch self {
    case .asSent: nil
    case .number: "the number that \(t) stands for was signed, not the text that was sent"
    case .secondsOfMilliseconds: "\(t) is in milliseconds, but its whole seconds were signed"
    case .secondsOfMicroseconds: "\(t) is in microseconds, but its whole seconds were signed"
    case .secondsOfDate: "\(t) is a date, but its unix time was signed"
    case .header(let name): "\(missing); the signed time is in \(name)"
    case .elsewhere(let name): "The signed time is that of \(name), not \(t)"
    case .otherWords(let form): "\(t) was signed as \(form), not as it was sent"
    case .milliseconds: "\(t) is in seconds, but its milliseconds were signed"
    case .shifted(let seconds):
      "The signed time is \(Durations.words(Double(abs(seconds)))) "
        + (seconds > 0 ? "later" : "earlier") + " than \(t)"
    case .guessed(0): "\(missing); the second of the arrival was signed"
    case .guessed(let before):
      "\(missing); what was signed is the second \(Durations.words(Double(abs(before)))) "
        + (before > 0 ? "before the arrival" : "after the arrival")
    }
  }
}
