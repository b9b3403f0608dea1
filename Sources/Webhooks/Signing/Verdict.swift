public import JSON

/// What hooktop makes of a delivery's signature: a status, its reason, and the facts behind it.
public struct Verdict: Sendable, Hashable {
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
    case tokenDiffers = "token-differs"
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
      case .noV1Matches, .tokenDiffers: .mismatch
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
  /// Whether `t` lies inside the window; nil if there is no readable `t`.
  public var inWindow: Bool?
  /// Whether a secret reproduces a `v1`; nil if that could not be asked.
  public var macMatches: Bool?
  /// The fingerprint of the secret that matched: a label may be that of two, before and after a rotation. 0 if none has,
  /// and in what was recorded.
  package var fingerprint: UInt32 = 0
  /// The label of the secret that matched.
  public var secret: ByteString?
  public var secretsTried = 0
  public var signatureCount = 0
  public var usableSignatureCount = 0
  /// The byte of the signature header that makes it malformed.
  public var faultOffset: Int?
  /// How far `t` was allowed to lie from the arrival, in seconds; nil if that was not asked, or not recorded.
  public var tolerance: Double?

  public init(_ reason: Reason) {
    self.reason = reason
  }

  public var status: Status { reason.status }
}

extension Verdict.Reason {
  /// The wire name of a fault: schemes of `t=…,v1=…` have names of their own, as files have always had them.
  init(_ fault: SignatureReading.FaultKind, in scheme: SignatureScheme) {
    let isPairs = scheme.format.holdsTime
    let isHex = isPairs && scheme.format.encoding != .base64
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
      case .signatureNotHex: isHex ? .v1Not64Hex : .signatureNotHex
      case .signatureNotLowercase: isHex ? .v1NotLowercaseHex : .signatureNotHex
      case .signatureNotBase64: .signatureNotBase64
      case .signatureLength: isHex ? .v1Not64Hex : .signatureLength
      case .format: .format
      case .noID: .noID
      }
  }
}
