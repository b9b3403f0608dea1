public import Screen
public import Webhooks

/// How a verdict looks: a sign, a word and a role, so that meaning never rests on colour alone.
public struct VerdictSign {
  public let sign: Character
  /// The short word of the list: `ok`, `bad`, `old`.
  let word: String
  let role: Role

  public init(_ verdict: Verdict, _ glyphs: Glyphs) {
    switch verdict.status {
    case .valid: (sign, word, role) = (glyphs.valid, "ok", .success)
    case .missing: (sign, word, role) = (glyphs.failed, "none", .failure)
    case .malformed: (sign, word, role) = (glyphs.failed, "form", .failure)
    case .mismatch: (sign, word, role) = (glyphs.failed, "bad", .failure)
    case .stale: (sign, word, role) = (glyphs.stale, verdict.reason == .inFuture ? "early" : "old", .warning)
    case .unchecked: (sign, word, role) = (glyphs.unchecked, "unchk", .neutral)
    }
  }

  /// `✗ bad`.
  var text: String { "\(sign) \(word)" }
}
