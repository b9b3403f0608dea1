/// How long, how far and with how much memory a diagnosis may search, so that no sender can keep the machine busy.
public struct DiagnosisBudget: Sendable {
  /// The most candidates that are tried.
  public var candidates: Int
  /// The most time that is spent, in nanoseconds.
  public var nanoseconds: UInt64
  /// The most memory in bytes that what is made of a body may take at once, beside the body itself.
  public var bytes: Int
  /// A monotonic clock's reading in nanoseconds.
  public var clock: @Sendable () -> UInt64

  public init(
    candidates: Int, nanoseconds: UInt64, bytes: Int = 64 << 20, clock: @escaping @Sendable () -> UInt64
  ) {
    self.candidates = candidates
    self.nanoseconds = nanoseconds
    self.bytes = bytes
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

/// A share of a memory budget for each thing that a search makes of a body.
///
/// The search makes one candidate at a time and keeps none, but each may be made of another one, and an outline of
/// a body stands beside both.
struct SearchMemory: Sendable {
  /// The largest candidate, in bytes.
  let candidate: Int
  /// The most tokens of an outline: each takes 32 bytes, as many again while the outline grows, and its part in the
  /// orders of keys that are tried.
  let tokens: Int

  init(_ bytes: Int) {
    candidate = bytes / 5
    tokens = bytes / 192
  }

  /// For what a user tries by hand.
  static let byHand = SearchMemory(64 << 20)
}

/// Says that something was not made of a body, since it would take more memory than is allowed.
struct BodyTooLarge: Error {}
