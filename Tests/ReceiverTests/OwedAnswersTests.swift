import Testing
import Webhooks

@testable import Receiver

@Suite("The order of what a connection owes")
struct OwedAnswersTests {
  private func request(_ number: UInt8) -> IncomingRequest {
    IncomingRequest(Request(headers: Headers(), body: [number]))
  }

  private func steps(_ owed: inout OwedAnswers) -> [OwedAnswers.Step] {
    var steps: [OwedAnswers.Step] = []
    while let step = owed.next() { steps.append(step) }
    return steps
  }

  @Test("one request is asked about at a time, and the next one once the answer is given")
  func oneByOne() {
    var owed = OwedAnswers()
    owed.add(.request(request(1), .open, at: Samples.moment))
    owed.add(.request(request(2), .openByRequest, at: Samples.moment))
    #expect(steps(&owed) == [.ask(request(1), at: Samples.moment)])
    #expect(owed.isWaiting)
    owed.settle(Response(200))
    #expect(steps(&owed) == [.answer(Response(200), .open), .ask(request(2), at: Samples.moment)])
    owed.settle(Response(401))
    #expect(steps(&owed) == [.answer(Response(401), .openByRequest)])
    #expect(owed.isEmpty)
  }

  @Test("a refusal, a word to go on and an end wait for the answers before them")
  func turns() {
    for (turn, due) in [
      (.proceed, .proceed), (.refusal(Response(400), .close), .answer(Response(400), .close)),
      (.finish, .finish), (.hangUp, .hangUp),
    ] as [(OwedAnswers.Turn, OwedAnswers.Step)] {
      var owed = OwedAnswers()
      owed.add(.request(request(1), .open, at: Samples.moment))
      #expect(steps(&owed) == [.ask(request(1), at: Samples.moment)])
      owed.add(turn)
      #expect(steps(&owed) == [])
      owed.settle(Response(200))
      #expect(steps(&owed) == [.answer(Response(200), .open), due])
    }
  }

  @Test("nothing follows the last answer")
  func last() {
    for turn in [.refusal(Response(413), .close), .hangUp, .finish] as [OwedAnswers.Turn] {
      var owed = OwedAnswers()
      owed.add(turn)
      owed.add(.request(request(1), .open, at: Samples.moment))
      #expect(steps(&owed).count == 1)
      owed.add(.request(request(2), .open, at: Samples.moment))
      #expect(steps(&owed) == [])
      #expect(owed.isEmpty)
    }
  }

  @Test("no answer at all closes the connection, with all that came behind")
  func dropped() {
    var owed = OwedAnswers()
    owed.add(.request(request(1), .open, at: Samples.moment))
    owed.add(.request(request(2), .open, at: Samples.moment))
    #expect(steps(&owed) == [.ask(request(1), at: Samples.moment)])
    owed.settle(nil)
    #expect(steps(&owed) == [.hangUp])
    #expect(owed.isEmpty)
  }

  @Test("an answer that nobody asked for, or a second one, counts for nothing")
  func unasked() {
    var owed = OwedAnswers()
    owed.settle(Response(200))
    #expect(steps(&owed) == [])
    owed.add(.request(request(1), .open, at: Samples.moment))
    #expect(steps(&owed) == [.ask(request(1), at: Samples.moment)])
    owed.settle(Response(200))
    owed.settle(Response(500))
    #expect(steps(&owed) == [.answer(Response(200), .open)])
  }
}
