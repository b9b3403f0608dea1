import Glibc
import TestSupport

// Compares the receiver's reader of requests with NIO's, with as many inputs as HOOKTOP_FUZZ says.
let outcome = Fuzz("HTTP beside NIO").run { round in
  round.input = HTTPInputs.stream(&round.random, maxBody: 2000)
  try HTTPDifference.check(round.random.chunks(round.input), &round)
}
if let failure = outcome.failure {
  print(failure)
  exit(1)
}
