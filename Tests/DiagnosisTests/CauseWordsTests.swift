import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct CauseWordsTests {
  static let sentences: [(Cause, String)] = [
    (.noSignatureHeader(nil), "no header of the request looks like a signature"),
    (
      .malformedHeader(.v1Not64Hex, offset: 56, .fortyDigits),
      "v1 is not 64 hexadecimal digits, at byte 56; v1 has 40 digits: it is cut short, or a SHA-1"
    ),
    (
      .toleratedOddity([.uppercase], takenBy: [.parlayTypeScript]),
      "the digits are in upper case; Parlay's TypeScript sample would take it, the other samples would not"
    ),
    (
      .toleratedOddity([.severalV1(2), .v0], takenBy: SampleVerifier.allCases),
      "it holds 2 v1, it holds a v0 beside v1; all documented sample verifiers take it"
    ),
    (
      .toleratedOddity([], takenBy: []),
      "the signature is right and the header is not: the header is unusual; none of the documented samples takes it"
    ),
    (
      .unreadableTimestamp(.milliseconds),
      "t is in milliseconds: it was signed so, and lies far in the future when read as seconds"
    ),
    (
      .unreadableTimestamp(.signedOtherwise(.header("webhook-timestamp"))),
      "the header has no t; what was signed stands in webhook-timestamp"
    ),
    (
      .unreadableTimestamp(.signedOtherwise(.arrival(secondsBefore: 0))),
      "the header has no t; the second of the arrival was signed"
    ),
    (
      .unreadableTimestamp(.signedOtherwise(.arrival(secondsBefore: 61))),
      "the header has no t; what was signed is the second 1 m 1 s before the arrival"
    ),
    (
      .unreadableTimestamp(.signedOtherwise(.arrival(secondsBefore: -2))),
      "the header has no t; what was signed is the second 2 s after the arrival"
    ),
    (
      .outsideWindow(age: 3600.2, tolerance: 300, isSigned: true, isAlone: true),
      "t is 1 h before the arrival, and the window is 5 m; with --tolerance 3601 it would pass"
    ),
    (
      .outsideWindow(age: -400, tolerance: 300, isSigned: false, isAlone: true),
      "t is 6 m 40 s ahead of the arrival, and the window is 5 m; no secret confirms this t"
    ),
    (
      .clockReplayOrQueue(.sameSignature(delivery: 7, secondsAgo: 61)),
      "delivery 7 had the same signature 1 m 1 s earlier: a retry that was not signed again, or a replay"
    ),
    (
      .clockReplayOrQueue(.allShifted(seconds: 3600, others: 4)),
      "the 4 nearest deliveries are off by about 1 h as well, so this machine's clock seems to be ahead"
    ),
    (.retiredSecret(label: "parlay/old", retired: "14:02"), "signed with parlay/old, retired 14:02"),
    (.otherSecret(label: "parable", .of(.parable)), "signed with parable, the secret of Parable"),
    (
      .otherSecret(label: "parlay/new", .addedLater),
      "signed with parlay/new, which the verdict was made without"
    ),
    (
      .damagedSecret(label: "parlay", changes: ["without the quotes around it"]),
      "signed with the secret parlay without the quotes around it, not as it is configured here"
    ),
    (
      .notASecret(label: "parlay", .masked),
      "the secret for parlay is masked: copy the whole value, not the one with stars"
    ),
    (
      .newlineOrBOM("got a newline at its end"),
      "the signature is that of a body which then got a newline at its end; so something between the signer "
        + "and here seems to have changed it"
    ),
    (
      .bodyReserialised(style: "compact"),
      "the signature is that of the same JSON written otherwise: compact; so something between the signer and "
        + "here seems to have changed it"
    ),
    (
      .charsetDamage(.replacementCharacter(offset: 9)),
      "at byte 9 stands U+FFFD, which takes the place of bytes that are lost"
    ),
    (.charsetDamage(.notUTF8), "the body is not UTF-8"),
    (.truncatedBody(.statedSize(10, actual: 8)), "Content-Length says 10 bytes, and 8 came"),
    (.truncatedBody(.roundSize(4096)), "the body has exactly 4096 bytes, a common size of buffers"),
    (.wrappedBody(.compressed("br")), "the body is compressed with br"),
    (.wrappedBody(.form), "the body is a form, not a document"),
    (
      .repeatedHeader(lines: 2, matching: 1),
      "the signature header stands 2 times; line 1 is right, so the others seem to have been added"
    ),
    (.otherProvider(.parable, label: "parable"), "this is a delivery of Parable, signed with parable"),
    (
      .otherSignedText(layout: "t:body", digest: "HMAC-SHA1"),
      "the signature is the HMAC-SHA1 of t:body; due is HMAC-SHA256 of t.body in hexadecimal"
    ),
    (
      .headerBodyDisagree(header: "X", says: "a", field: "event", but: "b"),
      "X says a, but event in the body is b"
    ),
    (
      .editedInTransit(delivery: 3, offset: 12),
      "delivery 3 with the same id verifies, and from byte 12 on this one differs from it"
    ),
    (
      .unknown(ruledOut: ["one", "two"], tried: 5),
      "none of 5 candidates reproduces the signature; ruled out: one, two"
    ),
  ]

  @Test("each cause has its own sentence", arguments: sentences.indices)
  func detail(index: Int) {
    #expect(Self.sentences[index].0.detail == Self.sentences[index].1)
  }

  @Test("every cause has a sentence in this table, a title and a remedy of one line")
  func complete() {
    #expect(Set(Self.sentences.map(\.0.id)) == Set(Cause.ID.allCases))
    for (cause, _) in Self.sentences {
      #expect(!cause.id.title.isEmpty)
      #expect(cause.remedy.hasSuffix(".") && cause.remedy.utf8.count < 100)
    }
  }

  @Test("the table of rules has a row for each cause, in order")
  func rules() {
    #expect(CauseRule.all.map(\.id) == Cause.ID.allCases.dropLast())
  }

  @Test("what is surer comes first")
  func levels() {
    #expect(Cause.Level.allCases.sorted() == [.proven, .seen, .likely, .unknown])
  }

  @Test("received names in a sentence can drive no terminal")
  func printable() {
    #expect(Printable.short("a\u{1B}[2Jb\u{202E}é", limit: 20) == "a?[2Jb??")
    #expect(Printable.short("abcdef", limit: 3) == "abc...")
    let near = NearHeader.all(in: Headers([.init("X-\u{1B}-Signature", "x")])).first
    #expect(Cause.noSignatureHeader(near).detail == "X-?-Signature is there, which no provider here uses")
  }
}
