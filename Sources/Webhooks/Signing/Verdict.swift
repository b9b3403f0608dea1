public import JSON

/// What hooktop makes of a delivery's signature: a status, its reason, and the facts behind it.
public struct Verdict: Sendable, Equatable {
  /// The word that is shown, filtered by and written to files.
  public enum Status: String, Sendable, CaseIterable {
    case valid, missing, malformed, mismatch, stale, unchecked

    /// Whether the sender is refused: everything but valid and unchecked.
    public var isFailure: Bool { self != .valid && self != .unchecked }
  }

  /// Why the status is what it is; each reason belongs to one status.
  public enum Reason: String, Sendable, CaseIterable {
    case ok
    case noHeader = "no-header"
    case headerRepeated = "header-repeated"
    case headerEmpty = "header-empty"
    case partWithoutEquals = "part-without-equals"
    case spaceAroundKey = "space-around-key"
    case noT = "no-t"
    case tRepeated = "t-repeated"
    case tNotCanonicalDecimal = "t-not-canonical-decimal"
    case noV1 = "no-v1"
    case v1Not64Hex = "v1-not-64-hex"
    case v1NotLowercaseHex = "v1-not-lowercase-hex"
    case format
    case noSignature = "no-signature"
    case signatureNotHex = "signature-not-hex"
    case signatureNotBase64 = "signature-not-base64"
    case signatureLength = "signature-length"
    case noID = "no-id"
    case noV1Matches = "no-v1-matches"
    case tooOld = "too-old"
    case inFuture = "in-future"
    case noSecret = "no-secret"

    public var status: Status {
      switch self {
      case .ok: .valid
      case .noHeader: .missing
      case .headerRepeated, .headerEmpty, .partWithoutEquals, .spaceAroundKey, .noT, .tRepeated,
        .tNotCanonicalDecimal, .noV1, .v1Not64Hex, .v1NotLowercaseHex, .format, .noSignature,
        .signatureNotHex, .signatureNotBase64, .signatureLength, .noID:
        .malformed
      case .noV1Matches: .mismatch
      case .tooOld, .inFuture: .stale
      case .noSecret: .unchecked
      }
    }
  }

  // The order leaves no gaps: a ring keeps thousands of them.
  /// `t` in unix seconds, where it could be read.
  public var timestamp: Int64?
  public var reason: Reason
  /// Arrival less `t` in seconds; below zero for a `t` in the future.
  public var ageSeconds: Double?
  /// Whether `t` lies inside the window; nil where there is no readable `t`.
  public var inWindow: Bool?
  /// Whether a secret reproduces a `v1`; nil where that could not be asked.
  public var macMatches: Bool?
  /// The label of the secret that matched.
  public var secret: ByteString?
  public var secretsTried = 0
  public var v1Count = 0
  public var usableV1Count = 0
  /// The byte of the signature header that makes it malformed.
  public var faultOffset: Int?
  /// How far `t` was allowed to lie from the arrival, in seconds; nil where that was not asked, or not recorded.
  public var tolerance: Double?

  public init(_ reason: Reason) {
    self.reason = reason
  }

  public var status: Status { reason.status }
}

extension Verdict.Reason {
  /// What was found, in a few words: `no secret matches`.
  public var summary: String {
    switch self {
    case .ok: "signed by the holder of the secret"
    case .noHeader: "no signature header"
    case .headerRepeated: "the signature header stands more than once"
    case .headerEmpty: "the signature header is empty"
    case .partWithoutEquals: "a part of the header has no ="
    case .spaceAroundKey: "white space beside t or v1"
    case .noT: "the header has no t"
    case .tRepeated: "t stands more than once"
    case .tNotCanonicalDecimal: "t is not a plain decimal number"
    case .noV1: "the header has no v1"
    case .v1Not64Hex: "v1 is not 64 hexadecimal digits"
    case .v1NotLowercaseHex: "v1 is not in lower case"
    case .format: "the header is not written as the sender documents"
    case .noSignature: "the header has no signature"
    case .signatureNotHex: "the signature is not hexadecimal"
    case .signatureNotBase64: "the signature is not base64"
    case .signatureLength: "the signature has another length than its digest"
    case .noID: "the id that is signed is missing"
    case .noV1Matches: "no secret matches"
    case .tooOld: "signed too long ago"
    case .inFuture: "signed in the future"
    case .noSecret: "no secret to check it with"
    }
  }

  /// One sentence on what to do about it.
  public var remedy: String {
    switch self {
    case .ok: "Nothing is to be done."
    case .noHeader: "Send it with the signature header, or find what strips headers on the way."
    case .headerRepeated: "Find the proxy that adds a second signature header; only one may arrive."
    case .headerEmpty: "Find what empties the header on the way; the provider never sends it so."
    case .partWithoutEquals: "Send t=<seconds>,v1=<hex> with nothing between or after."
    case .spaceAroundKey: "Take out the spaces: t=<seconds>,v1=<hex>."
    case .noT: "Send t=<unix seconds> before v1; the time is part of what is signed."
    case .tRepeated: "Send one t; with two nobody can say which one was signed."
    case .tNotCanonicalDecimal: "Send t in whole unix seconds: digits only, no zero in front."
    case .noV1: "Send v1=<hex hmac-sha256 of t.body>."
    case .v1Not64Hex: "Send the whole HMAC-SHA256 as 64 hexadecimal digits, not base64 or cut short."
    case .v1NotLowercaseHex: "Print the HMAC in lower case: strict verifiers compare the text."
    case .format: "Send the header as the sender's scheme has it, with nothing before or after."
    case .noSignature: "Send the signature in the header, as the sender's scheme has it."
    case .signatureNotHex: "Print the digest in lower-case hexadecimal."
    case .signatureNotBase64: "Print the digest in base64 with padding."
    case .signatureLength: "Send the whole digest, not cut short, and of the scheme's hash function."
    case .noID: "Send the id in its header; it is part of what is signed."
    case .noV1Matches: "Compare the secret with the provider's, and verify the raw bytes, not parsed JSON."
    case .tooOld: "Check both clocks; if it was queued or replayed, have it sent again."
    case .inFuture: "Check both clocks: the sender's is ahead of this one, or t is in milliseconds."
    case .noSecret: "Give the secret: --secret NAME=env:VAR, or set the provider's variable."
    }
  }
}

extension Verdict.Reason {
  /// The wire name of a fault: schemes of `t=…,v1=…` have names of their own, as files have always had them.
  init(_ fault: SignatureReading.FaultKind, in scheme: SignatureScheme) {
    let isPairs = scheme.format.holdsTime
    self =
      switch fault {
      case .missing: .noHeader
      case .repeated: .headerRepeated
      case .empty: .headerEmpty
      case .partWithoutEquals: .partWithoutEquals
      case .spaceAroundKey: .spaceAroundKey
      case .noTime: .noT
      case .timeRepeated: .tRepeated
      case .timeNotDecimal: .tNotCanonicalDecimal
      case .noSignature: isPairs ? .noV1 : .noSignature
      case .signatureNotHex: isPairs ? .v1Not64Hex : .signatureNotHex
      case .signatureNotLowercase: isPairs ? .v1NotLowercaseHex : .signatureNotHex
      case .signatureNotBase64: .signatureNotBase64
      case .signatureLength: isPairs ? .v1Not64Hex : .signatureLength
      case .format: .format
      case .noID: .noID
      }
  }
}
