import JSON
import TestSupport
import Testing
import Webhooks

@testable import Sender

@Suite struct SampleSignerTests {
  @Test("a signed sample is valid", arguments: SampleCatalogue.kinds)
  func valid(kind: SampleKind) {
    let verdict = Support.verdict(on: Support.delivery(kind.event))
    #expect(verdict.reason == .ok)
    #expect(verdict.secret?.text == kind.provider.name)
  }

  @Test("signing again replaces the old signature")
  func again() {
    let later = Timestamp(microseconds: Support.now.microseconds + 7_200_000_000)
    let delivery = SampleSigner(Support.parlay).sign(Support.delivery("webhook.test"), at: later)
    #expect(delivery.headers.all("X-Parlay-Signature").count == 1)
    #expect(Support.verdict(on: delivery, at: later).reason == .ok)
    #expect(Support.verdict(on: delivery).reason == .inFuture)
  }

  @Test("openssl computes the same signature")
  func openssl() throws {
    let delivery = Support.delivery("capture.processed")
    let header = try #require(delivery.headers.first("x-parable-signature"))
    let seconds = Support.now.microseconds / 1_000_000
    let printed = try Program.run(
      ["openssl", "dgst", "-sha256", "-hmac", "whsec_parable_for_tests"],
      input: Array("\(seconds).".utf8) + delivery.body)
    let digits = try #require(Support.text(printed).split { $0.isWhitespace }.last)
    #expect(header.text == "t=\(seconds),v1=\(digits)")
  }

  @Test("a secret can sign a delivery of another provider, in the header of that one")
  func another() {
    let delivery = Support.delivery("webhook.test")
    let signed = SampleSigner(Support.parable, as: .parlay).sign(delivery, at: Support.now)
    #expect(signed.headers.map(\.name) == delivery.headers.map(\.name))
    #expect(Support.verdict(on: signed).reason == .noV1Matches)
    let value = signed.headers.first("X-Parlay-Signature")
    #expect(value?.text == Support.parable.signatureHeader(timestamp: 1_795_284_131, body: delivery.body))
  }
}
