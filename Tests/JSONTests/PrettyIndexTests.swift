import Testing

@testable import JSON

@Suite("pretty index")
struct PrettyIndexTests {
  @Test("an index that would take more memory than is allowed is not made")
  func memoryLimit() throws {
    let body = Array("[1,2,3]".utf8)
    // Room for a line of each element, for both brackets, and for the one array.
    #expect(throws: JSONFault.indexTooLarge(size: 60, limit: 59)) { try PrettyIndex(body, memoryLimit: 59) }
    #expect(try PrettyIndex(body, memoryLimit: 60).lines.count == 5)
  }

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
