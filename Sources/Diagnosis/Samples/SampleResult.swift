/// What a documented sample verifier does with a delivery, and why.
public enum SampleResult: Sendable, Equatable {
  /// The errors that the samples end in, named as their languages do.
  public enum Failure: String, Sendable, CaseIterable {
    case valueError = "ValueError"
    case overflowError = "OverflowError"
    case attributeError = "AttributeError"
    case typeError = "TypeError"
    case rangeError = "RangeError"
  }

  case accepts
  /// The sentence says at which step it gives up.
  case rejects(why: String)
  case fails(Failure, why: String)

  /// The word in files: `accept`, `reject` or `throws`.
  public var word: String {
    switch self {
    case .accepts: "accept"
    case .rejects: "reject"
    case .fails: "throws"
    }
  }

  /// One sentence for the user.
  public var sentence: String {
    switch self {
    case .accepts: "it takes the delivery"
    case .rejects(let why): "it turns the delivery away: \(why)"
    case .fails(let failure, let why):
      "it ends in \(failure == .attributeError || failure == .overflowError ? "an" : "a") \(failure.rawValue): \(why)"
    }
  }
}
