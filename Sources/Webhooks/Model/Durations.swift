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
