import TestSupport
import Testing

@testable import JSON

@Suite("JSON field query")
struct JSONFieldQueryTests {
  private static let query = JSONFieldQuery([["id"], ["livemode"], ["data", "id"], ["data"]])

  private static let s = JSONFieldValue.string

  static let found: [(String, [JSONFieldValue?])] = [
    (#"{"id":"a","livemode":true,"data":{"id":"b"}}"#, [s("a"), .bool(true), s("b"), .other]),
    (#" { "data" : { "x" : { "id" : "no" } , "id" : "b" } , "id" : "a" } "#, [s("a"), nil, s("b"), .other]),
    (#"{}"#, [nil, nil, nil, nil]),
    (#"{"id":1.0,"livemode":null,"data":[{"id":"no"}]}"#, [.number("1.0"), .other, nil, .other]),
    (#"{"id":"a","id":"b"}"#, [s("b"), nil, nil, nil]),
    (#"{"id":"a","id":null}"#, [.other, nil, nil, nil]),
    (#"{"data":{"id":"a"},"data":{}}"#, [nil, nil, nil, .other]),
    (#"{"data":{"id":"a"},"data":7}"#, [nil, nil, nil, .number("7")]),
    (#"{"data":7,"data":{"id":"a","id":false}}"#, [nil, nil, .bool(false), .other]),
    (#"{"x":{"id":"no","data":{"id":"no"}},"id":"a"}"#, [s("a"), nil, nil, nil]),
    (#"{"x":{"data":{"id":"no"}}}"#, [nil, nil, nil, nil]),
    (#"[{"id":"no"}]"#, [nil, nil, nil, nil]),
    (#"[{"data":{"id":"no"}},{"id":"no"}]"#, [nil, nil, nil, nil]),
    (#""id""#, [nil, nil, nil, nil]),
    (#"{"\u0069d":"a","dat\u0061":{"i\u0064":"b"},"id\n":"no"}"#, [s("a"), nil, s("b"), .other]),
    (#"{"id":"\ud800\u00e9"}"#, [s("\u{FFFD}é"), nil, nil, nil]),
    (#"{"data":{"data":{"id":"no"}},"i":1,"idd":2,"":3}"#, [nil, nil, nil, .other]),
    (
      #"{"x":[[{"id":1}]],"data":{"y":[{"id":"no"}],"id":"b"},"livemode":false}"#,
      [nil, .bool(false), s("b"), .other]
    ),
  ]

  @Test("fields are found at their paths only, the last duplicate winning", arguments: found)
  func values(body: String, values: [JSONFieldValue?]) {
    let fields = Self.query.fields(in: Array(body.utf8))
    #expect(fields.isJSON)
    #expect(fields.values == values)
  }

  @Test(
    "a body that is not JSON has no fields, even where they stand before the fault",
    arguments: ["", "id=1", #"{"id":"a""#, #"{"id":"a"}x"#, #"{"id":"a","data":{"id":tru}}"#, "\u{FEFF}{}"])
  func notJSON(body: String) {
    let fields = Self.query.fields(in: Array(body.utf8))
    #expect(!fields.isJSON)
    #expect(fields.values == [nil, nil, nil, nil])
  }

  @Test("a path asked for twice is answered twice, and one without keys not at all")
  func oddPaths() {
    let query = JSONFieldQuery([["a"], [], ["b", "c", "d"], ["a"], ["b", "c"]])
    let fields = query.fields(in: Array(#"{"a":1,"b":{"c":{"d":"x"}}}"#.utf8))
    #expect(fields.values == [.number("1"), nil, .string("x"), .number("1"), .other])
    #expect(JSONFieldQuery([]).fields(in: Array("{}".utf8)).isJSON)
  }

  @Test("values answer for their own kind only")
  func kinds() {
    #expect(JSONFieldValue.string("a").string == "a" && JSONFieldValue.string("a").bool == nil)
    #expect(JSONFieldValue.bool(false).bool == false && JSONFieldValue.bool(false).string == nil)
    #expect(JSONFieldValue.other.string == nil && JSONFieldValue.number("1").bool == nil)
  }

  @Test("random bodies give what a walk over their tokens gives")
  func random() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<2000 {
      let inner = random.json(depth: 3)
      let body = Array(
        #"{"x":\#(inner),"data":{"y":\#(inner),"id":"b","z":\#(inner)},"id":"a","w":\#(inner)}"#.utf8)
      let fields = Self.query.fields(in: body)
      #expect(fields.values == [.string("a"), nil, .string("b"), .other])
    }
  }
}
