import TestSupport
import Testing

@testable import Webhooks

/// Filters by the time of arrival.
@Suite struct FilterTimeTests {
  /// 2026-11-21 18:02:30.5 in a zone that is an hour ahead of UTC.
  private static let arrival = Timestamp(seconds: 1_795_280_550.5)
  private static let zone = Zone { _ in .init(offset: 3600, name: "CET") }

  private static func delivery(at moment: Timestamp) -> Delivery {
    let sample = Samples.delivery()
    return Delivery(
      sequence: 1, receivedAt: moment, request: sample.request, envelope: sample.envelope,
      verdict: sample.verdict, isDuplicate: false, attempt: 1, answer: nil)
  }

  private static func matches(_ text: String, at moment: Timestamp = arrival) throws -> Bool {
    try Filter(text, providers: .documented, zone: zone).matches(delivery(at: moment))
  }

  @Test("the sample is what it is said to be")
  func sample() {
    #expect(Self.zone.full(Self.arrival) == "2026-11-21 18:02:30 CET")
  }

  @Test(
    "what is taken",
    arguments: [
      "18:02", "=18:02", "18:02:30", ">18:02", ">=18:02", "<=18:02", ">=18:02:30", "<=18:02:30", "<18:03",
      "<18:02:31", ">18:02:29", "18:02-18:05", "18:00-18:02", "18:02:30-18:02:30", "18:02:00-18:02:59",
      "23:50-18:02", "18:02-02:00", "2026-11-21", ">=2026-11-21", "<=2026-11-21", ">2026-11-20",
      "<2026-11-22", "2026-11-20-2026-11-21", "2026-11-21-2026-12-01", "11-21", ">11-20", "12-30-11-21",
      "2026-11-21T18:02", "2026-11-21t18:02:30", "\"2026-11-21 18:02:30\"", "\"11-21 18:02:30\"",
      ">2026-11-21T18:02", "2026-11-21T18:00-18:05", "2026-11-21T18:00-11-21T18:05",
    ])
  func taken(value: String) throws {
    #expect(try Self.matches("time:\(value)"))
    #expect(try !Self.matches("-time:\(value)"))
  }

  @Test(
    "what is left out",
    arguments: [
      "18:01", "18:03", "17:02", "18:02:29", ">18:02:30", "<18:02:30", "<18:02", ">18:03", ">=18:02:31",
      "<=18:01", "18:03-18:05", "18:03-18:02:29", "2026-11-20", ">2026-11-21", "<2026-11-21", "2025-11-21",
      "11-22", ">11-21", "2026-11-21T18:03", "2026-11-21T18:03-18:05",
    ])
  func leftOut(value: String) throws {
    #expect(try !Self.matches("time:\(value)"))
  }

  @Test("a time is one of the zone that is given, with the offset that it has at each arrival")
  func zones() throws {
    // New York goes from EDT to EST on 2025-11-02 at 6:00 UTC.
    let newYork = Zone { moment in
      moment.seconds < 1_762_063_200
        ? .init(offset: -14_400, name: "EDT") : .init(offset: -18_000, name: "EST")
    }
    let filter = try Filter("time:01:30", providers: .documented, zone: newYork)
    let taken = [1_762_061_400, 1_762_065_000, 1_762_068_600].map {
      filter.matches(Self.delivery(at: Timestamp(seconds: $0)))
    }
    #expect(taken == [true, true, false])
  }

  @Test(
    "an error points at the place that is wrong",
    arguments: [
      ("time:24:00", .hour, 5), ("time:>24:00", .hour, 6), ("time:18:60", .minute, 8),
      ("time:18:2", .minute, 8), ("time:18:02:60", .second, 11), ("time:18:02:5", .second, 11),
      ("dup time:18", .form, 11), ("time:noon", .form, 5), ("time:18:02x", .form, 10),
      ("time:18:02:11.5", .form, 13), ("time:13-01", .month, 5), ("time:2026-13-01", .month, 10),
      ("time:2026-02-29", .day, 13), ("time:02-30", .day, 8), ("time:2026-00-01", .month, 10),
      ("time:2026-11", .form, 12), ("time:202-11-01", .form, 8), ("time:1802", .form, 9),
      ("time:18:02-", .form, 11), ("time:18:02-18:65", .minute, 14), ("time:18:02-18:05-", .form, 16),
      ("time:2026-11-21-2026-11-20", .order, 16), ("time:18:02-2026-11-21", .endSaysMore, 11),
      ("time:11-20-2026-11-21", .endSaysMore, 11),
      ("time:2026-11-21T18:05-18:02", .order, 22), ("time:>18:02-18:05", .comparedRange, 11),
      ("time:\"2026-11-21 25:00\"", .hour, 17), ("time:\"18:02\\\\\"", .form, 12), ("time:>", .form, 6),
      ("time:e\u{301}", .form, 5), ("x\u{301} time:24:00", .hour, 7),
    ] as [(String, FilterError.TimeFault, Int)])
  func faults(text: String, fault: FilterError.TimeFault, column: Int) {
    #expect(throws: FilterError(problem: .badTime(fault), column: column)) { try Filter(text) }
  }

  @Test("a time that is missing is asked for")
  func missing() {
    #expect(throws: FilterError(problem: .missingValue(of: .time), column: 5)) { try Filter("time:") }
  }

  @Test(
    "a filter by time is written as it was read",
    arguments: [
      ("time:>18:02", nil), ("time:<=18:02:11", nil), ("time:18:02-18:05", nil), ("time:=8:02", "time:08:02"),
      ("time:2026-11-21", nil), ("time:>=11-21T18:02", nil),
      ("time:\"11-21 18:02\"", "time:11-21T18:02"),
      ("time:2026-11-21T18:00-19:00", "time:2026-11-21T18:00-2026-11-21T19:00"),
    ])
  func description(text: String, canonical: String?) throws {
    let filter = try Filter(text)
    #expect(filter.description == canonical ?? text)
    #expect(try Filter(filter.description) == filter)
    #expect(try Filter("time:07:00") != filter)
  }

  @Test("each fault has words of its own")
  func words() {
    let faults: [FilterError.TimeFault] = [
      .form, .hour, .minute, .second, .month, .day, .order, .endSaysMore, .comparedRange,
    ]
    let sentences = faults.map { FilterError(problem: .badTime($0), column: 0).description }
    #expect(Set(sentences).count == faults.count)
    #expect(sentences[0] == "expected a time of arrival such as >18:02, 18:02-18:05 or 2026-11-21")
  }
}
