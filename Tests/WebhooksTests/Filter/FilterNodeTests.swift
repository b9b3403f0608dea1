import Testing
@testable import Webhooks

@Suite struct FilterNodeTests {
  private static let dup = FilterNode.term(.duplicate)
  private static let marked = FilterNode.term(.marked)
  private static let text = FilterNode.term(.text(TextNeedle("a")))

  @Test("lists of one kind inside each other are one list, and a list of one is its element")
  func flattening() {
    #expect(
      FilterNode.joined(and: [.all([Self.dup, Self.marked]), Self.dup])
        == .all([Self.dup, Self.marked, Self.dup]))
    #expect(
      FilterNode.joined(or: [Self.dup, .any([Self.marked, Self.dup])])
        == .any([Self.dup, Self.marked, Self.dup]))
    #expect(FilterNode.joined(and: [Self.dup]) == Self.dup)
    #expect(FilterNode.joined(or: [.all([Self.dup, Self.marked])]) == .all([Self.dup, Self.marked]))
  }

  @Test("searches for text come last and keep their order")
  func order() {
    let negated = FilterNode.not(Self.text)
    #expect(
      FilterNode.joined(and: [Self.text, Self.dup, negated, Self.marked])
        == .all([Self.dup, Self.marked, Self.text, negated]))
  }

  @Test("a double negation is none")
  func negation() {
    #expect(FilterNode.negated(.negated(Self.dup)) == Self.dup)
  }
}
