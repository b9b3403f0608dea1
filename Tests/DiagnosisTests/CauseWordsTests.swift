import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct CauseWordsTests {
  private static let parlay = Provider.parlay.scheme

  private static func samples(takenBy takers: [SampleVerifier]) -> [SampleVerifier: SampleResult] {
    SampleVerifier.allCases.reduce(into: [:]) {
      $0[$1] = takers.contains($1) ? .accepts : .rejects(why: "of a test")
    }
  }

  static let sentences: [(Claim, String)] = [
    (.noSignatureHeader(nil, .seen), "No request header looks like a signature"),
    (
      .malformedHeader(
        .v1Not64Hex, offset: 56, HeaderResemblance.otherDigest(.sha1).words(under: parlay), under: parlay),
      "v1 is not 64 hexadecimal digits, at offset 56; v1 has 40 digits: it is cut short, or a SHA-1"
    ),
    (
      .toleratedOddity([.uppercase], parlay, samples: samples(takenBy: [.parlayTypeScript]), .proven),
      "The header is unusual: the digits are in upper case. Parlay's TypeScript sample would accept it, the other samples would not"
    ),
    (
      .toleratedOddity(
        [.severalSignatures(2), .olderVersion("v0")], parlay,
        samples: samples(takenBy: SampleVerifier.allCases),
        .seen),
      "The header is unusual: it holds 2 v1, it holds a v0 beside v1. All documented samples accept it"
    ),
    (
      .toleratedOddity([], parlay, samples: samples(takenBy: []), .proven),
      "The signature is right, but the header is unusual. No documented sample accepts it"
    ),
    (
      .timestamp(TimestampOddity.milliseconds.words(under: parlay), .proven, under: parlay),
      "t is in milliseconds: it was signed so, and lies far in the future when read as seconds"
    ),
    (
      .timestamp(SignedTime.Origin.header("webhook-timestamp").words(under: parlay)!, .proven, under: parlay),
      "the header has no t; the signed time is in webhook-timestamp"
    ),
    (
      .timestamp(SignedTime.Origin.guessed(secondsBefore: 0).words(under: parlay)!, .proven, under: parlay),
      "the header has no t; the second of the arrival was signed"
    ),
    (
      .timestamp(SignedTime.Origin.guessed(secondsBefore: 61).words(under: parlay)!, .proven, under: parlay),
      "the header has no t; what was signed is the second 1 m 1 s before the arrival"
    ),
    (
      .timestamp(SignedTime.Origin.guessed(secondsBefore: -2).words(under: parlay)!, .proven, under: parlay),
      "the header has no t; what was signed is the second 2 s after the arrival"
    ),
    (
      .outsideWindow(under: parlay, age: 3600.2, tolerance: 300, isSigned: true, isAlone: true),
      "t is 1 h before the arrival; the tolerance is 5 m. It passes with --tolerance 3601"
    ),
    (
      .outsideWindow(under: parlay, age: -400, tolerance: 300, isSigned: false, isAlone: true),
      "t is 6 m 40 s ahead of the arrival; the tolerance is 5 m; no secret confirms this t"
    ),
    (
      .clock(.sameSignature(delivery: 7, secondsAgo: 61), under: parlay),
      "delivery 7 had the same signature 1 m 1 s earlier: a retry that was not signed again, or a replay"
    ),
    (
      .clock(.allShifted(seconds: 3600, others: 4), under: parlay),
      "the 4 nearest deliveries are off by about 1 h as well, so this machine's clock seems to be ahead"
    ),
    (.retiredSecret("parlay/old", retired: "14:02"), "Signed with parlay/old, retired 14:02"),
    (
      .rotatedSecret("parlay/wh_1", at: "14:02:11"),
      "parlay/wh_1 was rotated at 14:02:11: this was signed before, or by a sender that does not know of it"
    ),
    (.otherSecret("parable", of: .parable), "Signed with parable, the secret of Parable"),
    (
      .secretAddedLater("parlay/new"),
      "Signed with parlay/new, which was not configured when it arrived"
    ),
    (
      .damagedSecret("parlay", [.unquoted], prefix: "whsec_"),
      "Signed with the secret parlay without the quotes around it, not as it is configured here"
    ),
    (
      .damagedSecret("acme", [.withoutPrefix, .base64Decoded], prefix: "acme_"),
      "The sender signs with the secret acme without acme_ in front, and then decoded from base64"
    ),
    (
      .notASecret("parlay", .masked, .seen),
      "the secret for parlay is masked: copy the whole value, not the one with stars"
    ),
    (
      .newlineOrBOM("got a newline at its end", nil),
      "The body got a newline at its end after it was signed. A proxy or framework on the way probably changed it"
    ),
    (
      .bodyReserialised("signed: compact", nil),
      "The JSON was re-serialised after it was signed (signed: compact). A proxy or framework on the way "
        + "probably changed it"
    ),
    (
      .replacementCharacter(at: 9),
      "Offset 9 holds U+FFFD, which replaces bytes that were lost"
    ),
    (.notUTF8, "The body is not UTF-8"),
    (.size(stated: 10, 8), "Content-Length says 10 bytes; 8 arrived"),
    (.roundSize(4096), "The body is exactly 4096 bytes, a common buffer size, so it may be cut off"),
    (.compressed("br"), "The body is compressed with br"),
    (.form, "The body is a form, not a JSON document"),
    (
      .repeatedHeader(lines: 2, matching: 1),
      "The signature header occurs 2 times; line 1 matches, so a proxy probably added the others"
    ),
    (.otherProvider(.parable, label: "parable"), "This is a delivery from Parable, signed with parable"),
    (
      .otherSignedText(layout: "t:body", digest: "HMAC-SHA1", due: parlay),
      "The signature is the HMAC-SHA1 of t:body; expected: HMAC-SHA256 of t.body in hexadecimal"
    ),
    (
      .retiredSecret("gitlab/old", retired: "14:02", of: .token), "The token is gitlab/old, retired 14:02"
    ),
    (
      .retiredSecret("discord/old", retired: "14:02", of: .ed25519),
      "Signed with the private key of discord/old, retired 14:02"
    ),
    (
      .damagedSecret("gitlab", [.withNewline], prefix: "", of: .token),
      "The token is the secret gitlab with a newline at its end, not as it is configured here"
    ),
    (
      .wrongSecret(tried: 2, of: .token),
      "None of 2 candidates is the token that was sent. Most often the secret configured here is not the one that "
        + "is set at the sender"
    ),
    (
      .disagreement(header: "X", says: "a", field: "event", but: "b"),
      "X says a; event in the body says b"
    ),
    (
      .differs(from: 3, at: 12),
      "Delivery 3 with the same id verifies; this body differs from it from offset 12 on"
    ),
    (
      .unknown(["one", "two"], tried: 5),
      "None of 5 candidates reproduces the signature. Tried: one, two"
    ),
  ]

  @Test("each cause has its own sentence", arguments: sentences.indices)
  func detail(index: Int) {
    #expect(Self.sentences[index].0.detail == Self.sentences[index].1)
  }

  @Test("every cause has a name of its own, a title, a remedy of one line and a way to break a delivery")
  func complete() {
    #expect(Cause.all.count == 32)
    #expect(Set(Cause.all.map(\.id)).count == Cause.all.count)
    #expect(Cause.all.last?.id == "unknown")
    let remedies = Cause.all.map(\.remedy) + Self.sentences.compactMap(\.0.remedy)
    for remedy in remedies { #expect(remedy.hasSuffix(".") && remedy.utf8.count < 100, "\(remedy)") }
    for cause in Cause.all {
      #expect(!cause.title.isEmpty && !cause.breakages.isEmpty, "\(cause.id)")
      #expect(cause.breakages.allSatisfy { $0.cause == cause.id }, "\(cause.id)")
    }
  }

  @Test("a time with a header of its own is at no offset of the signature's header")
  func apart() {
    func detail(_ scheme: SignatureScheme) -> String {
      Claim.malformedHeader(.noT, offset: 67, nil, under: scheme).detail
    }
    #expect(detail(Provider.slack.scheme) == "X-Slack-Request-Timestamp is missing")
    #expect(detail(Provider.parlay.scheme) == "the header has no t, at offset 67")
  }

  @Test("what is surer comes first")
  func levels() {
    #expect(Cause.Level.allCases.sorted() == [.proven, .seen, .likely, .unknown])
  }

  @Test("received names in a sentence can drive no terminal")
  func printable() {
    #expect(Printable.short("a\u{1B}[2Jb\u{202E}é", limit: 20) == "a?[2Jb??")
    #expect(Printable.short("abcdef", limit: 3) == "abc...")
    let near = NearHeader.all(in: Headers([.init("X-\u{1B}-Signature", "x")]), besides: .documented).first
    #expect(
      Claim.noSignatureHeader(near, .seen).detail == "Found X-?-Signature, which no configured provider uses")
  }
}
