import ArgumentParser
import Testing
import Webhooks

@testable import hooktop

/// Names on the command line mean what the providers in force make of them, not those that hooktop comes with.
struct NamedSecretsTests {
  private static let acme = Provider("acme", title: "Acme", scheme: Provider.parlay.scheme)
  private static let providers = Providers([.parlay, acme])

  private static func settings(_ arguments: String...) throws -> SecretSettings {
    try SecretSettings.parse(arguments.flatMap { ["--secret", $0] })
  }

  @Test("a secret is that of the provider in force that it names")
  func named() throws {
    let named = try Self.settings("acme=whsec_a", "parlay/old=whsec_b").named(among: Self.providers)
    let loaded = try named.load(usingEnvironment: false)
    #expect(loaded.keyring.secrets.map(\.provider) == [Self.acme, .parlay])
    #expect(loaded.keyring.secrets.map(\.label) == ["acme", "parlay/old"])
    let own = try named.load(for: .parlay, usingEnvironment: false)
    #expect(own.keyring.secrets.map(\.label) == ["parlay/old"])
  }

  @Test("a name that is not in force is a usage error, which lists those that are and quotes no secret")
  func unknown() throws {
    let settings = try Self.settings("parable=whsec_never")
    let error = #expect(throws: ValidationError.self) { try settings.named(among: Self.providers) }
    let words = error?.message ?? ""
    #expect(words.hasPrefix("--secret takes NAME=SOURCE: NAME is one of parlay, acme, with a label"))
    #expect(!words.contains("never"))
    #expect(throws: Never.self) { try settings.named(among: Providers([.parable])) }
  }

  @Test("two secrets of one label are a usage error")
  func twice() throws {
    let settings = try Self.settings("acme=a", "acme=b")
    let error = #expect(throws: ValidationError.self) { try settings.named(among: Self.providers) }
    #expect(error?.message.hasPrefix("--secret names acme twice") == true)
  }

  @Test("--provider takes the names in force, and says which they are")
  func provider() throws {
    #expect(
      try ProviderName(argument: "acme").provider(among: Self.providers, help: "Whose.") == Self.acme)
    let error = #expect(throws: ValidationError.self) {
      try ProviderName(argument: "nope").provider(among: Providers([.parlay, .parable]), help: "Whose.")
    }
    #expect(
      error?.message == """
        The value 'nope' is invalid for '--provider <provider>'. Please provide one of 'parlay' and 'parable'.
        Help:  --provider <provider>  Whose.
        """)
  }
}
