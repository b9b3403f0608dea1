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
    ("HTTP_X_PARLAY_SIGNATURE", .misspelled(.parlay)), ("Stripe-Signature", nil),
    ("X-Stripe-Signature", .misspelled(.stripe)), ("Hub-Signature-256", .misspelled(.gitHub)),
    ("X-Twilio-Signature", .service("Twilio")), ("Signature", .shared),
    // Two letters from that of Zoom, whose name has no more.
    ("X-My-Signature", .unknown), ("X-Zm-Signature", nil), ("zm_signature", .misspelled(.zoom)),
    ("X-Foo-Signature", .unknown), ("X-Auth-Token", nil),
    // Where a time stands that is signed.
    ("X-Signature-Timestamp", nil),
    ("Content-Type", nil), ("", nil),
  ]

  @Test("names near the documented ones are told from others", arguments: cases.indices)
  func kind(index: Int) {
    let (name, kind) = Self.cases[index]
    #expect(NearHeader.all(in: Headers([.init(name, "x")]), besides: .builtIn).first?.kind == kind)
  }

  @Test("a name is near the documented one whichever two of its letters are wrong")
  func twoLetters() {
    let name = Array("x-parlay-signature".utf8)
    for first in name.indices.dropFirst(2) {
      for second in name.indices.dropFirst(2) {
        var wrong = name
        wrong[first] = UInt8(ascii: "q")
        wrong[second] = UInt8(ascii: "j")
        let found = NearHeader.all(in: Headers([.init(ByteString(wrong), "x")]), besides: .builtIn).first?
          .kind
        #expect(found == .misspelled(.parlay), "\(ByteString(wrong))")
      }
    }
  }

  @Test("the header of another provider is named, but for a name that many use")
  func others() {
    func found(_ name: String) -> NearHeader.Kind? {
      NearHeader.ofAnotherProvider(in: Headers([.init(name, "x")]), than: .parlay, of: .builtIn)?.kind
    }
    #expect(found("stripe-signature") == .service("Stripe"))
    #expect(found("X-Hub-Signature-256") == .service("GitHub"))
    #expect(found("webhook-signature") == .service("Standard Webhooks"))
    #expect(found("X-Signature") == .shared && found("X-Hub-Signature") == .shared)
  }

  @Test("what may hold a token is near for a sender of tokens only")
  func tokens() {
    func found(_ name: String) -> NearHeader.Kind? {
      NearHeader.all(in: Headers([.init(name, "x")]), besides: .builtIn, of: .gitLab).first?.kind
    }
    #expect(found("Authorization") == .unknown && found("X-Auth-Token") == .unknown)
    #expect(found("Gitlab-Token") == .misspelled(.gitLab))
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
