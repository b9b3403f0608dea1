import JSON
import Testing
import Webhooks

@testable import Sender

@Suite struct OutgoingDeliveryTests {
  @Test("Parlay's headers stand as documented")
  func parlay() {
    let delivery = Support.delivery("analysis.completed")
    #expect(delivery.method == "POST")
    #expect(
      delivery.headers.map(\.name) == [
        "Content-Type", "User-Agent", "X-Parlay-Event", "X-Parlay-Delivery", "X-Parlay-Signature",
      ])
    #expect(delivery.headers.first("user-agent") == "parlay-webhook/1")
    #expect(delivery.headers.first("content-type") == "application/json")
    #expect(delivery.headers.first("x-parlay-event") == "analysis.completed")
  }

  @Test("Parable's headers stand as documented, in lower case")
  func parable() throws {
    let delivery = Support.delivery("capture.processed")
    #expect(
      delivery.headers.map(\.name) == [
        "content-type", "x-parable-event", "x-parable-delivery", "x-parable-signature",
      ])
    let body = try Support.json(delivery.body)
    #expect(delivery.headers.first("x-parable-delivery")?.text == body["delivery_id"] as? String)
  }

  @Test("another attempt has a new delivery id only where the provider gives each its own")
  func attempts() {
    var random = SplitMix64(seed: 9)
    for event in ["analysis.completed", "capture.processed"] {
      let sample = Support.sample(event)
      let again = sample.nextAttempt(using: &random)
      #expect(again.body == sample.body)
      #expect((again.deliveryID == sample.deliveryID) == sample.provider.deliveryIDNamesChain)
    }
  }
}
