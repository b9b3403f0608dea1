import TestSupport
import Testing
@testable import Webhooks

@Suite struct FilterKeyTests {
  @Test(
    "what a key expects is what it takes",
    arguments: [
      (FilterKey.type, "an event type such as analysis.* (* and ? are wildcards), or - for none"),
      (.live, "true, false or n/a"),
      (.sig, "failed, ok, valid, missing, malformed, mismatch, stale, unchecked or future"),
      (.provider, "a provider's name, or - for none"),
      (.id, "an event or delivery id such as evt_*"),
      (.header, "a header's name, alone or with =value"),
      (.time, "a time of arrival such as >18:02, 18:02-18:05 or 2026-11-21"),
      (.age, "a number of seconds such as >300, or <5m, or >=2h"),
      (.size, "a number of bytes such as >412, or >10k, or <1MB"),
      (.answer, "a status such as 401, or a class such as 4xx"),
      (.app, "the app's status such as 2xx, or refused, timeout, none"),
      (.took, "how long the app took, such as >1s or <=200ms"), (.attempt, "a number such as >1"),
      (.seq, "a delivery's number such as >100"),
      (.path, "a request target such as /hooks/* (* and ? are wildcards)"),
      (.endpoint, "an endpoint's name (* and ? are wildcards), or - for none"),
      (.cause, "a cause such as body-reserialised (* and ? are wildcards)"),
    ])
  func expectations(key: FilterKey, words: String) {
    #expect(key.expectation == words)
  }

  @Test("every key has a test of its expectation, and every fixed value is taken")
  func values() throws {
    #expect(FilterKey.allCases.count == 18)
    for status in ["failed", "future"] + Verdict.Status.allCases.map(\.rawValue) {
      #expect(try Filter("sig:\(status)").description == "sig:\(status)")
    }
    for provider in Providers.builtIn.all.map(\.name) + ["-"] {
      let filter = try Filter("provider:\(provider)", providers: .builtIn)
      #expect(filter.description == "provider:\(provider)")
    }
    for value in ["true", "false", "n/a"] {
      #expect(try Filter("live:\(value)").description == "live:\(value)")
    }
  }
}
