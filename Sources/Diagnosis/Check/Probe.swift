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

  /// What a probe is made from.
  public enum Source: Sendable {
    /// The delivery, signed now.
    case delivery
    /// The probe that is sent as it is, once more byte by byte.
    case lastGood
  }

  /// The name in files.
  public let id: String
  /// What is sent, in words.
  public let title: String
  public let expectation: Expectation
  /// What another answer than the expected one says of the app.
  private let otherwise: Verdict
  public let source: Source
  /// Whether the documented samples look at what it changes.
  let isJudgedBySamples: Bool
  /// How it differs from the good delivery; nil if it doesn't.
  private let change: (@Sendable (inout SignedDraft) throws -> Void)?

  init(
    _ id: String, _ title: String, _ expectation: Expectation, otherwise: Verdict = .wrong,
    from source: Source = .delivery, isJudgedBySamples: Bool = true,
    _ change: (@Sendable (inout SignedDraft) throws -> Void)? = nil
  ) {
    self.id = id
    self.title = title
    self.expectation = expectation
    self.otherwise = otherwise
    self.source = source
    self.isJudgedBySamples = isJudgedBySamples
    self.change = change
  }

  /// Whether it is sent as it is.
  public var isUnchanged: Bool { change == nil }

  /// Returns a well-signed delivery with the probe's change, or nil if its scheme or its body can't be changed this way.
  public func applied(to draft: SignedDraft) -> SignedDraft? {
    guard let change else { return draft }
    // What still is the good delivery must not be sent as a forged one: the app would be right to take it.
    return draft.changed(by: change).flatMap { $0.isSent(like: draft) ? nil : $0 }
  }

  /// What a right verifier does, in a word for people.
  public var expected: String { otherwise == .right ? "either" : expectation.rawValue }

  /// What an answer to it says of the app.
  /// - Parameter status: nil if no complete response arrived.
  public func verdict(on status: Int?) -> Verdict {
    let isAccepted = status?.isAcceptedStatus ?? false
    return isAccepted == (expectation == .accept) ? .right : otherwise
  }
}

extension Probe {
  /// All of them, in the order in which they are sent.
  public static let all: [Probe] =
    good + headers + [
      Probe("wrong-secret", "signed with another secret", .refuse) { try $0.signWithAnotherSecret() },
      Probe("flipped-byte", "one byte of the body changed", .refuse) { try $0.damage(flipped) },
      Probe("flipped-signature", "one digit of the signature changed", .refuse) {
        try $0.rewrite { try $0.changeSignature { $0.value = flippedDigit($0.value) } }
      },
    ] + times + spellings + bodies

  private static let good = [
    Probe("good", "signed now", .accept), Probe("duplicate", "the same again", .accept, from: .lastGood),
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
    Probe("two-signatures-right-last", "two signatures, last one right", .accept, otherwise: .right) {
      try $0.addUnrelated(atEnd: false)
    },
    Probe("two-signatures-right-first", "two signatures, first one right", .accept, otherwise: .right) {
      try $0.addUnrelated(atEnd: true)
    },
    Probe("short-signature", "the signature cut to 32 digits", .refuse) {
      try $0.rewriteDigits(longerThan: 32) { Array($0.prefix(32)) }
    },
    Probe("text-behind-signature", "text behind the signature", .refuse, otherwise: .lenient) {
      try $0.rewrite { try $0.changeSignature { $0.value += Array("xyz".utf8) } }
    },
    Probe("no-time", "no time of signing", .refuse) { try $0.leaveOutTime() },
    Probe("time-not-a-number", "a signed time that is not a number", .refuse) {
      try $0.sign(timeAnd: "abc")
    },
  ]

  private static let bodies = [
    Probe("reserialised-body", "the same JSON, written otherwise", .refuse) { try $0.damage(reserialised) },
    Probe(
      "unknown-event", "an event type that nobody knows", .accept, otherwise: .lenient,
      isJudgedBySamples: false
    ) {
      try $0.nameUnknownEvent()
    },
  ]

  @Sendable private static func flipped(_ body: [UInt8]) -> [UInt8]? {
    guard let place = placeToFlip(in: body) else { return nil }
    var body = body
    // A letter stays one: they are flipped by their places in the alphabet.
    let letter = body[place].isASCIILetter ? (body[place] | 0x20) - UInt8(ascii: "a") : 0
    body[place] = body[place].isASCIILetter ? body[place] - letter + (letter ^ 1) : body[place] ^ 1
    return body
  }

  /// Where a byte can be changed so that a JSON document stays one: an app would refuse a broken one for that, and not
  /// for its signature. Returns nil if no value has such a byte.
  private static func placeToFlip(in body: [UInt8]) -> Int? {
    guard let outline = JSONOutline(body) else { return lastSign(of: body[...]) ?? body.indices.last }
    for token in outline.tokens.reversed() {
      switch token.kind {
      case .number where body[token.end - 1].isASCIIDigit: return token.end - 1
      case .string where !token.isEscaped:
        if let place = lastSign(of: body[token.range]) { return place }
      default: break
      }
    }
    return nil
  }

  /// The last digit, or else the last letter: another digit leaves most texts what they are, times among them.
  private static func lastSign(of text: ArraySlice<UInt8>) -> Int? {
    text.lastIndex(where: \.isASCIIDigit) ?? text.lastIndex(where: \.isASCIILetter)
  }

  @Sendable private static func flippedDigit(_ digits: [UInt8]) -> [UInt8] {
    digits.prefix(1).map { $0 == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0") }
      + digits.dropFirst()
  }

  @Sendable private static func reserialised(_ body: [UInt8]) -> [UInt8]? {
    JSONSpacing.all.lazy
      .compactMap { Reserialisations.written(body, in: JSONStyle(spacing: $0, order: .asSent)) }
      .first { $0 != body }
  }
}

extension SignedDraft {
  fileprivate mutating func signWithAnotherSecret() throws {
    if scheme.kind == .token { return signUnrelated() }
    try requireHMAC()
    let key = MACKey(secret.bytes + Array("-another".utf8), digest: scheme.digest)
    guard let mac = key?.digest(text(at: now).parts) else { throw NotApplicable() }
    write(mac)
  }

  /// Whether both go over the wire as the same bytes.
  fileprivate func isSent(like other: SignedDraft) -> Bool {
    body == other.body && signedHeaders == other.signedHeaders
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
