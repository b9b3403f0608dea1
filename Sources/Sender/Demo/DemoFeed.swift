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

  private let keyring: Keyring
  private var random: SplitMix64
  private var position = 0
  private var last: Sample?

  /// A feed signed with the first secret of each provider; what has no secret goes out unsigned.
  public init(keyring: Keyring, seed: UInt64) {
    self.keyring = keyring
    random = SplitMix64(seed: seed)
  }

  /// The next delivery, signed for the moment when its delay after `now` is over.
  public mutating func next(at now: Timestamp) -> Step {
    let isBurst = position < DemoScript.burst.count
    let delay = Double.random(in: isBurst ? 0.02...0.05 : 0.5...1.5, using: &random)
    let scene = isBurst ? DemoScript.burst[position] : laterScene()
    position += 1
    return Step(delay: delay, delivery: delivery(for: scene, at: now.adding(delay)))
  }

  private mutating func laterScene() -> DemoScene {
    if random.oneIn(12) { return .again(broken: nil) }
    let usual = random.oneIn(2) ? "analysis.completed" : "capture.processed"
    let any = SampleCatalogue.kinds.randomElement(using: &random)
    guard let kind = random.oneIn(2) ? SampleCatalogue.kind(usual) : any else { return .withoutProvider }
    let live = random.oneIn(2)
    guard random.oneIn(8), let breakage = Breakage.all.randomElement(using: &random) else {
      return .good(kind, live: live)
    }
    return .bad(kind, breakage, live: live)
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
    case .withoutProvider:
      return Self.withoutProvider
    }
  }

  private func signed(_ sample: Sample, _ breakage: Breakage?, at moment: Timestamp) -> OutgoingDelivery {
    let delivery = OutgoingDelivery(sample)
    guard let secret = keyring.secrets(for: sample.provider).first else { return delivery }
    let signer = SampleSigner(secret)
    return breakage?.applied(to: delivery, signer: signer, at: moment) ?? signer.sign(delivery, at: moment)
  }

  private static let withoutProvider = OutgoingDelivery(
    label: "without provider",
    headers: Headers([Headers.Field("Content-Type", "application/json")]),
    body: Array(#"{"hello":"world","note":"a stranger, with no header of any provider"}"#.utf8))
}

extension Keyring {
  /// A new secret for each provider, as the demo signs and verifies with, so that nothing is to configure.
  public static func forDemo(using random: inout some RandomNumberGenerator) throws(SecretError) -> Keyring {
    var keyring = Keyring()
    for provider in Provider.all {
      let secret = "whsec_" + random.token(40)
      keyring.secrets.append(try SigningSecret(secret, label: provider.name, provider: provider))
    }
    return keyring
  }
}
