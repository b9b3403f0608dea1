import TestSupport
import Testing

@testable import JSON

@Suite("JSON nesting")
struct JSONNestingTests {
  @Test("containers close in the reverse order they opened, at any depth")
  func order() {
    var random = SeededRandom(seed: 2)
    var nesting = JSONNesting()
    var expected: [Bool] = []
    for step in 0..<20_000 {
      // Long climbs and descents cross the edge of a word of 64 many times.
      if expected.isEmpty || Int.random(in: 0..<4, using: &random) < (step / 500 % 2 == 0 ? 3 : 1) {
        expected.append(Bool.random(using: &random))
        nesting.open(object: expected[expected.count - 1])
      } else {
        expected.removeLast()
        nesting.close()
      }
      #expect(nesting.depth == expected.count)
      if let last = expected.last { #expect(nesting.isInObject == last) }
    }
  }
}
