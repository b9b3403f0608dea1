import Monitor
import Testing
import Webhooks

@testable import hooktop

/// Which providers' APIs the environment speaks of.
struct KnownAPIsTests {
  private func apis(_ variables: [String: String], among providers: Providers = .builtIn) -> APIs {
    APIs(KnownAPIs { variables[$0].map { Array($0.utf8) } }, among: providers)
  }

  @Test("an API can be called where its address and key are set, and otherwise says what to set")
  func faults() {
    let known = apis(["PARLAY_API_URL": "https://api.example.test", "PARLAY_API_KEY": "pk_live_1"])
    #expect(known.fault(.parlay) == nil && !known.isSandbox(.parlay))
    #expect(known.fault(.parable) == "Set PARABLE_API_URL and PARABLE_API_KEY, then start hooktop again")
    let keyless = apis(["PARLAY_API_URL": "https://api.example.test", "PARLAY_API_KEY": ""])
    #expect(keyless.fault(.parlay)?.hasPrefix("Set PARLAY_API_URL and PARLAY_API_KEY") == true)
    let open = apis(["PARLAY_API_URL": "http://api.example.test", "PARLAY_API_KEY": "pk_live_1"])
    #expect(
      open.fault(.parlay)?.contains("unencrypted") == true && open.fault(.parlay)?.contains("pk_") == false)
  }

  @Test("the sandbox is known, and a provider without calls has no API")
  func sandbox() {
    let acme = Provider("acme", title: "Acme", scheme: Provider.parlay.scheme)
    let known = apis(
      ["PARLAY_API_URL": "http://127.0.0.1:4800", "PARLAY_API_KEY": "pk_sandbox_1"],
      among: Providers([.parlay, acme]))
    #expect(known.isSandbox(.parlay) && !known.isSandbox(.parable))
    #expect(known.fault(acme) == "No API of Acme is known")
  }
}
