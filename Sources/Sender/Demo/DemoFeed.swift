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

  /// A feed signed with the first secret of each provider; what has no secret goes out unsigned.
  public init(secrets: DemoSecrets, seed: UInt64) {
    self.secrets = secrets
    random = SplitMix64(seed: seed)
  }

  /// The next delivery, signed for the moment when its delay after `now` is over.
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
    let usual = random.oneIn(2) ? "analysis.completed" : "capture.processed"
    let any = SampleCatalogue.kinds.randomElement(using: &random)
    guard let kind = random.oneIn(2) ? SampleCatalogue.kind(usual) : any else { return [] }
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
    return breakage?.applied(to: delivery, signer: signer, at: moment) ?? signer.sign(delivery, at: moment)
  }

  private static let withoutProvider = OutgoingDelivery(
    label: "without provider",
    headers: Headers([Headers.Field("Content-Type", "application/json")]),
    body: Array(#"{"hello":"world","note":"a stranger, with no header of any provider"}"#.utf8))
}
