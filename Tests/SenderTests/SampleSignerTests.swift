import Diagnosis
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

  private static func provider(_ name: String, _ scheme: SignatureScheme) -> Provider {
    Provider(name, scheme: scheme) {
      $0.eventHeader = "X-GitHub-Event"
      $0.deliveryHeader = "X-GitHub-Delivery"
      $0.constantFields = [
        Headers.Field("User-Agent", "GitHub-Hookshot/1"), Headers.Field("content-type", "text/x"),
      ]
    }
  }

  private static let body = Array(#"{"zen":"é <&>"}"#.utf8)

  @Test(
    "a delivery of any provider is written with its own fields, in its order, and signed under its scheme")
  func gitHub() throws {
    let gitHub = Self.provider(
      "github",
      SignatureScheme(
        headers: ["X-Hub-Signature-256"], format: try #require(SignatureFormat("sha256={hex}")),
        text: try #require(SignedTextTemplate("{body}"))))
    let secret = try SigningSecret("hush", label: "github", provider: gitHub)
    let delivery = OutgoingDelivery(provider: gitHub, event: "ping", deliveryID: "d1", body: Self.body)
    let signed = SampleSigner(secret).sign(delivery, at: Support.now)
    #expect(
      signed.headers.map(\.name) == [
        "User-Agent", "content-type", "X-GitHub-Event", "X-GitHub-Delivery", "X-Hub-Signature-256",
      ])
    let printed = try Program.run(["openssl", "dgst", "-sha256", "-hmac", "hush", "-r"], input: Self.body)
    let value = try #require(signed.headers.first("x-hub-signature-256"))
    #expect(value.text == "sha256=" + Support.text(Array(printed.prefix(64))))
  }

  @Test("time and id go out in fields of their own where the scheme has them there, and only once")
  func apart() throws {
    let standard = Self.provider(
      "standard",
      SignatureScheme(
        headers: ["webhook-signature"], format: try #require(SignatureFormat("v1,{base64}", separator: " ")),
        text: try #require(SignedTextTemplate("{id}.{t}.{body}")), keyForm: .base64(after: "whsec_"),
        time: .headers(["webhook-timestamp"]), window: 300, idHeaders: ["webhook-id"]))
    let signer = SampleSigner(try SigningSecret("whsec_aGVsbG8=", label: "s", provider: standard))
    let delivery = OutgoingDelivery(provider: standard, event: "ping", deliveryID: "d1", body: Self.body)
    let signed = signer.sign(signer.sign(delivery, at: Timestamp(seconds: 1)), at: Support.now)
    #expect(
      signed.headers.map(\.name).suffix(3) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
    #expect(signed.headers.count == 7)
    #expect(signed.headers.first("webhook-id") == "d1")
    func verdict(_ delivery: OutgoingDelivery) -> Verdict.Reason {
      Verifier(keyring: Keyring([signer.secret])).verify(
        delivery.request, provider: standard, at: Support.now
      ).reason
    }
    #expect(verdict(signed) == .ok)
    let old = try #require(Breakage.named("too-old"))
    #expect(verdict(try #require(old.applied(to: delivery, signer: signer, at: Support.now))) == .tooOld)
    let other = try #require(Breakage.named("no-v1-matches"))
    #expect(
      verdict(try #require(other.applied(to: delivery, signer: signer, at: Support.now))) == .noV1Matches)
  }
}
