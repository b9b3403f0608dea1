import Testing

@testable import JSON

@Suite("What a body has otherwise than others of its kind")
struct JSONShapeTests {
  private func marks(_ others: [String], _ body: String) -> [JSONShape.Mark] {
    var shape = JSONShape()
    for other in others { shape.add(Array(other.utf8)) }
    return shape.marks(in: Array(body.utf8))
  }

  private static let other = #"{"id":"a","data":{"n":1,"list":[{"k":true}],"free":{},"none":null}}"#

  @Test(
    "keys that are new or gone and values of another type are told, and where they are",
    arguments: [
      (other, []),
      (#"{"data":{"none":{"x":1},"free":{"y":2},"list":[],"n":1.5},"id":""}"#, []),
      (
        #"{"id":"a","x":1,"data":{"n":1,"list":[],"free":{},"none":1}}"#,
        [.init(offset: 10, difference: .new(key: "x"))]
      ),
      (
        #"{"id":null,"data":{"n":"1","list":[],"free":{},"none":1}}"#,
        [
          .init(offset: 1, difference: .otherKind(is: .null, due: .string)),
          .init(offset: 19, difference: .otherKind(is: .string, due: .number)),
        ]
      ),
      (
        #"{"id":"a","data":{"list":[{"z":1}]}}"#,
        [
          .init(offset: 10, difference: .gone(keys: ["n", "free", "none"])),
          .init(offset: 26, difference: .gone(keys: ["k"])), .init(offset: 27, difference: .new(key: "z")),
        ]
      ),
      (
        #"{"id":"[redacted]","data":"[redacted]"}"#, []
      ), ("{", []),
    ] as [(String, [JSONShape.Mark])])
  func differences(body: String, expected: [JSONShape.Mark]) {
    #expect(marks([Self.other], body) == expected)
  }

  @Test("a key that only some have is not missing, and a type that any has is not another one")
  func several() {
    let others = [#"{"a":1,"b":null}"#, #"{"a":"x"}"#, "not JSON"]
    #expect(marks(others, #"{"a":2}"#) == [])
    #expect(marks(others, #"{"b":1}"#) == [.init(offset: 0, difference: .gone(keys: ["a"]))])
    #expect(
      marks(others, #"{"a":[]}"#)
        == [.init(offset: 1, difference: .otherKind(is: .array, due: [.string, .number]))])
    #expect(marks([], #"{"a":2}"#) == [] && JSONShape.Kinds([.string, .number]).words == "string or number")
  }

  @Test("deep and wide bodies stay bounded")
  func bounds() {
    let deep = String(repeating: #"{"a":"#, count: 200) + "1" + String(repeating: "}", count: 200)
    #expect(marks([deep], deep) == [])
    let wide = "{" + (0..<5000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
    #expect(marks([#"{"a":1}"#], wide).count == 1000)
  }
}
