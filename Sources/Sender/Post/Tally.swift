/// What became of the deliveries of one volley.
public struct Tally: Sendable, Equatable {
  /// How many were answered, with any status.
  public private(set) var answered = 0
  /// How many were answered with a 2xx.
  public private(set) var accepted = 0
  /// How many got no answer.
  public private(set) var failed = 0
  /// Whether the task was cancelled before all were sent.
  public internal(set) var wasCancelled = false
  /// The error that made sending the rest pointless.
  public private(set) var stoppedBy: PostError?

  public init() {}

  mutating func add(_ report: PostReport) {
    switch report.result {
    case .success(let answer):
      answered += 1
      if answer.isAccepted { accepted += 1 }
    case .failure(let error):
      failed += 1
      if error.isAboutTheAddress, stoppedBy == nil { stoppedBy = error }
    }
  }
}
