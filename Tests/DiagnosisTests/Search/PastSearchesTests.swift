import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

@Suite struct PastSearchesTests {
  private let example = DiagnosisCase.causes.first { $0.name == "a secret nobody knows" }!

  @Test("what comes again as it was is diagnosed as it was", arguments: DiagnosisCase.causes)
  func again(example: DiagnosisCase) {
    let past = PastSearches()
    let budget = DiagnosisBudget(candidates: 300, nanoseconds: .max) { 0 }
    let alone = example.diagnosis(budget: budget)
    for _ in 1...2 {
      let diagnosis = example.diagnosis(budget: budget, past: past)
      #expect(diagnosis.findings == alone.findings)
      #expect(diagnosis.proof == alone.proof)
      #expect(diagnosis.candidatesTried == alone.candidatesTried)
      #expect(diagnosis.limit == alone.limit)
    }
  }

  /// Whether candidates are tried for a subject: every eighth of them reads the clock.
  private func isSearched(
    _ subject: DiagnosisSubject, _ past: PastSearches, neighbours: [Delivery] = [], keyring: Keyring? = nil
  ) -> Bool {
    let readings = Atomic(0)
    let budget = DiagnosisBudget(candidates: 200, nanoseconds: .max) {
      readings.wrappingAdd(1, ordering: .relaxed)
      return 0
    }
    let diagnosis = Diagnosis(
      of: subject, keyring: keyring ?? example.ring, neighbours: neighbours, budget: budget, past: past)
    #expect(diagnosis.candidatesTried > 100)
    return readings.load(ordering: .relaxed) > 20
  }

  @Test("a failure that comes again later is not searched for again, and with anything else in it, it is")
  func other() throws {
    let past = PastSearches()
    var subject = example.subject
    #expect(isSearched(subject, past))
    subject.receivedAt = Timestamp(seconds: subject.receivedAt.seconds + 60)
    #expect(!isSearched(subject, past))
    subject.request.body.append(0x20)
    #expect(isSearched(subject, past))
    subject.request.headers.append(.init("X-Other", "1"))
    #expect(isSearched(subject, past))
    subject.request.target = "/other"
    #expect(isSearched(subject, past))
    subject.endpoint = Endpoint("staging")
    #expect(isSearched(subject, past))
    subject.envelope.deliveryID = "another"
    #expect(isSearched(subject, past))
    #expect(!isSearched(subject, past))
  }

  @Test("a body that was signed with the same id is tried, though the failure was searched for before")
  func earlier() throws {
    let past = PastSearches()
    var subject = example.subject
    subject.envelope.eventID = "evt_1"
    #expect(isSearched(subject, past))
    var verdict = Verdict(.ok)
    verdict.macMatches = true
    let neighbour = Delivery(
      sequence: 1, receivedAt: subject.receivedAt,
      request: Request(headers: Headers(), body: Array(#"{"other":1}"#.utf8)), envelope: subject.envelope,
      verdict: verdict, isDuplicate: false, attempt: 1, answer: nil)
    #expect(isSearched(subject, past, neighbours: [neighbour]))
    #expect(!isSearched(subject, past, neighbours: [neighbour]))
  }

  @Test("times that are guessed from the arrival are guessed for each arrival")
  func guessed() throws {
    let past = PastSearches()
    var subject = example.subject
    subject.request.headers = Headers([
      .init("X-Parlay-Signature", "v1=" + String(repeating: "0", count: 64))
    ])
    subject.verdict = Verifier(keyring: example.ring).verify(
      subject.request, provider: subject.provider, at: subject.receivedAt)
    #expect(subject.verdict.reason == .noT)
    #expect(isSearched(subject, past))
    #expect(!isSearched(subject, past))
    subject.receivedAt = Timestamp(seconds: subject.receivedAt.seconds + 60)
    #expect(isSearched(subject, past))
  }

  @Test("a secret that a rotation has replaced in between makes it another search")
  func rotated() throws {
    let past = PastSearches()
    var subject = example.subject
    var ring = example.ring
    ring.secrets[0].retiredAt = Timestamp(seconds: subject.receivedAt.seconds + 30)
    ring.secrets[0].wasRotated = true
    #expect(isSearched(subject, past, keyring: ring))
    subject.receivedAt = Timestamp(seconds: subject.receivedAt.seconds + 60)
    #expect(isSearched(subject, past, keyring: ring))
  }

  @Test("where several threads have the same failure at once, one of them searches")
  func together() {
    let past = PastSearches()
    let subject = example.subject
    let searches = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      if isSearched(subject, past) { searches.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(searches.load(ordering: .relaxed) == 1)
  }

  @Test("no more than some hundred are remembered")
  func bounded() throws {
    let past = PastSearches()
    let body = example.subject.request.body
    func subject(_ number: Int) -> DiagnosisSubject {
      var subject = example.subject
      subject.request.body = body
      subject.envelope.deliveryID = ByteString("d\(number)")
      return subject
    }
    // Few candidates are enough to be remembered.
    let budget = DiagnosisBudget(candidates: 1, nanoseconds: .max) { 0 }
    for number in 0..<300 {
      _ = Diagnosis(of: subject(number), keyring: example.ring, budget: budget, past: past)
    }
    #expect(past.count == 256)
  }
}
