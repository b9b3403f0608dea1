import Testing
import Webhooks

@testable import Sender

@Suite("A task that waits for a response", .timeLimit(.minutes(1)))
struct ReplyTests {
  private static let limits = ResponseReader.Limits(kept: 1, read: 5)

  private func reply(of server: LoopbackServer) async throws -> Reply {
    let request = AppRequest(Request(headers: [], body: []), to: try #require(AppURL(server.url)))
    let client = AppClient(connections: 1)
    let reply = await client.reply(to: request, limits: Self.limits, within: 30)
    await client.closed()
    return reply
  }

  @Test("a response comes with when its head came, and no more than is kept of its body")
  func whole() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let reply = try await reply(of: server)
    #expect(reply.fault == nil && reply.head ?? -1 > 0)
    #expect(reply.response?.status == 200 && reply.response?.body == Array("o".utf8))
  }

  @Test("one that is too large comes as far as it was read")
  func large() async throws {
    let server = LoopbackServer(.answer("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n123456"))
    defer { server.stop() }
    let reply = try await reply(of: server)
    #expect(reply.fault == .tooLarge && reply.response?.status == 200 && reply.head != nil)
  }

  @Test("nothing is sent for one that is cancelled already")
  func cancelled() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let url = try #require(AppURL(server.url))
    func request(_ body: String) -> AppRequest {
      AppRequest(Request(headers: [], body: Array(body.utf8)), to: url)
    }
    let (client, early) = (AppClient(connections: 1), request("early"))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await client.reply(to: early, limits: Self.limits, within: 30)
    }
    task.cancel()
    #expect(await task.value.fault == .cancelled)
    // What were sent would be sent before this one.
    let later = await client.reply(to: request("later"), limits: Self.limits, within: 30)
    #expect(later.response?.status == 200)
    #expect(server.requests.count == 1 && server.requests.first?.hasSuffix("later") == true)
    await client.closed()
  }
}
