import Synchronization
import Testing

@testable import Webhooks

@Suite struct DiagnosisBudgetTests {
  private let example = DiagnosisCase.causes.first { $0.name == "a secret nobody knows" }!

  @Test("the number of candidates is bounded, and the words say so")
  func candidates() throws {
    let diagnosis = example.diagnosis(budget: DiagnosisBudget(candidates: 50, nanoseconds: .max) { 0 })
    #expect(diagnosis.candidatesTried == 50)
    #expect(diagnosis.limit == .candidates)
    #expect(try #require(diagnosis.findings.first).detail.contains("number of candidates is bounded"))
  }

  @Test("the time is bounded by the clock that is handed in")
  func time() throws {
    let time = TestClock()
    let diagnosis = example.diagnosis(
      budget: DiagnosisBudget(candidates: .max, nanoseconds: 100) { time.tick() })
    #expect(diagnosis.limit == .time)
    #expect(diagnosis.candidatesTried == 100)
    #expect(try #require(diagnosis.findings.first).detail.contains("time is bounded"))
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
