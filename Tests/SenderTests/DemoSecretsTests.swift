import Diagnosis
import Testing
import Webhooks

@testable import Sender

@Suite struct DemoSecretsTests {
  private func secrets(seed: UInt64) throws -> DemoSecrets {
    var random = SplitMix64(seed: seed)
    return try DemoSecrets(using: &random, at: Support.now)
  }

  @Test("each provider has a secret that looks like a real one, tried before any other")
  func first() throws {
    let keyring = try secrets(seed: 1).keyring
    for provider in Providers.documented.all {
      let first = try #require(keyring.secrets(for: provider).first)
      #expect(first.label == provider.name)
      #expect(first.warnings.isEmpty)
    }
  }

  @Test("the secrets are new each time")
  func new() throws {
    let both = try secrets(seed: 1).keyring.secrets + secrets(seed: 2).keyring.secrets
    #expect(Set(both.map(\.fingerprint)).count == both.count)
  }

  @Test("one secret was retired an hour ago, and one has the shape of an API key")
  func others() throws {
    let keyring = try secrets(seed: 1).keyring
    #expect(
      keyring.secrets.filter { $0.retiredAt == Support.now.adding(-3600) }.map(\.label) == ["parlay/old"])
    #expect(
      keyring.secrets.filter { $0.warnings == [.otherKind(prefix: "pk_", due: "whsec_")] }.map(\.label) == [
        "parable/api-key"
      ])
  }

  @Test("the damaged secret is none of the receiver's")
  func damaged() throws {
    let secrets = try secrets(seed: 1)
    let damaged = try #require(secrets.secret(of: .damaged, for: .parlay))
    #expect(!secrets.keyring.secrets.map(\.fingerprint).contains(damaged.fingerprint))
    #expect(secrets.secret(of: .damaged, for: .parable) == nil)
  }

  @Test("another provider's secret is asked for as such", arguments: Providers.documented.all)
  func other(provider: Provider) throws {
    let other = try #require(Support.demo.secret(of: .otherProvider, for: provider))
    #expect(other.provider != provider)
    #expect(DemoSecrets(keyring: Keyring()).secret(of: .provider, for: provider) == nil)
  }
}
