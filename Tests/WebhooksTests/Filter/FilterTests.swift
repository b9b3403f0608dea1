import TestSupport
import JSON
import Testing
@testable import Webhooks

@Suite struct FilterTests {
  private static let delivery = Samples.delivery(
    sequence: 7,
    headers: [("Host", "127.0.0.1:4747"), ("X-Parlay-Event", "analysis.completed"), ("X-Empty", "")],
    body: #"{"id":"evt_1","note":"Grüße (ok) | \"ja\""}"#, event: "analysis.completed",
    eventID: "evt_2k4x", deliveryID: "del_9", livemode: .test,
    verdict: Samples.verdict(.tooOld, age: 301.5), isDuplicate: true, attempt: 3,
    answer: Answer(status: 401, milliseconds: 1))

  private static func matches(_ text: String) throws -> Bool {
    try Filter(text).matches(delivery)
  }

  @Test(
    "these expressions take the delivery",
    arguments: [
      "", "  ", "type:analysis.*", "type:*", "type:analysis.complete?", "type:analysis.completed",
      "type:\"analysis.*\"", "live:false", "sig:failed", "sig:stale", "provider:parlay", "id:evt_*",
      "id:del_9",
      "id:*4x", "header:host", "header:HOST", "header:host=127.*", "header:\"host\"=\"127.*\"",
      "header:x-empty=", "header:x-empty=\"\"", "age:>300", "age:>=301.5", "age:=301.5", "age:301.5",
      "age:>5m",
      "age:<1h", "age:<=1d", "size:>10", "size:<1k", "size:=45", "size:45", "answer:4xx", "answer:4XX",
      "answer:401", "answer:200|401", "answer:4xx|200", "attempt:>1", "attempt:3", "attempt:<=3", "dup",
      "~grüSSe|~grüße", "GRÜßE|GRüßE", #"~"| \\\"""#, "\"(ok)\"", "~127.0.0", "~X-PARLAY-event",
      "\"dup\"|\"evt_1\"", "-live:true", "!live:true", "--live:false", "-!live:false", "- live:true",
      "live:false type:analysis.*", "live:true | type:*", "live:true|type:*", "live:true|false sig:failed",
      "(live:true|sig:stale) dup", "-(live:true dup)", "live:true sig:valid | dup", "sig:valid|missing|stale",
      "live:n/a|true|false", "provider:-|parlay", "((dup))", "dup and sig:stale",
      "dup AND live:false && sig:failed",
      "live:true or dup", "live:true || dup", "not live:true", "NOT(live:true) and not sig:ok", "SIG:Failed",
      "LIVE:False DUP", "Provider:PARLAY", "path:/*", "seq:7", "seq:>6 seq:<8", "size:>10B", "size:<1KB",
      "size:<=0.5KiB", "age:>5min", "\"and\" | ~not | dup", "sig:stale|future", "src:wire", "src:WIRE|file",
    ])
  func taken(text: String) throws {
    #expect(try Self.matches(text))
  }

  @Test(
    "these expressions leave the delivery out",
    arguments: [
      "type:analysis", "type:ANALYSIS.*", "src:replay", "src:file", "sig:ok", "sig:future", "path:/other",
      "seq:8", "not dup",
      "size:>1KB",
      "dup and live:true", "live:true or sig:ok", "\"and\" dup", "~or", "dup \"not\" live:true",
      "type:analysis.?", "type:\"\"", "live:true", "live:n/a",
      "sig:valid",
      "sig:unchecked", "provider:parable", "provider:-", "id:evt", "id:del_?x", "header:hos",
      "header:nothing=*",
      "header:host=", "header:host=4747", "age:<300", "age:>6m", "age:301", "age:<-5", "size:>45", "size:>1k",
      "size:>1M", "answer:2xx", "answer:400", "answer:5xx|200", "attempt:<3", "attempt:>3", "answer:5xx",
      "-dup", "!dup", "~nothing", "\"nowhere\"", "live:false type:x", "dup answer:5xx",
      "(live:true | answer:5xx) dup",
      "live:true | answer:5xx", "-(dup | answer:5xx)", "live:true|false sig:valid", "sig:valid|stale -dup",
    ])
  func leftOut(text: String) throws {
    #expect(try !Self.matches(text))
  }

  @Test("and binds more than or, and not more than both")
  func precedence() throws {
    #expect(try Filter("dup answer:5xx | live:true dup") == Filter("(dup answer:5xx) | (live:true dup)"))
    #expect(try Filter("-dup answer:5xx") == Filter("(-dup) answer:5xx"))
    #expect(try Filter("-dup answer:5xx") != Filter("-(dup answer:5xx)"))
  }

  @Test("filters made of values combine, and are those that an expression makes")
  func values() throws {
    let types: [ByteString] = ["analysis.completed", "two words"]
    let made = Filter.all(of: [
      .any(of: types.map(Filter.type)), .livemode(.test), .failed, .provider(.parlay), .all(of: []),
    ])
    let text = "(type:analysis.completed | type:\"two words\") live:false sig:failed provider:parlay"
    #expect(try made == Filter(text))
    #expect(made.description == text)
    #expect(made.matches(Self.delivery))
    #expect(!Filter.all(of: [made, .status(.valid)]).matches(Self.delivery))
    #expect(Filter.all(of: []).isEmpty && Filter.all(of: []).matches(Self.delivery))
    #expect(!Filter.any(of: []).matches(Self.delivery))
  }

  @Test(
    "what a delivery does not have no pattern or number takes",
    arguments: ["type:*", "id:*", "age:>0", "age:<0", "age:=0", "provider:parlay", "header:host"])
  func absent(text: String) throws {
    let bare = Samples.delivery(provider: nil, event: nil, eventID: nil, deliveryID: nil)
    #expect(try !Filter(text).matches(bare))
    #expect(try Filter("-\(text)").matches(bare))
    #expect(try Filter("provider:-").matches(bare))
  }

  @Test("each status has its word", arguments: Verdict.Reason.allCases)
  func statuses(reason: Verdict.Reason) throws {
    let delivery = Samples.delivery(verdict: Verdict(reason))
    for status in Verdict.Status.allCases {
      #expect(try Filter("sig:\(status.rawValue)").matches(delivery) == (status == reason.status))
    }
    #expect(try Filter("sig:failed").matches(delivery) == reason.status.isFailure)
  }

  @Test(
    "ages below zero, of a t in the future, compare as numbers",
    arguments: [
      ("age:<0", true), ("age:<-5m", true), ("age:<-2h", false), ("age:>-301", true), ("age:-300.5", true),
    ])
  func future(text: String, taken: Bool) throws {
    let delivery = Samples.delivery(verdict: Samples.verdict(.inFuture, age: -300.5))
    #expect(try Filter(text).matches(delivery) == taken)
  }

  @Test("a text, a type, an id, a header and a target may be words of a request; all else is hooktop's")
  func quotes() throws {
    let quoting = ["~x", "x", "type:a", "id:a", "header:a", "header:a=b", "path:/a", "dup -(live:true | ~x)"]
    for text in quoting { #expect(try Filter(text).quotesRequests, "\(text)") }
    let others = [
      "", "type:-", "live:true", "sig:failed", "sig:future", "provider:parlay", "endpoint:a", "seq:>1",
      "time:>18:02", "age:>5m", "size:>1k", "answer:4xx", "app:2xx", "took:>1s", "attempt:2", "src:wire",
      "cause:*", "dup", "disagree", "marked",
    ]
    for text in others { #expect(try !Filter(text).quotesRequests, "\(text)") }
  }

  @Test("an empty expression leaves nothing out")
  func empty() throws {
    #expect(try Filter("").isEmpty)
    #expect(try Filter(" \t").isEmpty)
    #expect(try !Filter("dup").isEmpty)
    #expect(try Filter("").description.isEmpty)
  }
}
