import TestSupport
import Testing

@testable import JSON

@Suite("JSON corpora", .enabled(if: JSONCorpora.isPresent, Comment(rawValue: JSONCorpora.absence)))
struct JSONCorpusTests {
  private static let suite = "jsontestsuite/test_parsing"
  private static let query = JSONFieldQuery([["id"], ["event"], ["data", "id"]])

  @Test("JSONTestSuite: y_ files are taken and n_ files refused, by every reader alike")
  func parsingSuite() throws {
    let names = JSONCorpora.names(in: Self.suite)
    #expect(names.count > 300)
    for name in names {
      let body = try JSONCorpora.bytes(Self.suite, name)
      let isTaken = Self.query.fields(in: body).isJSON
      if name.hasPrefix("y_") { #expect(isTaken, "\(name)") }
      if name.hasPrefix("n_") { #expect(!isTaken, "\(name)") }
      let document = PayloadDocument(body, mode: .pretty)
      #expect((document.fault == nil) == isTaken, "\(name)")
    }
  }

  @Test("the pretty view of every corpus file shows the bytes as sent, or raw with a reason")
  func sentBytes() throws {
    for folder in [Self.suite, "jsontestsuite/test_transform", "json_extra"] {
      for name in JSONCorpora.names(in: folder) {
        let body = try JSONCorpora.bytes(folder, name)
        let document = PayloadDocument(body, mode: .pretty)
        let isPretty = document.fault == nil
        let shown = PayloadText.sentBytes(document)
        #expect(document.mode == (isPretty ? .pretty : .raw), "\(name)")
        #expect(shown == (isPretty ? PayloadText.compacted(body) : body.filter { $0 != 0x0A }), "\(name)")
      }
    }
  }

  static let faults: [(String, JSONFault)] = [
    ("bom.json", .byteOrderMark),
    ("empty.json", .empty(size: 0)),
    ("spaces.json", .empty(size: 6)),
    ("ndjson.json", .unexpected(UInt8(ascii: "{"), at: 8, due: .end)),
    ("nest_array_100000.json", .tooDeep(limit: 10_000, at: 10_000)),
    ("nest_object_100000.json", .tooDeep(limit: 10_000, at: 50_000)),
  ]

  @Test("odd bodies have the reason that fits them", arguments: faults)
  func reason(name: String, fault: JSONFault) throws {
    let body = try JSONCorpora.bytes("json_extra", name)
    #expect(PayloadDocument(body, mode: .pretty).fault == fault)
  }

  @Test(
    "what is not JSON by its manifest is refused",
    arguments: ["nan", "trailing_comma", "comments", "single_quotes", "truncated"])
  func notJSON(name: String) throws {
    let body = try JSONCorpora.bytes("json_extra", name + ".json")
    #expect(!Self.query.fields(in: body).isJSON)
  }

  static let lineCounts = [
    ("flat_array_200k.json", 200_002), ("nest_array_10000.json", 19_999), ("nest_array_512.json", 1_023),
    ("bignum_int_10k.json", 3), ("top_null.json", 1), ("many_keys_50k.json", 50_002),
    ("nest_mixed_200.json", 801),
  ]

  @Test("large and deep bodies have all their lines", arguments: lineCounts)
  func lineCount(name: String, count: Int) throws {
    let body = try JSONCorpora.bytes("json_extra", name)
    #expect(PayloadDocument(body, mode: .pretty).lineCount == count)
  }

  @Test("a body 100 000 deep is well-formed for the field scan")
  func depthOfScan() throws {
    for name in ["nest_array_100000.json", "nest_object_100000.json"] {
      #expect(Self.query.fields(in: try JSONCorpora.bytes("json_extra", name)).isJSON)
    }
  }

  @Test("the seeds' fields are found")
  func seeds() throws {
    let parlay = Self.query.fields(in: try JSONCorpora.bytes("json_extra", "seed_parlay.json"))
    let parable = Self.query.fields(in: try JSONCorpora.bytes("json_extra", "seed_parable.json"))
    #expect(parlay.isJSON && parlay[0]?.string?.starts(with: "evt_".utf8) == true)
    #expect(parable.isJSON && parable[0] == nil && parable[1] == .string("capture.processed"))
    #expect(parable[2]?.string != nil)
  }

  @Test("an event that is no string is given as what it is")
  func oddEvents() throws {
    let object = Self.query.fields(in: try JSONCorpora.bytes("json_extra", "event_object.json"))
    #expect(object.isJSON && object[1] == .other)
  }
}
