import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Outcomes in the journal")
struct OutcomesTests {
  private func found(_ cause: String) -> Outcome {
    .diagnosed([Outcome.Finding(cause: ByteString(cause), level: "likely")])
  }

  private func journal(keeping limit: Int = 10, deliveries: Int) throws -> Journal {
    let journal = Journal(limits: .init(deliveries: limit))
    for _ in 0..<deliveries { try journal.append(Samples.arrival()) }
    return journal
  }

  @Test("come to a reader once, with all that happened to the delivery")
  func read() throws {
    let journal = try journal(deliveries: 2)
    var cursor = Journal.Cursor()
    _ = journal.read(after: &cursor)
    journal.append(found("a"), to: 2)
    let batch = journal.read(after: &cursor)
    #expect(batch.outcomes == [.init(sequence: 2, outcomes: [found("a")])])
    #expect(!batch.isEmpty && batch.deliveries.isEmpty)
    #expect(journal.read(after: &cursor).isEmpty)
  }

  @Test("come with their delivery or after it, however few are read at once", arguments: 1...4)
  func order(limit: Int) throws {
    let journal = try journal(deliveries: 4)
    for sequence in [4, 1, 3, 1] as [UInt64] { journal.append(found("a"), to: sequence) }
    var cursor = Journal.Cursor()
    var seen: UInt64 = 0
    var told: Set<UInt64> = []
    while case let batch = journal.read(after: &cursor, limit: limit), !batch.isEmpty {
      seen = batch.deliveries.last?.sequence ?? seen
      #expect(batch.outcomes.allSatisfy { $0.sequence <= seen })
      told.formUnion(batch.outcomes.map(\.sequence))
    }
    #expect(told == [1, 3, 4])
  }

  @Test("go with their delivery, and come to one that is gone no more")
  func evicted() throws {
    let journal = try journal(keeping: 2, deliveries: 2)
    journal.append(found("a"), to: 1)
    journal.append(found("b"), to: 2)
    try journal.append(Samples.arrival())
    journal.append(found("c"), to: 1)
    journal.append(found("d"), to: 9)
    var cursor = Journal.Cursor()
    #expect(journal.read(after: &cursor).outcomes == [.init(sequence: 2, outcomes: [found("b")])])
  }

  @Test("a reader that stalls is given what is kept, and holds nothing back")
  func stalled() throws {
    let journal = try journal(keeping: 3, deliveries: 3)
    var cursor = Journal.Cursor()
    for round in 0..<10_000 {
      journal.append(found("\(round)"), to: UInt64(round % 3 + 1))
    }
    let changes = journal.read(after: &cursor).outcomes
    #expect(changes.count < 200)
    #expect(changes.last == .init(sequence: 1, outcomes: [found("9999")]))
    #expect(Set(changes.map(\.sequence)) == [1, 2, 3])
  }

  @Test("a later search takes the place of an earlier one")
  func replaced() {
    var outcomes = Outcomes()
    for cause in ["a", "b"] { outcomes.append(found(cause), to: 5) }
    #expect(outcomes[5] == [found("b")])
    outcomes.forget(5)
    #expect(outcomes[5].isEmpty && outcomes.isEmpty)
  }
}

@Suite("Filters by cause")
struct CauseFilterTests {
  private let outcomes = {
    var outcomes = Outcomes()
    outcomes.append(.diagnosed([.init(cause: "body-reserialised", level: "proven")]), to: 7)
    return outcomes
  }()

  @Test(
    "take a delivery by what was found",
    arguments: [
      ("cause:body-reserialised", true), ("cause:body-*", true), ("-cause:body-*", false),
      ("cause:body", false), ("cause:clock-* | cause:*", true),
    ])
  func found(expression: String, isTaken: Bool) throws {
    let filter = try Filter(expression)
    #expect(filter.asksForOutcomes)
    #expect(filter.matches(Samples.delivery(sequence: 7), outcomes) == isTaken)
    #expect(filter.matches(Samples.delivery(sequence: 8), outcomes) == expression.hasPrefix("-"))
  }

  @Test("a cause that is not known is an error that names the nearest")
  func unknown() {
    let causes = ["body-changed", "body-reserialised", "clock-off"]
    let error = #expect(throws: FilterError.self) {
      try Filter("dup cause:body-reserialized", providers: .documented, causes: causes)
    }
    #expect(error?.column == 10)
    #expect(
      error?.description
        == "cause:body-reserialized is not known: use a cause such as body-reserialised")
    #expect(throws: Never.self) { try Filter("cause:clock-*", providers: .documented, causes: causes) }
  }
}
