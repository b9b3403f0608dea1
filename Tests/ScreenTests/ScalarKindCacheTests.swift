import Testing

@testable import Screen

@Suite struct ScalarKindCacheTests {
  @Test(
    "what is remembered is what was judged",
    arguments: ["é", "漢", "\u{301}", "\u{202E}", "\u{1F469}", "\u{20000}", "\u{10FFFD}"] as [Unicode.Scalar])
  func remembers(_ scalar: Unicode.Scalar) {
    for _ in 0..<2 {
      #expect(ScalarKindCache.shared.kind(of: scalar) == ScalarKind(judging: scalar))
    }
  }
}
