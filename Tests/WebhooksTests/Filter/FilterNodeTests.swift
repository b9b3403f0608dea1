import Testing
@testable import Webhooks

@Suite struct FilterNodeTests {
  private static let dup = FilterNode.term(.duplicate)
  private static let failed = FilterNode.term(.failed)
  private static let text = FilterNode.term(.text(TextNeedle("a")))

  @Test("lists of one kind inside each other are one list, and a list of one is its element")
  func flattening() {
    #expect(
      FilterNode.joined(and: [.all([Self.dup, Self.failed]), Self.dup])
        == .all([Self.dup, Self.failed, Self.dup]))
    #expect(
      FilterNode.joined(or: [Self.dup, .any([Self.failed, Self.dup])])
        == .any([Self.dup, Self.failed, Self.dup]))
    #expect(FilterNode.joined(and: [Self.dup]) == Self.dup)
    #expect(FilterNode.joined(or: [.all([Self.dup, Self.failed])]) == .all([Self.dup, Self.failed]))
  }

  @Test("searches for text come last and keep their order")
  func order() {
    let negated = FilterNode.not(Self.text)
    #expect(
      FilterNode.joined(and: [Self.text, Self.dup, negated, Self.failed])
        == .all([Self.dup, Self.failed, Self.text, negated]))
  }

  @Test("a double negation is none")
  func negation() {
    #expect(FilterNode.negated(.negated(Self.dup)) == Self.dup)
  }
}
