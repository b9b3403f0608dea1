internal import JSON

/// What happened to a body on the way, as the difference between what came and what was signed.
enum BodyChange: Sendable {
  case edge(EdgeChange)
  case reserialised(JSONStyle)
  case charset(CharsetDamage)
  case wrapped(BodyWrapping)
  /// The brackets that close the document were missing; `bytes` is how many.
  case cutOff(bytes: Int)
  /// The body is that of an earlier delivery with the same id.
  case earlierDelivery(UInt64)
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
