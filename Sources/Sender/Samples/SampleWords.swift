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
