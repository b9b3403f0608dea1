import ArgumentParser
import Foundation
import Glibc
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

  /// Saves secrets under their ids, each a second after the one before, and looks at them.
  private func withSaved(_ names: [String], _ body: (SavedSecrets) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "hooktop-named-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let saved = try SavedSecrets(state: Array(root.utf8), home: nil)
    for (second, name) in names.enumerated() {
      let id = try #require(APIID(name.utf8))
      let path = try saved.save("whsec_\(name)", of: .parlay, id)
      let time = timespec(tv_sec: 1_700_000_000 + second, tv_nsec: 0)
      #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
    }
    try body(saved)
  }

  @Test("a provider without a secret gets those that are saved, the one that was saved last first, by name")
  func saved() throws {
    try withSaved(["wh_b", "wh_c", "wh_a"]) { saved in
      let none = try Self.settings().named(among: .builtIn)
      let loaded = try none.load(for: .parlay, usingEnvironment: false, orFrom: saved)
      #expect(loaded.keyring.secrets.map(\.label) == ["parlay/wh_a", "parlay/wh_c", "parlay/wh_b"])
      #expect(
        loaded.noteOnSigning(as: .parlay)
          == "signing with the saved secret parlay/wh_a, the newest of 3; --secret chooses another")
      #expect(
        loaded.noteOnVerifying
          == "verifying with the saved secrets parlay/wh_a, parlay/wh_c, parlay/wh_b")
      #expect(loaded.noteOnSigning(as: .parable) == nil)
      #expect(try none.load(for: .parable, usingEnvironment: false, orFrom: saved).keyring.isEmpty)
      #expect(try none.load(usingEnvironment: false).keyring.isEmpty)
    }
  }

  @Test("where an option gives a secret, no saved one of that provider is used; the other providers' are")
  func notSaved() throws {
    try withSaved(["wh_a"]) { saved in
      let given = try Self.settings("parlay=whsec_given").named(among: .builtIn)
      let loaded = try given.load(usingEnvironment: false, orFrom: saved)
      #expect(loaded.keyring.secrets.map(\.label) == ["parlay"])
      #expect(loaded.noteOnSigning(as: .parlay) == nil && loaded.noteOnVerifying == nil)
      let other = try Self.settings("parable=p").named(among: .builtIn)
      let both = try other.load(usingEnvironment: false, orFrom: saved)
      #expect(both.keyring.secrets.map(\.label) == ["parable", "parlay/wh_a"])
      #expect(both.noteOnSigning(as: .parlay) == "signing with the saved secret parlay/wh_a")
      #expect(both.noteOnVerifying == "verifying with the saved secret parlay/wh_a")
    }
  }

  @Test("of many saved secrets four are named; one that can't be used is said, and holds no other up")
  func manySaved() throws {
    try withSaved((1...6).map { "wh_\($0)" }) { saved in
      #expect(FileManager.default.createFile(atPath: saved.folder + "/parlay-wh_0", contents: Data()))
      #expect(chmod(saved.folder + "/parlay-wh_0", 0o600) == 0)
      let loaded = try Self.settings().named(among: .builtIn).load(usingEnvironment: false, orFrom: saved)
      #expect(
        loaded.noteOnVerifying
          == "verifying with the saved secrets parlay/wh_6, parlay/wh_5, parlay/wh_4, parlay/wh_3 and 2 more")
      #expect(loaded.keyring.secrets.count == 6 && loaded.warnings.count == 1)
      #expect(loaded.warnings.first?.hasPrefix("the saved secret parlay/wh_0 can't be used: ") == true)
    }
  }

  @Test("--provider takes the names in force, and says which they are")
  func provider() throws {
    #expect(
      try ProviderName(argument: "acme").provider(among: Self.providers) == Self.acme)
    let error = #expect(throws: ValidationError.self) {
      try ProviderName(argument: "nope").provider(among: Providers([.parlay, .parable]))
    }
    #expect(
      error?.message == "There is no sender called nope: hooktop providers lists them.")
  }
}
