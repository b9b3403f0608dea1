import Testing

@testable import JSON

@Suite("pretty index")
struct PrettyIndexTests {
  @Test("nodes know their lines, members, parent and depth, and empty ones are no nodes")
  func nodes() throws {
    let index = try PrettyIndex(Array(#"{"a":[[],{},[1]],"b":0}"#.utf8))
    #expect(index.nodes.map(\.open) == [0, 1, 4])
    #expect(index.nodes.map(\.close) == [9, 7, 6])
    #expect(index.nodes.map(\.count) == [2, 3, 1])
    #expect(index.nodes.map(\.parent) == [PrettyIndex.outside, 0, 1])
    #expect((0..<index.lines.count).map(index.depth(ofLine:)) == [0, 1, 2, 2, 2, 3, 2, 1, 1, 0])
    #expect((0..<index.lines.count).compactMap(index.node(openedBy:)) == [0, 1, 2])
  }

  @Test("a body over the size limit is refused before it is read")
  func sizeLimit() throws {
    #expect(throws: JSONFault.tooLarge(size: 4, limit: 3)) {
      try PrettyIndex(Array("xxxx".utf8), sizeLimit: 3)
    }
    #expect(try PrettyIndex(Array("[1]".utf8), sizeLimit: 3).lines.count == 3)
  }
}
