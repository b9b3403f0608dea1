internal import JSON
internal import Webhooks

/// One request that shows whether an app refuses what it must refuse, and takes what is right.
public struct Probe: Sendable {
  /// What a right verifier does.
  public enum Expectation: String, Sendable {
    case accept, refuse
  }

  /// What an app's answer says of it, as files say it.
  public enum Verdict: String, Sendable {
    case right
    /// It took a forgery, or refused what is right.
    case wrong
    /// It is more lenient than it should be, or refuses what it does not know, without harm.
    case lenient
  }

  /// The name in files.
  public let id: String
  /// What is sent, in words.
  public let title: String
  public let expectation: Expectation
  /// What another answer than the expected one says of the app.
  private let otherwise: Verdict
  private let change: @Sendable (inout SignedDraft) throws -> Void

  private init(
    _ id: String, _ title: String, _ expectation: Expectation, otherwise: Verdict = .wrong,
    _ change: @escaping @Sendable (inout SignedDraft) throws -> Void = { _ in }
  ) {
    self.id = id
    self.title = title
    self.expectation = expectation
    self.otherwise = otherwise
    self.change = change
  }

  /// A well signed delivery, changed as the probe says; nil where its scheme or its body does not allow that.
  public func applied(to draft: SignedDraft) -> SignedDraft? { draft.changed(by: change) }

  /// What an answer to it says of the app.
  /// - Parameter status: nil where there was no whole response.
  public func verdict(on status: Int?) -> Verdict {
    let isAccepted = status.map { (200..<300).contains($0) } ?? false
    return isAccepted == (expectation == .accept) ? .right : otherwise
  }
}

extension Probe {
  /// All of them, in the order in which they are sent.
  public static let all: [Probe] =
    good + headers + [
      Probe("wrong-secret", "signed with another secret", .refuse) { $0.signWithAnotherSecret() },
      Probe("flipped-byte", "one byte of the body changed", .refuse) { try $0.damage(flipped) },
      Probe("flipped-signature", "one digit of the signature changed", .refuse) {
        try $0.rewrite { try $0.changeSignature { $0.value = flippedDigit($0.value) } }
      },
    ] + times + spellings + bodies

  private static let good = [
    Probe("good", "signed now", .accept), Probe("duplicate", "the same again", .accept),
  ]

  private static let headers = [
    Probe("no-signature-header", "no signature header", .refuse) { $0.signatures = [] },
    Probe("empty-signature-header", "an empty signature header", .refuse) { $0.signatures = [[]] },
  ]

  private static let times = [
    Probe("stale", "signed 305 s ago", .refuse) { try $0.sign(secondsOff: -305) },
    Probe("future", "signed 330 s in the future", .refuse) { try $0.sign(secondsOff: 330) },
  ]

  // Some of the documented verifiers read the first of several signatures, some the last.
  private static let spellings = [
    Probe("upper-case-hex", "the signature in upper case", .refuse, otherwise: .lenient) {
      try $0.upperCaseDigits()
    },
    Probe("two-signatures-right-last", "two signatures, the right one last", .accept, otherwise: .right) {
      try $0.addUnrelated(atEnd: false)
    },
    Probe("two-signatures-right-first", "two signatures, the right one first", .accept, otherwise: .right) {
      try $0.addUnrelated(atEnd: true)
    },
    Probe("short-signature", "the signature cut to 32 digits", .refuse) {
      try $0.rewriteDigits(longerThan: 32) { Array($0.prefix(32)) }
    },
    Probe("text-behind-signature", "text behind the signature", .refuse, otherwise: .lenient) {
      try $0.rewrite { try $0.changeSignature { $0.value += Array("xyz".utf8) } }
    },
    Probe("no-time", "no time of signing", .refuse) { try $0.leaveOutTime() },
    Probe("time-not-a-number", "a time that is not a number, and signed so", .refuse) {
      try $0.sign(timeAnd: "abc")
    },
  ]

  private static let bodies = [
    Probe("reserialised-body", "the same JSON, written otherwise", .refuse) { try $0.damage(reserialised) },
    Probe("unknown-event", "an event type that nobody knows", .accept, otherwise: .lenient) {
      try $0.nameUnknownEvent()
    },
  ]

  @Sendable private static func flipped(_ body: [UInt8]) -> [UInt8]? {
    // A digit or a letter, so that the document stays one.
    guard let place = body.lastIndex(where: { $0.isASCIIDigit || $0.isASCIILetter }) else { return nil }
    var body = body
    body[place] ^= 1
    return body
  }

  @Sendable private static func flippedDigit(_ digits: [UInt8]) -> [UInt8] {
    var digits = digits
    guard let first = digits.first else { return digits }
    digits[0] = first == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    return digits
  }

  @Sendable private static func reserialised(_ body: [UInt8]) -> [UInt8]? {
    JSONSpacing.all.lazy
      .compactMap { Reserialisations.written(body, in: JSONStyle(spacing: $0, order: .asSent)) }
      .first { $0 != body }
  }
}

extension SignedDraft {
  fileprivate mutating func signWithAnotherSecret() {
    guard let key = MACKey(secret.bytes + Array("-another".utf8), digest: scheme.digest) else { return }
    write(key.digest(text(at: now).parts))
  }

  /// Names an event that no provider has, in the body and in the header for it.
  fileprivate mutating func nameUnknownEvent() throws {
    let event = Array("hooktop.unknown".utf8)
    guard !provider.eventPath.isEmpty || !provider.eventHeader.isEmpty else { throw NotApplicable() }
    if !provider.eventPath.isEmpty { try replace(provider.eventPath, with: event) }
    if !provider.eventHeader.isEmpty { set(provider.eventHeader, to: event) }
    sign()
  }

  /// Puts a signature of another text beside the right one.
  fileprivate mutating func addUnrelated(atEnd: Bool) throws {
    guard scheme.format.separator != nil, let mac = unrelatedMAC else { throw NotApplicable() }
    let other = SignatureHeader(scheme.format.written(mac, time: []), as: scheme.format)
    guard let place = other.signatureIndex else { throw NotApplicable() }
    let part = other.parts[place]
    try rewrite {
      guard let right = $0.signatureIndex else { throw NotApplicable() }
      $0.parts.insert(part, at: atEnd ? right + 1 : right)
    }
  }
}
