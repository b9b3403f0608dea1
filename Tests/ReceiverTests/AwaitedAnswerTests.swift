import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Receiver

@Suite("The wait for an answer")
struct AwaitedAnswerTests {
  private let loop = EmbeddedEventLoop()

  /// A wait on the loop, and the statuses that it gives.
  private func wait() -> (AwaitedAnswer, () -> [Int]) {
    let given = NIOLoopBoundBox([Int](), eventLoop: loop)
    return (AwaitedAnswer(on: loop) { given.value.append($0?.status ?? 0) }, { given.value })
  }

  private func elsewhere(_ awaited: AwaitedAnswer) -> Reply {
    var reply: Reply?
    awaited.comeFromElsewhere(
      within: .seconds(10), fallback: Response(504), body: BodyClaim(on: BodyBudget(limit: 1))
    ) { reply = $0 }
    return reply!
  }

  @Test("an answer that is on its way when the wait ends goes to nobody, and not to the next wait")
  func lateAnswer() {
    let (awaited, given) = wait()
    let first = elsewhere(awaited)
    first(Response(200))
    awaited.stop()
    let second = elsewhere(awaited)
    loop.run()
    #expect(given() == [])
    second(Response(201))
    loop.run()
    #expect(given() == [201])
  }

  @Test("the first of answer and fallback is given, and nothing after it")
  func once() {
    let (awaited, given) = wait()
    let answered = elsewhere(awaited)
    answered(Response(200))
    answered(Response(500))
    loop.advanceTime(by: .seconds(20))
    #expect(given() == [200])
    let overdue = elsewhere(awaited)
    loop.advanceTime(by: .seconds(10))
    overdue(Response(200))
    loop.run()
    #expect(given() == [200, 504])
  }

  @Test("a wait that is stopped gives nothing, however it was to end")
  func stopped() {
    let (awaited, given) = wait()
    awaited.come(Response(200), after: .seconds(10))
    awaited.stop()
    let reply = elsewhere(awaited)
    #expect(reply.isAwaited)
    awaited.stop()
    #expect(!reply.isAwaited)
    reply(Response(200))
    loop.advanceTime(by: .seconds(20))
    #expect(given() == [])
  }
}
