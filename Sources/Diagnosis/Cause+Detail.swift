internal import JSON
internal import Webhooks

extension Cause {
  /// What is known, in one or two sentences; received text in it is short and printable.
  public var detail: String {
    switch self {
    case .noSignatureHeader(let near): Self.detail(noHeader: near)
    case .malformedHeader(let reason, let offset, let resemblance):
      reason.summary + (offset.map { ", at byte \($0)" } ?? "") + (resemblance.map { "; \($0.words)" } ?? "")
    case .toleratedOddity(let oddities, let takers): Self.detail(oddities, takenBy: takers)
    case .unreadableTimestamp(let oddity): oddity.words
    case .outsideWindow(let age, let tolerance, let isSigned, let isAlone):
      Self.detail(age: age, tolerance, isSigned, isAlone)
    case .clockReplayOrQueue(let story): story.words
    case .retiredSecret(let label, let retired): "signed with \(label), retired \(retired)"
    case .otherSecret(let label, .of(let provider)):
      "signed with \(label), the secret of \(provider.title)"
    case .otherSecret(let label, .addedLater):
      "signed with \(label), which the verdict was made without"
    case .damagedSecret(let label, let changes):
      "signed with the secret \(label) \(changes.joined(separator: ", and then ")), not as it is configured here"
    case .notASecret(let label, let warning): warning.sentence(label: label)
    case .newlineOrBOM(let words): Self.inferred("the signature is that of a body which then \(words)")
    case .bodyReserialised(let style):
      Self.inferred("the signature is that of the same JSON written otherwise: \(style)")
    case .charsetDamage(let evidence): evidence.words
    case .truncatedBody(let truncation): truncation.words
    case .wrappedBody(let evidence): evidence.words
    case .repeatedHeader(let lines, let matching): Self.detail(lines: lines, matching: matching)
    case .otherProvider(let provider, let label):
      "this is a delivery of \(provider.title), signed with \(label)"
    case .otherSignedText(let layout, let digest):

      "the signature is the \(digest) of \(layout); due is HMAC-SHA256 of t.body in hexadecimal"
    case .headerBodyDisagree(let header, let says, let field, let but):
      "\(header) says \(says), but \(field) in the body is \(but)"
    case .editedInTransit(let delivery, let offset): Self.detail(editedSince: delivery, offset)
    case .unknown(let ruledOut, let tried): Self.detail(ruledOut, tried)
    }
  }

  /// A proof is about bytes; who changed them is not in it.
  private static func inferred(_ proof: String) -> String {
    proof + "; so something between the signer and here seems to have changed it"
  }

  private static func detail(noHeader near: NearHeader?) -> String {
    guard let near else { return "no header of the request looks like a signature" }
    let name = Printable.short(near.name, limit: 40)
    switch near.kind {
    case .misspelled(let provider): return "\(name) is there where \(provider.signatureHeader) is due"
    case .service(let title): return "\(name) is there, the signature header of \(title)"
    case .unknown: return "\(name) is there, which no provider here uses"
    }
  }

  private static func detail(_ oddities: [HeaderOddity], takenBy takers: [SampleVerifier]) -> String {
    let what = oddities.isEmpty ? "the header is unusual" : oddities.map(\.words).joined(separator: ", ")
    let who = SampleVerifier.allCases.filter(takers.contains).map(\.title)
    if who.isEmpty {
      return "the signature is right and the header is not: \(what); none of the documented samples takes it"
    }
    if who.count == SampleVerifier.allCases.count {
      return "\(what); all documented sample verifiers take it"
    }
    return "\(what); \(who.joined(separator: " and ")) would take it, the other samples would not"
  }

  private static func detail(age: Double, _ tolerance: Double, _ isSigned: Bool, _ isAlone: Bool) -> String {
    let limit = Durations.words(tolerance)
    let needed = ShortDecimal.text(abs(age).rounded(.up), decimals: 0) ?? "0"
    let direction = age < 0 ? "ahead of" : "before"
    let base = "t is \(Durations.words(abs(age))) \(direction) the arrival, and the window is \(limit)"
    guard isSigned else { return "\(base); no secret confirms this t" }
    guard isAlone else { return "besides, \(base)" }
    return abs(age) < 1e8 ? "\(base); with --tolerance \(needed) it would pass" : base
  }

  private static func detail(lines: Int, matching: Int?) -> String {
    let base = "the signature header stands \(lines) times"
    return matching.map { "\(base); line \($0) is right, so the others seem to have been added" } ?? base
  }

  private static func detail(editedSince delivery: UInt64, _ offset: Int?) -> String {
    offset.map {
      "delivery \(delivery) with the same id verifies, and from byte \($0) on this one differs from it"
    } ?? "the signature is that of the body of delivery \(delivery), which has the same id"
  }

  private static func detail(_ ruledOut: [String], _ tried: Int) -> String {
    guard tried > 0 else { return "nothing could be tried: " + ruledOut.joined(separator: "; ") }
    return "none of \(tried) candidate\(tried == 1 ? "" : "s") reproduces the signature; ruled out: "
      + ruledOut.joined(separator: ", ")
  }
}
