import TestSupport
import JSON
import Testing
@testable import Webhooks

@Suite struct FilterDescriptionTests {
  @Test(
    "the canonical spelling of an expression",
    arguments: [
      ("type:analysis.*   live:false", "type:analysis.* live:false"), ("foo", "~foo"), ("type:-", "type:-"),
      ("type:\"-\"", "type:\"-\""), ("Foo", "~foo"),
      ("\"two words\"", "~\"two words\""), ("~\"\\\"\\\\\"", #"~"\"\\""#), ("a\\b", #"~a\b"#),
      ("!dup", "-dup"), ("--dup", "dup"), ("-(dup|answer:5xx)", "-(dup | answer:5xx)"),
      ("(dup answer:5xx) sig:failed", "dup answer:5xx sig:failed"),
      ("dup|(answer:5xx|sig:failed)", "dup | answer:5xx | sig:failed"),
      ("(dup|answer:5xx) live:true", "(dup | answer:5xx) live:true"),
      ("dup live:true|answer:5xx", "dup live:true | answer:5xx"),
      ("live:true|false dup", "(live:true | live:false) dup"), ("answer:4XX|200", "answer:4xx | answer:200"),
      ("answer:4xx | 200", "answer:4xx | ~200"), ("app:2XX|Refused|none", "app:2xx | app:refused | app:none"),
      ("took:>250ms", "took:>0.25"), ("took:<=1.5s", "took:<=1.5"), ("took:2", "took:=2"),
      ("took:1m", "took:=60"), ("age:5m", "age:=300"), ("age:>=1.5h", "age:>=5400"),
      ("age:<-0.25", "age:<-0.25"), ("age:>999999999h", "age:>3599999996400"), ("age:<-0", "age:<0"),
      ("size:>10k", "size:>10240"),
      ("size:<=1.5M", "size:<=1572864"),
      ("header:X-Foo", "header:x-foo"), ("header:X-Foo=", "header:x-foo=\"\""),
      ("header:\"a=b\"=c", "header:\"a=b\"=c"), ("provider:-", "provider:-"), ("foo dup", "dup ~foo"),
      ("type:\"a b\"", "type:\"a b\""), ("dup\"\"", "~dup"), ("~~a", "~~a"), ("~-a", "~-a"), ("a:b:c", nil),
      ("id:a:b", "id:a:b"), ("", ""),
    ] as [(String, String?)])
  func canonical(text: String, expected: String?) throws {
    guard let expected else {
      #expect(throws: FilterError.self) { try Filter(text) }
      return
    }
    let filter = try Filter(text)
    #expect(filter.description == expected)
    #expect(try Filter(filter.description) == filter)
  }

  @Test("a filter made of a value is the one that its words make")
  func values() throws {
    let filters: [(Filter, String)] = [
      (.reason(.ok), "sig:ok"), (.reason(.inFuture), "sig:future"),
      (.reason(.tooOld), "sig:stale -sig:future"),
      (.reason(.noV1Matches), "sig:mismatch"), (.cause("body-reserialised"), "cause:body-reserialised"),
      (.type(nil), "type:-"),
    ]
    for (filter, text) in filters { #expect(filter == (try Filter(text)), "\(text)") }
  }

  @Test("whatever parses is printed so that it parses to an equal filter")
  func roundTrip() throws {
    let pieces = [
      "dup", "src:wire|file", "src:replay", "disagree", "app:2xx|none", "app:not-http", "app:404",
      "took:>0.25", "answer:5xx", "live:true",
      "live:true|n/a", "sig:failed|valid", "provider:-", "type:a*?",
      "type:\"a|b\"",
      "id:\"\\\"\"", "header:a", "header:a=b=c", "age:>1.25h", "size:<2k", "answer:5xx|401", "attempt:1",
      "cause:body-*",
      "~x",
      "~\"\u{301}x\"", "~\u{301}", "\"\u{1F468}\u{200D}\u{1F469}\"", "word", "|", "(", ")", "-", "!", " ",
    ]
    var generator = SystemRandomNumberGenerator()
    var parsed = 0
    for _ in 0..<4000 {
      let text = (0..<Int.random(in: 1...9, using: &generator)).map { _ in pieces.randomElement()! }
        .joined(separator: Bool.random() ? " " : "")
      guard let filter = try? Filter(text) else { continue }
      parsed += 1
      #expect(try Filter(filter.description) == filter, "\(text)")
    }
    #expect(parsed > 200)
  }
}
