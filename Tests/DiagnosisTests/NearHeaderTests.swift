import JSON
import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct NearHeaderTests {
  static let cases: [(String, NearHeader.Kind?)] = [
    ("X-Parlay-Signature", nil), ("x-parable-signature", nil), ("X-Parley-Signature", .misspelled(.parlay)),
    ("Parlay-Signature", .misspelled(.parlay)), ("X_Parlay_Signature", .misspelled(.parlay)),
    ("X-Parabel-Signature", .misspelled(.parable)),
    ("HTTP_X_PARLAY_SIGNATURE", .misspelled(.parlay)), ("Stripe-Signature", .service("Stripe")),
    ("X-Hub-Signature-256", .service("GitHub")),
    ("svix-signature", .service("Svix")), ("webhook-signature", .service("Standard Webhooks")),
    ("X-Foo-Signature", .unknown),
    ("Content-Type", nil), ("", nil),
  ]

  @Test("names near the documented ones are told from others", arguments: cases.indices)
  func kind(index: Int) {
    let (name, kind) = Self.cases[index]
    #expect(NearHeader.all(in: Headers([.init(name, "x")]), besides: .documented).first?.kind == kind)
  }
}

@Suite struct HeaderFactsTests {
  @Test("names and values stay the bytes that came, whatever they are as text")
  func bytes() throws {
    let near = ByteString([UInt8]("X-\u{E9}-Signature".utf8) + [0xFF])
    let value = ByteString([0x20, 0xFF, 0xC3, 0x28])
    let request = Request(
      headers: Headers([.init("X-Parlay-Signature", value), .init(near, "x")]), body: [])
    let subject = DiagnosisSubject(
      request: request, envelope: Envelope(provider: .parlay), receivedAt: Timestamp(seconds: 1),
      verdict: Verdict(.format))
    let facts = Diagnosis(of: subject, keyring: Keyring(), budget: .unbounded).facts.header
    #expect(facts.lines == [ByteString([0xFF, 0xC3, 0x28])])
    #expect(facts.near.map(\.name) == [near])
  }
}

@Suite struct HeaderBodyDisagreeTests {
  @Test("a delivery id that stands deep in the body is compared with the header")
  func nested() throws {
    let provider = Provider("acme", title: "Acme", scheme: .timeAndBody(in: "X-Acme-Signature")) {
      $0.deliveryHeader = "X-Acme-Delivery"
      $0.deliveryIDPath = ["meta", "delivery"]
      $0.deliveryIDNamesChain = true
    }
    func details(_ body: String) -> [String] {
      let request = Request(
        headers: Headers([.init("X-Acme-Delivery", "d_1"), .init("X-Acme-Signature", "t=1,v1=0")]),
        body: Array(body.utf8))
      let subject = DiagnosisSubject(
        request: request, envelope: Envelope(provider: provider), receivedAt: Timestamp(seconds: 1),
        verdict: Verdict(.noV1Matches))
      let diagnosis = Diagnosis(of: subject, keyring: Keyring(), budget: .unbounded)
      return diagnosis.findings.filter { $0.id == "header-body-disagree" }.map(\.detail)
    }
    #expect(
      details(#"{"meta":{"delivery":"d_2"}}"#)
        == ["X-Acme-Delivery says d_1; meta.delivery in the body says d_2"])
    #expect(details(#"{"meta":{"delivery":"d_1"}}"#) == [])
  }
}

@Suite struct UnknownSenderTests {
  @Test("a header of a sender that nobody knows is read by each scheme, and by those that sign alike once")
  func readings() throws {
    let gitHub = Provider(
      "github",
      scheme: SignatureScheme(
        headers: ["X-Hub-Signature-256"], format: try #require(SignatureFormat("sha256={hex}")),
        text: try #require(SignedTextTemplate("{body}"))))
    let request = Request(
      headers: Headers([.init("X-Other-Signature", "t=1,v1=" + String(repeating: "0", count: 64))]), body: [])
    let subject = DiagnosisSubject(
      request: request, receivedAt: Timestamp(seconds: 1), verdict: Verdict(.noHeader),
      providers: Providers([.parlay, .parable, gitHub]))
    let near = NearHeader.all(in: request.headers, besides: subject.providers)
    #expect(
      HeaderReading.all(of: subject, near: near).map(\.scheme) == [Provider.parlay.scheme, gitHub.scheme])
  }
}
