/// The words and numbers that views share: durations, sizes, counts.
enum Wording {
  /// `3.2 s`, `5 m 12 s`, `2 h 5 m`, `3 d 4 h`; never negative.
  static func duration(_ seconds: Double) -> String {
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

  private static func pair(_ first: Int, _ firstUnit: String, _ second: Int, _ secondUnit: String) -> String {
    let head = "\(grouped(first)) \(firstUnit)"
    return second == 0 ? head : "\(head) \(second) \(secondUnit)"
  }

  private static func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded(.down))
    return scaled % 10 == 0 ? "\(scaled / 10)" : "\(scaled / 10).\(scaled % 10)"
  }

  /// `3.2 s old`, `12 s in the future`.
  static func age(_ seconds: Double) -> String {
    seconds < 0 ? "\(duration(seconds)) in the future" : "\(duration(seconds)) old"
  }

  /// `412`, `18.2K`, `1.0M`: bytes in the list.
  static func size(_ bytes: Int) -> String {
    guard bytes >= 1000 else { return "\(bytes)" }
    var value = Double(bytes)
    for unit in ["K", "M", "G"] {
      value /= 1024
      if value < 999.95 || unit == "G" {
        let scaled = Int((value * 10).rounded())
        return "\(scaled / 10).\(scaled % 10)\(unit)"
      }
    }
    return "\(bytes)"
  }

  /// `1,204`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, out.last != "-" { out.append(",") }
      out.append(digit)
    }
    return out
  }

  /// `1 v1`, `2 v1`: a count with its noun, which takes an s.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
