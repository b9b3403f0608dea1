import Testing

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
    #expect(NearHeader.all(in: Headers([.init(name, "x")])).first?.kind == kind)
  }
}
