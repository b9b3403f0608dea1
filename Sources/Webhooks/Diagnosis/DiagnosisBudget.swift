/// How long and how far a diagnosis may search, so that no sender can keep the processor busy.
public struct DiagnosisBudget: Sendable {
  /// The most candidates that are tried.
  public var candidates: Int
  /// The most time that is spent, in nanoseconds.
  public var nanoseconds: UInt64
  /// A monotonic clock's reading in nanoseconds.
  public var clock: @Sendable () -> UInt64

  public init(candidates: Int, nanoseconds: UInt64, clock: @escaping @Sendable () -> UInt64) {
    self.candidates = candidates
    self.nanoseconds = nanoseconds
    self.clock = clock
  }

  /// For a delivery that failed just now: half a second.
  public static func automatic(clock: @escaping @Sendable () -> UInt64) -> DiagnosisBudget {
    DiagnosisBudget(candidates: 100_000, nanoseconds: 500_000_000, clock: clock)
  }

  /// For a delivery that the user asks about: five seconds.
  public static func onDemand(clock: @escaping @Sendable () -> UInt64) -> DiagnosisBudget {
    DiagnosisBudget(candidates: 2_000_000, nanoseconds: 5_000_000_000, clock: clock)
  }

  /// The largest body in bytes that is diagnosed without being asked for.
  public static let automaticBodyLimit = 64 << 10
}
