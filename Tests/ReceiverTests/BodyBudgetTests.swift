import NIOCore
import NIOEmbedded
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
    let bodies = BodyBudget(limit: 100)
    func connection() throws -> EmbeddedChannel {
      try Samples.channel(Samples.intake(ring), bodies: bodies)
    }
    let head = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 81\r\n\r\n".utf8)
    let body = [UInt8](repeating: 0x20, count: 80)
    let holder = try connection()
    try holder.receive(head + body)

    let refused = try connection()
    try refused.receive(head + body)
    #expect(statuses(try refused.written()) == [503])
    #expect(ring.counts.incidents == 1)

    try holder.receive([0x20])
    #expect(statuses(try holder.written()) == [200])
    let next = try connection()
    try next.receive(head + body + [0x20])
    #expect(statuses(try next.written()) == [200])
    #expect(ring.counts.received == 2)
  }
}
