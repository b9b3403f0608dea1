import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// What a search leaves out since it can prove nothing that is not proven without it.
@Suite("What is not tried twice")
struct WaysToWriteTests {
  static let documents = [
    #"{"a":"plain","b":[1,2.50,true,null],"c":{"/":"<&>'+=`"}}"#, #"{"a":"Zoë"}"#, #"{"a":"Zo\u00eb"}"#,
    #"{"a":"\/path"}"#, #"{"a":"tab\there \"quoted\""}"#, "{\"a\":\"\u{7F}\"}", #"["😀",{"k":""}]"#, "[]",
  ]

  @Test(
    "the styles for a document write all that any of them writes, but for the document", arguments: documents)
  func distinct(document: String) throws {
    let outline = try #require(JSONOutline(Array(document.utf8)))
    func written(_ styles: some Sequence<JSONStyle>) -> Set<[UInt8]> {
      Set(styles.compactMap { JSONRendering.bytes(of: outline, style: $0, plan: .asSent, limit: .max) })
    }
    for ways in [WaysToWrite.usual, .most] {
      let all = written(ways.all)
      let others = written(ways.styles(for: outline))
      #expect(others.subtracting([outline.body]) == all.subtracting([outline.body]))
      #expect(all.count > 1 || document == "[]")
    }
    // In ASCII without escapes it is written only once in each spacing.
    let isPlain = document.utf8.allSatisfy { $0 < 0x80 && $0 != 0x5C }
    #expect(WaysToWrite.usual.styles(for: outline).count == (isPlain ? 1 : 5))
  }

  @Test("a secret that is configured for two senders alike is tried once")
  func twoSenders() throws {
    func tried(_ texts: [(String, Provider)]) throws -> Int {
      let secrets = try texts.map { try SigningSecret($0.0, label: $0.1.name, provider: $0.1) }
      let subject = Self.failure
      return Diagnosis(of: subject, keyring: Keyring(secrets), budget: .unbounded).candidatesTried
    }
    let alone = try tried([("whsec_one", .parlay)])
    #expect(try tried([("whsec_one", .parlay), ("whsec_one", .parable)]) == alone)
    #expect(try tried([("whsec_one", .parlay), ("whsec_two", .parable)]) > alone)
  }

  private static let failure = DiagnosisSubject(
    request: Request(
      headers: Headers([.init("X-Parlay-Signature", "t=1745518397,v1=" + String(repeating: "0", count: 64))]),
      body: Array(#"{"id":"evt_1","event":"x.y"}"#.utf8)),
    receivedAt: Timestamp(seconds: 1_745_518_400),
    verdict: Verdict(.noV1Matches))
}
