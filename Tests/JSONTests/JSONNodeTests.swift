import Testing

@testable import JSON

@Suite("One value of a JSON text, looked for in others")
struct JSONNodeTests {
  /// The node at the first place of `mark` in `body`.
  private func node(_ body: String, at mark: String) throws -> JSONNode {
    let bytes = Array(body.utf8)
    let offset = try #require(bytes.index(of: Array(mark.utf8)))
    return try #require(JSONLocation(in: bytes, at: offset)).node
  }

  private static let body = #"{"id":1,"data":{"a b":[0,{"n\u0061me":"x"}],"o":{"k":1}}}"#

  @Test(
    "the value at the same path is read as sent",
    arguments: [
      ("x", body, JSONNode.Value.string("x")), ("x", #"{"data":{"a b":[1,{"name":1.50}]}}"#, .number("1.50")),
      ("x", #"{"data":{"a b":[1,{"name":"\u00fc"}]}}"#, .string("\u{FC}")),
      ("x", #"{"data":{"a b":[1,{"name":null}]}}"#, .null), ("x", #"{"data":{"a b":[1]}}"#, .missing),
      ("x", #"{"data":{"a b":{"0":1,"1":{"name":2}}}}"#, .missing), ("x", "[]", .missing),
      ("x", "7", .missing),
      ("x", #"{"data":{"a b":[1,{"name":false}]}}"#, .bool(false)),
      ("x", #"{"data":{"a b":[1,{"name":[1,[2],{"z":3}]}]}}"#, .array(count: 3)),
      ("x", #"{"data":{"a b":[1,{"name":{"p":1,"q":{"r":[]}}}]}}"#, .object(["p", "q"], count: 2)),
      ("x", #"{"data":{"a b":[1,{"name":1}]},"data":{"a b":[1,{"name":2}]}}"#, .number("2")),
      ("x", #"{"data":{"a b":[1,{"name":1}]},"data":7}"#, .missing),
      ("x", #"{"other":{"a b":[1,{"name":1}]},"data":{"b":{"a b":[1,{"name":1}]}}}"#, .missing),
      ("\"id", #"{"data":{"id":2},"id":3}"#, .number("3")), ("{\"id", "[1,2]", .array(count: 2)),
      ("{\"id", "{}", .object([], count: 0)), ("0,", #"{"data":{"a b":["zero"]}}"#, .string("zero")),
    ])
  func value(mark: String, other: String, expected: JSONNode.Value) throws {
    #expect(try node(Self.body, at: mark).value(in: Array(other.utf8)) == expected)
  }

  @Test("what is not JSON has no value, and many keys are counted")
  func bounds() throws {
    let node = try node(Self.body, at: "{\"id")
    #expect(node.isRoot && node.text == "." && node.value(in: Array("{".utf8)) == nil)
    let many = "{" + (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
    guard case .object(let keys, 100)? = node.value(in: Array(many.utf8)) else {
      Issue.record("no object")
      return
    }
    #expect(keys.count == 64)
  }
}
