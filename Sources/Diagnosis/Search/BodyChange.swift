internal import JSON

/// What happened to a body on the way, as the difference between what came and what was signed.
enum BodyChange: Sendable {
  case edge(EdgeChange)
  case reserialised(JSONStyle)
  case charset(CharsetDamage)
  case wrapped(BodyWrapping)
  /// The sender signed another text.
  case instead(SignedInstead)
  /// The sender signed the body in another encoding, most of which lose characters.
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

  /// Whether it says what the sender signed, rather than what happened to the body after that.
  var isOfSender: Bool {
    switch self {
    case .instead, .lossy: true
    default: false
    }
  }
}

/// A body that may have been signed, and how it comes from the one that was received.
///
/// Every change is kept with the bytes on both sides of it, so that what is said of it can be read from them.
struct BodyCandidate: Sendable {
  /// A change that was undone; shared by all candidates that come after it.
  final class Step: Sendable {
    let change: BodyChange
    /// The bytes that it was made of, nearer to what was signed.
    let before: [UInt8]
    /// The bytes that it made, nearer to what was received.
    let after: [UInt8]
    /// The step that happened after this one; nil for the last step.
    fileprivate let next: Step?

    fileprivate init(_ change: BodyChange, before: [UInt8], after: [UInt8], next: Step?) {
      (self.change, self.before, self.after, self.next) = (change, before, after, next)
    }
  }

  let bytes: [UInt8]
  private let firstStep: Step?

  /// The body as received.
  init(received bytes: [UInt8]) { self.init(bytes: bytes, firstStep: nil) }

  private init(bytes: [UInt8], firstStep: Step?) {
    self.bytes = bytes
    self.firstStep = firstStep
  }

  /// The last change that happened comes first; none for the body as received.
  var steps: [Step] { sequence(first: firstStep) { $0?.next }.compactMap(\.self).reversed() }

  /// Whether it is the body as received.
  var isReceived: Bool { firstStep == nil }

  /// The candidate with one more change undone.
  ///
  /// nil if that changes nothing, or leads back to bytes that it was made of: a change that these bytes do not show
  /// explains nothing, and would be told of as if it had happened.
  func undoing(_ change: BodyChange, to original: [UInt8]) -> BodyCandidate? {
    guard original != bytes else { return nil }
    var step = firstStep
    while let known = step {
      guard known.after != original else { return nil }
      step = known.next
    }
    return BodyCandidate(
      bytes: original, firstStep: Step(change, before: original, after: bytes, next: firstStep))
  }

  var changes: [BodyChange] { steps.map(\.change) }

  /// What happened to the body after it was signed, in that order.
  var stepsOnTheWay: [Step] { steps.prefix { !$0.change.isOfSender }.reversed() }

  /// What the sender signed in place of the body, and then how that text differs from it at its ends.
  var stepsOfSender: ArraySlice<Step> { steps.drop { !$0.change.isOfSender } }

  /// The candidate with `end` behind its document and nothing in front, told as a change of its ends; nil if no one
  /// change makes that difference.
  func ended(by end: [UInt8]) -> BodyCandidate? {
    let document = self.document
    guard !document.isEmpty else { return nil }
    if document.startIndex == 0, bytes[document.endIndex...].elementsEqual(end) { return self }
    // One letter stands for the document.
    let letter = UInt8(ascii: "x")
    let frame = Array(bytes[..<document.startIndex]) + [letter] + bytes[document.endIndex...]
    let due = [letter] + end
    let change = EdgeChange.allCases.first { $0.undone(frame) == due }
    return change.flatMap { undoing(.edge($0), to: document + end) }
  }

  /// The bytes without the white space around them.
  var document: ArraySlice<UInt8> { bytes[...].trimmed { $0 == 0x20 || 0x09...0x0A ~= $0 || $0 == 0x0D } }
}

/// The result of making a candidate.
enum BodyAttempt: Sendable {
  case made(BodyCandidate)
  /// It would take more memory than is allowed.
  case tooLarge
}
