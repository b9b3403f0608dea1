import TestSupport
import Testing

@testable import Receiver

@Suite("Fuzz: the reader of requests beside NIO's")
struct HTTPDifferenceTests {
  @Test("nothing is taken that NIO's reader refuses, and all that both take is the same to the byte")
  func difference() {
    let outcome = Fuzz("HTTP beside NIO").run { round in
      round.input = HTTPInputs.stream(&round.random, maxBody: 2000)
      try HTTPDifference.check(round.random.chunks(round.input), &round)
    }
    #expect(outcome.failure == nil)
    for what in ["whole", "partial", "closed", "refused"] {
      #expect(outcome.reached(what, oneIn: 20), "\(what)")
    }
  }
}
