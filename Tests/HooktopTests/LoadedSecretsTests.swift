import Testing
import Webhooks

@testable import hooktop

struct LoadedSecretsTests {
  @Test("a sound secret has nothing to say, and greets with nothing")
  func sound() throws {
    var loaded = LoadedSecrets()
    loaded.add(try SigningSecret("whsec_a", label: "parlay", provider: .parlay))
    #expect(loaded.keyring.secrets.map(\.label) == ["parlay"])
    #expect(loaded.warnings.isEmpty && loaded.greeting == nil)
  }

  @Test("the first warning greets, with the number of all, and no secret in it")
  func warnings() throws {
    var loaded = LoadedSecrets()
    loaded.add(try SigningSecret("whsec_never ", label: "parlay/a", provider: .parlay))
    #expect(loaded.greeting == loaded.warnings.first.map { "warning: \($0)" })
    loaded.add(try SigningSecret("sk_never", label: "parlay/b", provider: .parlay), isLiteral: true)
    #expect(loaded.warnings.count == 3)
    #expect(loaded.warnings[2].contains("parlay/b") && loaded.warnings[2].contains("command line"))
    #expect(loaded.greeting == "3 warnings; the first: \(loaded.warnings[0])")
    #expect(!loaded.warnings.joined().contains("never"))
  }
}
