import Testing
import Webhooks

@Suite struct DeliveryTests {
  @Test("a delivery costs its own bytes and at most 1 KiB more")
  func cost() {
    let delivery = Samples.delivery(headers: [("Host", "a"), ("X-Parlay-Event", "b")], body: "12345")
    let own = 5 + "/".count + "Host".count + 1 + "X-Parlay-Event".count + 1
    #expect(delivery.cost > own)
    #expect(delivery.cost <= own + 1024)
  }
}
