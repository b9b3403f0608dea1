import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Two deliveries compared")
struct DeliveryComparisonTests {
  private func compared(
    _ left: String, _ right: String, headers: [(String, String)] = [], and others: [(String, String)] = []
  ) throws -> DeliveryComparison {
    try #require(
      DeliveryComparison(
        Samples.delivery(sequence: 2, headers: others, body: right),
        Samples.delivery(sequence: 1, headers: headers, body: left)))
  }

  @Test("the older one is on the left, whichever was given first")
  func order() throws {
    let comparison = try compared("1", "2")
    #expect(comparison.left.sequence == 1 && comparison.right.sequence == 2)
    #expect(comparison.bytes?.left.bytes == "1" && comparison.bytes?.right.bytes == "2")
  }

  @Test(
    "headers are paired by name without case, the first of a name with the first",
    arguments: [
      ([("A", "1")], [("A", "1")], []),
      ([("A", "1")], [("A", "2")], ["changed A 1 2"]),
      ([("A", "1")], [("a", "1")], ["changed A A a sameName"]),
      ([("A", "1"), ("B", "2")], [("B", "2")], ["removed A 1 -"]),
      ([("A", "1")], [("A", "1"), ("A", "2")], ["added A - 2"]),
      ([("A", "1"), ("A", "2")], [("A", "2"), ("A", "2")], ["changed A 1 2"]),
      ([("A", "1"), ("B", "2"), ("C", "3")], [("C", "3"), ("A", "1"), ("B", "2")], ["moved C - -"]),
    ] as [([(String, String)], [(String, String)], [String])])
  func headers(left: [(String, String)], right: [(String, String)], expected: [String]) throws {
    let found = try compared("", "", headers: left, and: right).headers
    let words = found.list.map { difference in
      let texts = [difference.left, difference.right].map { $0?.bytes.text ?? "-" }
      let note = difference.note == .sameName ? " sameName" : ""
      return "\(difference.kind) \(difference.place.text) \(texts.joined(separator: " "))\(note)"
    }
    #expect(words == expected)
  }

  @Test(
    "of the bodies the first byte that differs is told, and how much of their ends is the same",
    arguments: [
      ("abc", "abc", nil, 0), ("abc", "abd", 2, 0), ("abc", "xbc", 0, 2), ("abc", "abcd", 3, 0),
      ("abbc", "abc", 2, 1), ("", "a", 0, 0), ("aaa", "aa", 2, 0),
    ] as [(String, String, Int?, Int)])
  func bytes(left: String, right: String, offset: Int?, end: Int) throws {
    let bytes = try compared(left, right).bytes
    #expect(bytes?.offset == offset && (bytes?.sharedEnd ?? 0) == end)
  }

  @Test("a body that is no JSON says why, and the other one nothing")
  func notJSON() throws {
    guard case .notJSON(let left, let right) = try compared("{}", "{").values else {
      Issue.record("compared")
      return
    }
    #expect(left == nil && right?.sentence.contains("cut off") == true)
  }

  @Test("more values than are held at once are not compared by path")
  func tooMany() throws {
    let pair = (Samples.delivery(sequence: 1, body: "[1,2]"), Samples.delivery(sequence: 2, body: "[1]"))
    #expect(DeliveryComparison(pair.0, pair.1, tokenLimit: 3)?.values == .tooMany)
    #expect(DeliveryComparison(pair.0, pair.1, tokenLimit: 4)?.values != .tooMany)
  }

  @Test("the same values in other spelling are no difference of JSON, and one of bytes")
  func spelling() throws {
    let comparison = try compared(#"{"a": 1}"#, #"{"a":1}"#)
    #expect(comparison.values == .compared(Differences()) && comparison.bytes?.offset == 5)
  }

  @Test("the request lines are compared")
  func line() throws {
    let one = Samples.delivery(sequence: 1)
    var request = one.request
    (request.method, request.target) = ("PUT", "/x")
    let arrival = Arrival(
      receivedAt: one.receivedAt, request: request, envelope: one.envelope, verdict: one.verdict, answer: nil)
    let other = Journal().hold(arrival)
    let line = try #require(DeliveryComparison(one, other)).line
    #expect(line.list.map(\.place.text) == ["method", "target"])
  }

  @Test("the two newest of a chain are a pair, and a replay with what it was made from")
  func pairs() throws {
    let journal = Journal()
    for _ in 0..<3 { try journal.append(Samples.arrival()) }
    let alone = try journal.append(Samples.arrival(eventID: "evt_2"))
    #expect(journal.newestPair(with: alone) == nil)
    let first = try #require(journal.deliveries(from: 1, atMost: 1).first)
    #expect(journal.newestPair(with: first).map { [$0.sequence, $1.sequence] } == [2, 3])
    var arrival = Samples.arrival()
    arrival = Arrival(
      receivedAt: arrival.receivedAt, request: arrival.request, envelope: arrival.envelope,
      verdict: arrival.verdict, answer: nil, origin: .replay(of: 1))
    let replay = try journal.append(arrival)
    #expect(journal.newestPair(with: replay).map { [$0.sequence, $1.sequence] } == [1, 5])
  }
  private func current(_ body: String, _ document: String) throws -> [String]? {
    let delivery = Samples.delivery(sequence: 1, headers: [("A", "1")], body: body)
    guard let comparison = DeliveryComparison(delivery, now: Array(document.utf8)) else { return nil }
    #expect(comparison.names == ("#1", "now") && comparison.isWithCurrent)
    #expect(comparison.headers.count + comparison.line.count == 0 && comparison.bytes == nil)
    guard case .compared(let found) = comparison.values else { return ["not JSON"] }
    return found.list.map { "\($0.kind) \($0.place.text)" }
  }

  @Test(
    "a snapshot is compared with the document of now value by value, however that is written",
    arguments: [
      (#"{"event":"e","data":{"a":1,"b":"x"}}"#, #"{ "b": "x", "a": 1 }"#, ["moved .data.a"]),
      (#"{"data":{"who":"S1"}}"#, #"{"who":"Ada","tags":[]}"#, ["changed .data.who", "added .data.tags"]),
      (#"{"data":1,"data":{"a":1}}"#, #"{"a":1}"#, []),
      (#"{"data":1}"#, "{", ["not JSON"]), (#"{"event":"e"}"#, "{}", nil), ("[1]", "{}", nil),
      ("no", "{}", nil),
    ] as [(String, String, [String]?)])
  func snapshots(body: String, document: String, expected: [String]?) throws {
    let found = try current(body, document)
    if expected == ["moved .data.a"] {
      #expect(found?.allSatisfy { $0.hasPrefix("moved ") } == true, "\(found ?? [])")
    } else {
      #expect(found == expected)
    }
  }
}
