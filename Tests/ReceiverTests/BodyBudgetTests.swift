import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import Webhooks

@testable import Receiver

@Suite struct BodyBudgetTests {
  @Test("room is taken up to the limit, and given back")
  func limit() {
    let budget = BodyBudget(limit: 10)
    #expect(budget.claim(6))
    #expect(!budget.claim(5))
    #expect(budget.claim(4))
    budget.release(10)
    #expect(budget.claim(10))
  }

  @Test("a body that no room is left for is answered 503, and the next one is taken again")
  func refused() throws {
    let ring = Journal()
    let settings = Intake.Settings(verifier: Verifier(keyring: Keyring()), answerPolicy: .verified)
    let intake = Intake(settings: settings, journal: ring, bodiesInFlight: 100)
    let holder = EmbeddedChannel(handler: handler(intake))
    try send(head(), .body(ByteBuffer(repeating: 0x20, count: 80)), to: holder)

    let refused = EmbeddedChannel(handler: handler(intake))
    try send(head(), .body(ByteBuffer(repeating: 0x20, count: 80)), to: refused)
    #expect(try answer(of: refused)?.hasPrefix("HTTP/1.1 503") == true)
    #expect(ring.counts.incidents == 1)

    try send(.end(nil), to: holder)
    #expect(try answer(of: holder)?.hasPrefix("HTTP/1.1 200") == true)
    let next = EmbeddedChannel(handler: handler(intake))
    try send(head(), .body(ByteBuffer(repeating: 0x20, count: 80)), .end(nil), to: next)
    #expect(try answer(of: next)?.hasPrefix("HTTP/1.1 200") == true)
    #expect(ring.counts.received == 2)
  }

  private func handler(_ intake: Intake) -> DeliveryHandler {
    DeliveryHandler(intake: intake, answers: AnswerBytes(), maxBody: 1000, peer: "127.0.0.1:1")
  }

  private func head() -> HTTPServerRequestPart {
    .head(
      HTTPRequestHead(
        version: .http1_1, method: .POST, uri: "/",
        headers: ["Host": "a", "Content-Length": "80"]))
  }

  private func send(_ parts: HTTPServerRequestPart..., to channel: EmbeddedChannel) throws {
    for part in parts { channel.pipeline.fireChannelRead(part) }
    channel.pipeline.fireChannelReadComplete()
  }

  private func answer(of channel: EmbeddedChannel) throws -> String? {
    channel.embeddedEventLoop.run()
    return try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }
  }
}
