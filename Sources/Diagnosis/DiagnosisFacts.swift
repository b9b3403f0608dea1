/// What can be seen of a delivery before anything is tried.
public struct DiagnosisFacts: Sendable, Equatable {
  public let header: HeaderFacts
  public let clock: ClockFacts
  public let body: BodyFacts
}
