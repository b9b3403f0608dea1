public import Webhooks

/// Why a signature fails: one case for each cause, with what is known of it.
public enum Cause: Sendable, Equatable {
  case noSignatureHeader(NearHeader?)
  case malformedHeader(Verdict.Reason, offset: Int?, HeaderResemblance?)
  case toleratedOddity([HeaderOddity], takenBy: [SampleVerifier])
  case unreadableTimestamp(TimestampOddity)
  /// Seconds: the age is below zero for a `t` in the future.
  /// `isAlone` says that nothing else keeps the delivery from being valid.
  case outsideWindow(age: Double, tolerance: Double, isSigned: Bool, isAlone: Bool)
  case clockReplayOrQueue(ClockStory)
  /// The time of day is text, ready to be shown.
  case retiredSecret(label: String, retired: String)
  case otherSecret(label: String, OtherSecret)
  case damagedSecret(label: String, changes: [String])
  case notASecret(label: String, SecretWarning)
  case newlineOrBOM(String)
  case bodyReserialised(style: String)
  case charsetDamage(CharsetEvidence)
  case truncatedBody(Truncation)
  case wrappedBody(WrappingEvidence)
  case repeatedHeader(lines: Int, matching: Int?)
  case otherProvider(Provider, label: String)
  case otherSignedText(layout: String, digest: String)
  case headerBodyDisagree(header: String, says: String, field: String, but: String)
  case editedInTransit(delivery: UInt64, offset: Int?)
  case unknown(ruledOut: [String], tried: Int)

  /// How much is known: a candidate reproduces the MAC, a fact of the structure, indirect evidence, or nothing.
  public enum Level: String, Sendable, CaseIterable, Comparable {
    case proven, seen, likely, unknown

    private var rank: Int {
      switch self {
      case .proven: 0
      case .seen: 1
      case .likely: 2
      case .unknown: 3
      }
    }

    /// Whether the first is the surer one.
    public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
  }

  /// Whose secret signed instead.
  public enum OtherSecret: Sendable, Equatable {
    case of(Provider)
    /// One of the provider's own, which the verdict was made without.
    case addedLater
  }

  /// How a `t` is written that is not whole unix seconds.
  public enum TimestampOddity: Sendable, Equatable {
    case milliseconds, microseconds, date, otherSpelling, unreadable
    /// Signed as another text than the one that was sent: the seconds of a date, say.
    case signedOtherwise(TimestampSource)
  }

  /// Where the time that was signed comes from.
  public enum TimestampSource: Sendable, Equatable {
    case number, secondsOfMilliseconds, secondsOfMicroseconds, secondsOfDate
    case header(String)
    /// A second that stands nowhere, so many before the arrival.
    case arrival(secondsBefore: Int)
  }

  /// What the neighbours say about a `t` outside of the window. Times are in seconds.
  public enum ClockStory: Sendable, Equatable {
    case allShifted(seconds: Double, others: Int)
    case sameSignature(delivery: UInt64, secondsAgo: Double)
    case burst(deliveries: Int, seconds: Double)
    case onlyThisOne(freshOthers: Int)
    case heldUp(secondsAfterCreation: Double)
    /// `t` is in the future, and that of other deliveries is not.
    case ahead
    /// `t` is so much earlier than the event that the body tells of.
    case beforeItsEvent(seconds: Double)
    case noNeighbours
  }

  /// What speaks for damage to the characters.
  public enum CharsetEvidence: Sendable, Equatable {
    case undone(String)
    case replacementCharacter(offset: Int)
    case notUTF8
  }

  /// What speaks for a body that is not whole. Sizes are in bytes.
  public enum Truncation: Sendable, Equatable {
    case missingBrackets(Int)
    case statedSize(Int, actual: Int)
    case openJSON(offset: Int)
    case roundSize(Int)
  }

  /// What speaks for a body that was put into something, or taken out of it.
  public enum WrappingEvidence: Sendable, Equatable {
    case undone(String)
    case compressed(String)
    case form
  }
}
