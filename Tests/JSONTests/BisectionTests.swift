import Testing

@testable import JSON

@Suite("bisection")
struct BisectionTests {
  @Test("the length of the prefix is found whatever it is", arguments: 0...20)
  func prefix(count: Int) {
    for prefix in 0...count {
      #expect(Bisection.count(below: count) { $0 < prefix } == prefix)
    }
  }
}
