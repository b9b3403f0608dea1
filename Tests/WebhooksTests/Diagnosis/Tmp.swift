import Testing
@testable import Webhooks
@Suite(.serialized) struct Dump {
@Test func dump() throws {
  let secret = try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)
  for (name, body) in DiagnosisFuzzTests.hostile {
    var n = 0
    let took = ContinuousClock().measure {
      let d = DiagnosisFuzzTests.diagnosis(body, [("X-Parlay-Signature", "t=1745518397,v1=" + String(repeating: "0", count: 64))], Keyring([secret]), candidates: 100_000, nanoseconds: 250_000_000)
      n = d.candidatesTried
    }
    print("##", name, body.count, n, took)
  }
  for (name, header) in DiagnosisFuzzTests.headers {
    var n = 0
    let took = ContinuousClock().measure {
      let d = DiagnosisFuzzTests.diagnosis(Array(#"{"a":1}"#.utf8), [("X-Parlay-Signature", header)], Keyring([secret]), candidates: 100_000, nanoseconds: 250_000_000)
      n = d.candidatesTried
    }
    print("##", name, header.utf8.count, n, took)
  }
}
}
