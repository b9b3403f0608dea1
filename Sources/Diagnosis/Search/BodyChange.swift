internal import JSON

/// What happened to a body on the way, as the difference between what came and what was signed.
enum BodyChange: Sendable {
  case edge(EdgeChange)
  case reserialised(JSONStyle)
  case charset(CharsetDamage)
  case wrapped(BodyWrapping)
  /// The sender signed another text.
  case instead(SignedInstead)
  /// The sender signed the body in an encoding that loses characters.
  case lossy(LossyEncoding)
  /// A framework changed values.
  case edited(ValueEdit)
  /// The body came as a language prints a value.
  case printed(PrintedReading)
  case linesLost
  /// The brackets that close the document were missing; `bytes` is how many.
  case cutOff(bytes: Int)
  /// The body is that of an earlier delivery with the same id.
  case earlierDelivery(UInt64)

  var isEarlierDelivery: Bool { if case .earlierDelivery = self { true } else { false } }

  /// Whether the keys came in another order than they were signed in.
  var isReordered: Bool {
    if case .reserialised(let style) = self { style.order != .asSent } else { false }
  }
}

/// A body that may have been signed, and how it comes from the one that was received.
struct BodyCandidate: Sendable {
  let bytes: [UInt8]
  /// Empty for the body as received.
  let changes: [BodyChange]
}

/// What comes of making a candidate.
enum BodyAttempt: Sendable {
  case made(BodyCandidate)
  /// It would take more memory than is allowed.
  case tooLarge
}
