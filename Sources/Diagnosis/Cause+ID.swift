extension Cause {
  /// The names of causes in files.
  public enum ID: String, Sendable, CaseIterable {
    case noSignatureHeader = "no-signature-header"
    case malformedHeader = "malformed-header"
    case toleratedOddity = "tolerated-oddity"
    case unreadableTimestamp = "unreadable-timestamp"
    case outsideWindow = "outside-window"
    case clockReplayOrQueue = "clock-replay-or-queue"
    case retiredSecret = "retired-secret"
    case otherSecret = "other-secret"
    case damagedSecret = "damaged-secret"
    case notASecret = "not-a-secret"
    case newlineOrBOM = "newline-or-bom"
    case bodyReserialised = "body-reserialised"
    case charsetDamage = "charset-damage"
    case truncatedBody = "truncated-body"
    case wrappedBody = "wrapped-body"
    case repeatedHeader = "repeated-header"
    case otherProvider = "other-provider"
    case otherSignedText = "other-signed-text"
    case headerBodyDisagree = "header-body-disagree"
    case editedInTransit = "edited-in-transit"
    /// No cause of the table: says what was ruled out.
    case unknown

    /// The cause in a few words, for a line of a list.
    public var title: String {
      switch self {
      case .noSignatureHeader: "no signature header"
      case .malformedHeader: "malformed header"
      case .toleratedOddity: "tolerated oddity"
      case .unreadableTimestamp: "t unreadable"
      case .outsideWindow: "outside the window"
      case .clockReplayOrQueue: "clock, replay or queue"
      case .retiredSecret: "old secret after rotation"
      case .otherSecret: "another secret"
      case .damagedSecret: "secret damaged when copied"
      case .notASecret: "not a signing secret"
      case .newlineOrBOM: "newline or byte order mark"
      case .bodyReserialised: "body re-serialised"
      case .charsetDamage: "charset damage"
      case .truncatedBody: "truncated body"
      case .wrappedBody: "wrapped body"
      case .repeatedHeader: "signature header repeated"
      case .otherProvider: "other provider's headers"
      case .otherSignedText: "other signed text"
      case .headerBodyDisagree: "header and body disagree"
      case .editedInTransit: "edited on the way"
      case .unknown: "unknown"
      }
    }
  }

  public var id: ID {
    switch self {
    case .noSignatureHeader: .noSignatureHeader
    case .malformedHeader: .malformedHeader
    case .toleratedOddity: .toleratedOddity
    case .unreadableTimestamp: .unreadableTimestamp
    case .outsideWindow: .outsideWindow
    case .clockReplayOrQueue: .clockReplayOrQueue
    case .retiredSecret: .retiredSecret
    case .otherSecret: .otherSecret
    case .damagedSecret: .damagedSecret
    case .notASecret: .notASecret
    case .newlineOrBOM: .newlineOrBOM
    case .bodyReserialised: .bodyReserialised
    case .charsetDamage: .charsetDamage
    case .truncatedBody: .truncatedBody
    case .wrappedBody: .wrappedBody
    case .repeatedHeader: .repeatedHeader
    case .otherProvider: .otherProvider
    case .otherSignedText: .otherSignedText
    case .headerBodyDisagree: .headerBodyDisagree
    case .editedInTransit: .editedInTransit
    case .unknown: .unknown
    }
  }
}
