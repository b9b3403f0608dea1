import Synchronization
import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct DiagnosisBudgetTests {
  private let example = DiagnosisCase.causes.first { $0.name == "a secret nobody knows" }!

  @Test("the candidate limit was reached, and the words say so")
  func candidates() throws {
    let diagnosis = example.diagnosis(budget: DiagnosisBudget(candidates: 50, nanoseconds: .max) { 0 })
    #expect(diagnosis.candidatesTried == 50)
    #expect(diagnosis.limit == .candidates)
    #expect(try #require(diagnosis.findings.first).detail.contains("candidate limit was reached"))
  }

  @Test("the time is bounded by the clock that is handed in")
  func time() throws {
    let time = TestClock()
    let diagnosis = example.diagnosis(
      budget: DiagnosisBudget(candidates: .max, nanoseconds: 100) { time.tick() })
    #expect(diagnosis.limit == .time)
    #expect(diagnosis.candidatesTried == 800)
    #expect(try #require(diagnosis.findings.first).detail.contains("time limit was reached"))
  }

  @Test("a clock at its end, as that of a cancelled job, ends the search, from its start on, too")
  func cancelled() {
    let diagnosis = example.diagnosis(budget: DiagnosisBudget(candidates: .max, nanoseconds: 100) { .max })
    #expect(diagnosis.limit == .time)
    #expect(diagnosis.candidatesTried == 0)
  }

  @Test("time that went by before the search counts: nothing is tried then, and no sample is run")
  func preparation() throws {
    let time = TestClock()
    let diagnosis = example.diagnosis(
      budget: DiagnosisBudget(candidates: .max, nanoseconds: 100) { time.tick() > 1 ? 1000 : 0 })
    #expect(diagnosis.limit == .time)
    #expect(diagnosis.candidatesTried == 0)
    #expect(diagnosis.samples.isEmpty)
  }

  @Test("the time starts before neighbours are asked for, and they are told to stop after a quarter of it")
  func neighbours() throws {
    let time = TestClock()
    var asked = 0
    let diagnosis = Diagnosis(
      of: example.subject, keyring: example.ring,
      budget: DiagnosisBudget(candidates: .max, nanoseconds: 1000) { time.tick() }
    ) { isOver in
      while !isOver() && asked < 5000 { asked += 1 }
      return []
    }
    #expect((200...260).contains(asked))
    #expect(diagnosis.limit == .time)
    #expect((4800...6400).contains(diagnosis.candidatesTried))
  }

  @Test("a valid delivery that came in time is compared with no others")
  func alone() throws {
    let (time, body) = (1_745_518_397, Array("{}".utf8))
    let secret = try SigningSecret("whsec_a", label: "parlay", provider: .parlay)
    let header = "t=\(time),v1=" + secret.signature(timestamp: "\(time)", body: body)
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: body)
    func asks(age: Double, shown: Double? = nil) -> Bool {
      let arrival = Timestamp(seconds: Double(time) + age)
      var verdict = Verifier(keyring: Keyring([secret])).verify(request, provider: .parlay, at: arrival)
      if let shown { verdict.ageSeconds = shown }
      var isAsked = false
      _ = Diagnosis(
        of: DiagnosisSubject(request: request, receivedAt: arrival, verdict: verdict),
        keyring: Keyring([secret]), budget: .unbounded
      ) { _ in
        isAsked = true
        return []
      }
      return isAsked
    }
    #expect(!asks(age: 5))
    #expect(asks(age: 900))
    // Under a scheme that looks one way only, it may be valid all the same.
    #expect(asks(age: 5, shown: -900))
  }

  @Test("what would take more memory than allowed is not made, the rest is tried, and the words say so")
  func memory() throws {
    var budget = DiagnosisBudget.unbounded
    budget.bytes = 1
    let bounded = example.diagnosis(budget: budget)
    #expect(bounded.limit == .memory)
    #expect(bounded.candidatesTried > 0 && bounded.candidatesTried < example.found.candidatesTried)
    #expect(try #require(bounded.findings.first).detail.contains("memory limit was reached"))
  }

  @Test("a key is set up once for each digest")
  func keys() throws {
    let secret = try SigningSecret("whsec_abc", label: "parlay", provider: .parlay)
    let key = KeyCandidate(secret, origin: .own, digests: [.sha256, .sha1])
    var seen: Set<[UInt8]> = []
    let damaged = try #require(key.damaged(unless: &seen).first)
    for candidate in [key, damaged] {
      for digest in [SignedForm.Digest.sha256, .sha1] {
        let first = try #require(candidate.key(digest: digest))
        #expect(first === candidate.key(digest: digest))
      }
      #expect(candidate.key(digest: .sha512) == nil)
    }
  }

  @Test("a proof is no search that was cut short")
  func proof() throws {
    let proven = try #require(DiagnosisCase.styles.first { $0.name == "node: newline added" })
    #expect(proven.diagnosis().limit == nil)
  }

  /// A nanosecond passes with each reading.
  private final class TestClock: Sendable {
    private let now = Atomic<UInt64>(0)
    func tick() -> UInt64 { now.wrappingAdd(1, ordering: .relaxed).newValue }
  }
}
