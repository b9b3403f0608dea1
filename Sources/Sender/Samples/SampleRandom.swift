internal import JSON

extension RandomNumberGenerator {
  /// Returns a random (version 4) UUID in lower case.
  public mutating func uuid() -> String {
    let high = next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = Array(Hex.text(high, width: 16) + Hex.text(low, width: 16))
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { String(digits[$0..<$1]) }.joined(separator: "-")
  }

  /// `count` random letters and digits, as providers write their ids.
  public mutating func token(_ count: Int) -> String {
    let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in pick(alphabet, otherwise: "0") })
  }

  /// Any of `choices`, or `otherwise` where there are none.
  mutating func pick<Choice>(_ choices: [Choice], otherwise: Choice) -> Choice {
    choices.randomElement(using: &self) ?? otherwise
  }

  /// Any of `words`.
  mutating func word(_ words: [String]) -> String { pick(words, otherwise: "") }

  /// A whole number in `range`, as a JSON value.
  mutating func number(_ range: ClosedRange<Int>) -> SampleJSON {
    .number(String(Int.random(in: range, using: &self)))
  }

  /// True once in `times` on the average.
  package mutating func oneIn(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}

/// A small seeded generator of random numbers: the same seed gives the same samples on every machine.
///
/// The mixing is Steele, Lea and Flood's SplitMix64. It is predictable, so nothing secret may come from it.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// The names and sentences that samples are filled with.
enum SampleWords {
  static let organisations = ["demo-acme", "northwind", "café-lumière", "globex-eu", "tanuki-labs"]
  static let reps = [
    "alex-smith", "priya-nair", "jonas-berg", "mei-tanaka", "chloe-dubois", "samuel-okafor",
  ]
  static let people = [
    "Alex Smith", "Priya Nair", "Jonas Berg", "田中 陽子", "Chloé Dubois", "Samuel Okafor", "Zoë Müller",
  ]

  static let analysisErrors = [
    "transcript is empty", "audio could not be decoded", "model timed out after 120 s",
    "fewer than two speakers found", "language \"tlh\" is not supported",
  ]
  static let personas = ["Challenger", "Relationship builder", "Problem solver", "Hard worker", "Lone wolf"]
  static let methodologies = ["MEDDIC", "SPIN", "Sandler", "Command of the Message", "BANT"]
  static let traits = [
    "asks open questions", "recaps next steps", "names the price early", "listens well",
    "brings proof", "keeps time",
  ]
  static let growthAreas = [
    "talks over silence", "skips the budget", "late follow-up", "too many slides", "no decision maker",
  ]
  static let summaries = [
    "Confident opener who earns time; objections on price are met with data, seldom with a story.",
    "Strong discovery, weak close: five of eight calls ended without a dated next step.",
    "Calm under pressure. Best results with technical buyers — naïve about procurement.",
  ]

  /// Each with ü, a dash, an emoji, `<>&/` and U+2028, which some printers of JSON escape and others don't.
  static let remarks = [
    "Müller & Söhne — price < budget > plan, see R&D/Ops 🚀\u{2028}next call on Tuesday",
    "Q3/Q4: churn > 4% & margin < 9% — für Zürich prüfen 📈\u{2028}<b>no discount</b>",
    "Ask for the <security> review — über IT/Legal & procurement 🔐\u{2028}then the >50k offer",
  ]

  static let titles = [
    "Discovery call – Café Lumière", "Q3 renewal with Globex", "Demo for 田中製作所", "Weekly pipeline review",
    "Security questions, part 2", "Pricing & rollout", "Kick-off: Zoë’s team",
  ]
  static let greetings = [
    "Bonjour Chloé, おはようございます 田中さん, good to have you both here 👋",
    "Hi all, 日本語でも大丈夫です, and Chloé can help with the French part 🙂",
    "Welcome back! Chloé is in the café downstairs, 田中さん joins from 大阪 🎧",
  ]
  static let sentences = [
    "Let me share my screen, tell me when you see it.",
    "What does a good first quarter look like for you?",
    "We lose about two days a month copying notes from calls.",
    "The budget is there, the signature is what takes time.",
    "Who else needs to be convinced before we can start?",
    "C’est exactement le problème que nous avons depuis l’été.",
    "はい、来週の火曜日なら大丈夫です。",
    "So if I hear you right, the integration matters more than the price.",
    "Our security team will ask where the recordings are kept.",
    "They stay in the region that you choose, and are deleted after 30 days.",
    "Could you send that as \"one page, no slides\"?",
    "We compared three vendors, and you are not the cheapest.",
    "Fair. You would be live in a week, that is where the money comes back 🚀",
    "Our reps sit in Zürich, São Paulo and 福岡.",
    "I would rather start small: one team, six weeks, clear numbers.",
    "Then let us write down the two numbers now.",
    "Sorry, you were on mute.",
    "The webhook fires within a minute, you verify the signature and store it.",
    "Next step: I send the draft tonight, you comment by Thursday.",
    "Merci beaucoup, à jeudi!",
  ]
}
