import Diagnosis
import Foundation
import Webhooks

@testable import Sender

extension Breakage {
  /// Broken as where the providers are those that hooktop comes with.
  func applied(to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp) -> OutgoingDelivery? {
    applied(to: delivery, signer: signer, at: now, among: .documented)
  }
}

/// What the tests of this module share: one moment, one secret for each provider, and short ways to ask.
enum Support {
  /// 2026-11-21T18:02:11.482913Z.
  static let now = Timestamp("2026-11-21T18:02:11.482913Z")!
  static let parlay = (try? SigningSecret("whsec_parlay_for_tests", label: "parlay", provider: .parlay))!
  static let parable = (try? SigningSecret("whsec_parable_for_tests", label: "parable", provider: .parable))!
  static let keyring = Keyring([parlay, parable])
  /// The demo's secrets from a fixed seed.
  static let demo: DemoSecrets = {
    var random = SplitMix64(seed: 5)
    return (try? DemoSecrets(using: &random, at: now))!
  }()

  static func secret(of provider: Provider) -> SigningSecret { provider == .parlay ? parlay : parable }

  /// A sample of `event` from a fixed seed.
  static func sample(
    _ event: String, _ options: SampleOptions = SampleOptions(), seed: UInt64 = 1
  ) -> Sample {
    var random = SplitMix64(seed: seed)
    return SampleCatalogue.kind(event)!.sample(options, now: now, using: &random)
  }

  /// A sample of `event`, well signed.
  static func delivery(_ event: String) -> OutgoingDelivery {
    let sample = sample(event)
    return SampleSigner(secret(of: sample.provider)).sign(OutgoingDelivery(sample), at: now)
  }

  /// What a receiver with the right secrets makes of `delivery`.
  static func verdict(
    on delivery: OutgoingDelivery, at arrival: Timestamp = now, keyring: Keyring = keyring
  ) -> Verdict {
    let provider = Providers.documented.of(delivery.headers)
    return Verifier(keyring: keyring).verify(delivery.request, provider: provider, at: arrival)
  }

  static func json(_ body: [UInt8]) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
  }

  static func text(_ body: [UInt8]) -> String { String(decoding: body, as: UTF8.self) }

  /// Whether `keys` stand in the JSON `text` one after the other.
  static func stand(_ keys: [String], in text: String) -> Bool {
    var rest = text[...]
    for key in keys {
      guard let found = rest.range(of: "\"\(key)\":") else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
