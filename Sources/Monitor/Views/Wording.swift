public import Screen
public import Webhooks

/// The words and numbers that views share: sizes, counts.
enum Wording {
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

  /// `412 B`, `1.8 KiB`, `1.0 MiB`: bytes in a sentence.
  static func bytes(_ count: Int) -> String {
    count < 1000 ? "\(count) B" : size(count).dropLast() + " \(size(count).suffix(1))iB"
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

  /// `1 incident`, `2 incidents`: a count with its noun; `plural` where that is more than an s.
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }
}

/// How a verdict looks: a sign, a word and a role, so that meaning never rests on colour alone.
public struct VerdictSign {
  public let sign: Character
  /// The word of the list, which the filter takes too: `ok`, `mismatch`, `future`.
  let word: String
  let role: Role

  public init(_ verdict: Verdict, _ glyphs: Glyphs) {
    switch verdict.status {
    case .valid: (sign, word, role) = (glyphs.valid, "ok", .success)
    case .missing, .malformed, .mismatch:
      (sign, word, role) = (glyphs.failed, verdict.status.rawValue, .failure)
    case .stale where verdict.reason == .inFuture: (sign, word, role) = (glyphs.stale, "future", .warning)
    case .stale: (sign, word, role) = (glyphs.stale, verdict.status.rawValue, .warning)
    case .unchecked: (sign, word, role) = (glyphs.unchecked, verdict.status.rawValue, .neutral)
    }
  }

  /// `✗ mismatch`.
  var text: String { "\(sign) \(word)" }
}
