internal import Diagnosis
public import Webhooks

/// The script of the demo: a burst that shows everything once, then about one delivery a second, for ever.
///
/// A value: a copy taken before a step gives that step again, signed anew for another time.
public struct DemoFeed: Sendable {
  /// One delivery of the script, and how long to wait before it is sent.
  public struct Step: Sendable {
    /// Seconds.
    public let delay: Double
    public let delivery: OutgoingDelivery
  }

  /// How many deliveries the opening burst has.
  public static var burstCount: Int { DemoScript.burst.count }

  private let secrets: DemoSecrets
  private var random: SplitMix64
  private var position = 0
  /// What comes next; once it is used up, more is made up.
  private var scenes = DemoScript.burst[...]
  private var last: Sample?
  private var lastSent = Self.withoutProvider

  /// Creates a feed signed with the first secret of each provider; what has no secret goes out unsigned.
  public init(secrets: DemoSecrets, seed: UInt64) {
    self.secrets = secrets
    random = SplitMix64(seed: seed)
  }

  /// Returns the next delivery, signed for the moment when its delay after `now` is over.
  public mutating func next(at now: Timestamp) -> Step {
    let isBurst = position < Self.burstCount
    let delay = Double.random(in: isBurst ? 0.02...0.05 : 0.5...1.5, using: &random)
    if scenes.isEmpty { scenes = laterAct()[...] }
    let scene = scenes.popFirst() ?? .withoutProvider
    position += 1
    lastSent = delivery(for: scene, at: now.adding(delay))
    return Step(delay: delay, delivery: lastSent)
  }

  private mutating func laterAct() -> [DemoScene] {
    if random.oneIn(12) { return [.again(broken: nil)] }
    let usual = SampleCatalogue.usuals.randomElement(using: &random)
    let any = SampleCatalogue.kinds.randomElement(using: &random)
    guard let kind = random.oneIn(2) ? usual : any else { return [] }
    let live = random.oneIn(2)
    guard random.oneIn(8), let breakage = DemoScript.breakages.randomElement(using: &random) else {
      return [.good(kind, live: live)]
    }
    return DemoScene.act(breakage, kind, live: live)
  }

  private mutating func delivery(for scene: DemoScene, at moment: Timestamp) -> OutgoingDelivery {
    switch scene {
    case .new(let kind, let options, let breakage):
      let sample = kind.sample(options, now: moment, using: &random)
      last = sample
      return signed(sample, breakage, at: moment)
    case .again(let breakage):
      guard let sample = last?.nextAttempt(using: &random) else { return Self.withoutProvider }
      last = sample
      return signed(sample, breakage, at: moment)
    case .replay: return lastSent
    case .withoutProvider: return Self.withoutProvider
    }
  }

  private func signed(_ sample: Sample, _ breakage: Breakage?, at moment: Timestamp) -> OutgoingDelivery {
    let delivery = OutgoingDelivery(sample)
    guard let secret = secrets.secret(of: breakage?.signer ?? .provider, for: sample.provider) else {
      return delivery
    }
    let signer = SampleSigner(secret, as: sample.provider)
    return breakage?.applied(to: delivery, signer: signer, at: moment, among: secrets.providers)
      ?? signer.sign(delivery, at: moment)
  }

  private static let withoutProvider = OutgoingDelivery(
    label: "without provider",
    headers: Headers([Headers.Field("Content-Type", "application/json")]),
    body: Array(#"{"hello":"world","note":"a stranger, with no header of any provider"}"#.utf8))
}

/// What the demo sends first: everything that there is to see, so that the screen is never empty.
enum DemoScript {
  /// The least size of the one long transcript, in bytes.
  static let longTranscript = 200 * 1024

  /// Every way in which a signature goes wrong.
  static let breakages = (Breakage.all + Breakage.staged).filter { !$0.isOfURL }

  /// The opening burst: good deliveries in the order they stand here, with the broken ones between them.
  static let burst: [DemoScene] = interleaved(everyEvent + repeats, broken)

  /// Deliveries that belong together, one after the other.
  private typealias Act = [DemoScene]

  /// Every event type once, live and test in turn.
  private static let everyEvent: [Act] = SampleCatalogue.kinds.enumerated().map { position, kind in
    [.good(kind, live: position.isMultiple(of: 2), note: kind.isDocumented ? nil : unknownNote)]
  }

  /// Events that are delivered more than once, and what else does not fit the usual shape.
  private static let repeats: [Act] = [
    [.withoutProvider],
    [.good(usual), .again(broken: nil)],
    [.good(transcript, size: longTranscript, note: "a transcript of 200 KiB")],
    [
      .good(transcript, note: "the 2xx got lost, so it is sent again"), .again(broken: nil),
      .again(broken: nil),
    ],
    [.new(usual, stubborn, broken: mismatch), .again(broken: mismatch), .again(broken: nil)],
    [.good(usual, live: true)],
    [.good(transcript)],
  ]

  private static let usual = SampleCatalogue.usual
  private static let transcript = SampleCatalogue.transcript
  private static let stubborn = SampleOptions(
    livemode: true, note: "the wrong secret, until the third attempt")

  /// Each breakage once, for the providers in turn where either will do.
  private static let broken: [Act] = breakages.enumerated().map { position, breakage in
    let usuals = SampleCatalogue.usuals
    return DemoScene.act(breakage, usuals[position % usuals.count], live: position.isMultiple(of: 4))
  }

  private static let unknownNote = "an event type that no documentation names"

  private static let mismatch = Breakage.named(Verdict.Reason.noV1Matches.rawValue)

  /// Both lists, one act of each in turn, and then the rest of the longer one.
  private static func interleaved(_ first: [Act], _ second: [Act]) -> [DemoScene] {
    (0..<max(first.count, second.count)).flatMap { position in
      [first, second].flatMap { position < $0.count ? $0[position] : [] }
    }
  }
}

/// One delivery in the script of the demo, before it has ids, a time and a signature.
enum DemoScene: Sendable {
  /// A new event, sent well or with its signature broken.
  case new(SampleKind, SampleOptions, broken: Breakage?)
  /// The event of the last `new` or `again`, delivered once more.
  case again(broken: Breakage?)
  /// The last request once more, byte by byte.
  case replay
  /// A post that carries no header of any provider, as a curious stranger sends it.
  case withoutProvider

  /// A new event with a good signature.
  static func good(_ kind: SampleKind, live: Bool = false, size: Int = 0, note: String? = nil) -> DemoScene {
    .new(kind, SampleOptions(livemode: live, minimumSize: size, note: note), broken: nil)
  }

  /// A new event with a broken signature, whose note says in what way.
  static func bad(_ kind: SampleKind, _ breakage: Breakage, live: Bool = false) -> DemoScene {
    .new(kind, SampleOptions(livemode: live, note: breakage.note(for: kind.provider)), broken: breakage)
  }

  /// All that shows `breakage`, the broken delivery last; of `kind` where its provider has the means.
  static func act(_ breakage: Breakage, _ kind: SampleKind, live: Bool = false) -> [DemoScene] {
    let due = DemoSecrets.provider(showing: breakage).flatMap { SampleCatalogue.usual(of: $0) }
    let kind = due.flatMap { $0.provider == kind.provider ? nil : $0 } ?? kind
    switch breakage.prelude {
    case .none: return [bad(kind, breakage, live: live)]
    case .original:
      return [good(kind, live: live, note: breakage.note(for: kind.provider)), .again(broken: breakage)]
    case .itself: return [bad(kind, breakage, live: live), .replay]
    }
  }
}

/// The secrets of one run of the demo: those that the receiver gets, and one that only the sender has.
public struct DemoSecrets: Sendable {
  /// What the receiver verifies with: a secret for each provider, a retired one, and an API key by mistake.
  public let keyring: Keyring
  /// Parlay's secret as someone has it who lost a part of it.
  let damaged: SigningSecret?

  init(keyring: Keyring, damaged: SigningSecret? = nil) {
    self.keyring = keyring
    self.damaged = damaged
  }

  /// New secrets, so that nothing is to configure, as if one had been retired an hour before `now`.
  public init(
    using random: inout some RandomNumberGenerator, at now: Timestamp = .now()
  ) throws(SecretError) {
    let prefix = { (provider: Provider) in provider.secretPrefix ?? "" }
    let parlay = random.token(40)
    keyring = Keyring([
      try SigningSecret(prefix(.parlay) + parlay, label: "parlay", provider: .parlay),
      try SigningSecret(
        prefix(.parable) + random.token(40), label: "parable", provider: .parable),
      try SigningSecret(
        prefix(.parlay) + random.token(40), label: "parlay/old", provider: .parlay,
        retiredAt: now.adding(-3600)),
      try SigningSecret("pk_" + random.token(32), label: "parable/api-key", provider: .parable),
    ])
    damaged = try SigningSecret(parlay, label: "parlay/stripped", provider: .parlay)
  }

  /// The providers that there are secrets of, each once.
  var providers: Providers {
    Providers(
      keyring.secrets.map(\.provider).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
  }

  /// The provider whose secrets here show what `breakage` does; nil if any one's do.
  static func provider(showing breakage: Breakage) -> Provider? {
    switch (breakage.signer, breakage.receiver) {
    case (.retired, _), (.damaged, _), (_, .secretsOnly): .parlay
    case (_, .withAPIKey): .parable
    default: nil
    }
  }

  /// What `signer` signs a delivery of `provider` with; nil if the demo has no such secret.
  func secret(of signer: Breakage.Signer, for provider: Provider) -> SigningSecret? {
    switch signer {
    case .provider: keyring.secrets(for: provider).first
    case .retired: keyring.secrets.first { $0.provider == provider && $0.retiredAt != nil }
    case .otherProvider: keyring.secrets.first { $0.provider != provider && $0.retiredAt == nil }
    case .damaged: damaged?.provider == provider ? damaged : nil
    }
  }
}
