import Glibc

/// What two pieces of work cost, measured side by side: whether one grows faster than it may, on a machine of any speed
/// and with whatever else runs on it.
public struct Cost: CustomStringConvertible {
  /// In nanoseconds of processor time, the least of all rounds.
  public private(set) var plain = Int.max
  public private(set) var hostile = Int.max
  private let factor: Int
  private let slack: Int

  /// Measures both in turns, until `hostile` is within its bound or five rounds are over: what else the machine does
  /// can only add to a round.
  /// - Parameters:
  ///   - slack: in nanoseconds, what `hostile` may cost beyond `factor` times `plain`.
  ///   - plain: returns what it cost, by `Cost.ofThread`.
  public init(
    factor: Int, slack: Int, plain plainCost: () throws -> Int, hostile hostileCost: () throws -> Int
  ) rethrows {
    (self.factor, self.slack) = (factor, slack)
    for _ in 1...5 where !isWithinBound {
      plain = min(plain, try plainCost())
      hostile = min(hostile, try hostileCost())
    }
  }

  public var isWithinBound: Bool { plain < .max && hostile <= factor * plain + slack }

  public var description: String { "\(hostile) ns, where \(factor) × \(plain) ns + \(slack) ns are allowed" }

  /// The processor time that this thread takes for `work`, in nanoseconds.
  public static func ofThread(_ work: () throws -> Void) rethrows -> Int {
    let start = threadTime()
    try work()
    return threadTime() - start
  }

  /// The processor time that this thread has taken so far, in nanoseconds.
  public static func threadTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
