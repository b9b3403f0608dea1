internal import Screen
internal import Synchronization
internal import Webhooks

/// Work that must not keep the keys waiting: it is done in the background, and its result is a message.
public struct Job: Sendable {
  /// What a job is for; a new job takes the place of one that still waits with the same key.
  public enum Key: Hashable, Sendable {
    /// Finding out why the delivery of this sequence number failed.
    case diagnosis(UInt64)
    /// Working a what-if out.
    case trial
    /// Reading the selected delivery's request, which is in a file.
    case fetch
    /// Indexing the lines of the selected delivery's body.
    case document
    /// Comparing signed bytes with others.
    case comparison
    /// Comparing two deliveries.
    case difference
    /// Asking the filter of many or large deliveries.
    case filter
    /// Searching for the next delivery that holds a text.
    case find
    /// Searching a large body for a text.
    case search
    /// Reading a long string as text, or searching it.
    case text
    /// Folding a large body's nodes, or opening them.
    case fold
    /// Measuring long lines.
    case measure
    /// Counting what is kept.
    case summary
    /// Verifying what is kept with other secrets.
    case recheck
    /// Looking up the attempts at what the selected delivery delivers.
    case attempts
    /// Looking for what is to be copied.
    case copy
    /// Finding the values that a presentation hides.
    case mask
    /// Reading the values of one field.
    case field
    /// Holding a body against others.
    case shape
  }

  /// What goes first.
  public enum Priority: Int, Comparable, Sendable {
    /// Nobody asked: it must cost the receiver next to nothing.
    case unasked
    /// It is about the newest delivery, which following has selected: nobody asked for that either.
    case followed
    /// It is about what the user looks at.
    case selected
    /// The user asked for it and waits.
    case asked

    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

    /// Whether the user waits for it: it then ends the rest that other jobs are due.
    public var isUrgent: Bool { self >= .selected }
  }

  /// The largest body in bytes that is read while the keys wait; what reads a larger one is a job.
  static let inlineLimit = 64 << 10

  /// A monotonic clock's reading in nanoseconds.
  public typealias Clock = @Sendable () -> UInt64

  public let key: Key
  public let priority: Priority
  /// Which of several sets of secrets the job was made with: jobs of an earlier one that still wait are needless.
  public let generation: Int
  /// What the job keeps alive while it waits beside what is kept anyway, in bytes. A job that looks at all that is kept
  /// asks for it when it starts: one that held it would keep alive what is evicted meanwhile.
  public let bytes: Int
  /// Does the work on the calling thread. It ends soon after the clock reads `UInt64.max`, so that such a clock
  /// cancels it. What has reached the limit of its kind is given up: its message is `.overran`, never half a result.
  public let work: @Sendable (@escaping Clock) -> Message

  public init(
    _ key: Key, priority: Priority, generation: Int = 0, bytes: Int,
    work: @escaping @Sendable (@escaping Clock) -> Message
  ) {
    self.key = key
    self.priority = priority
    self.generation = generation
    self.bytes = bytes
    self.work = key.limited(work)
  }
}

extension Job.Key {
  /// Every kind, with any number where a kind has one.
  public static let kinds: [Job.Key] = [
    .diagnosis(0), .trial, .fetch, .document, .comparison, .difference, .filter, .find, .search, .text, .fold,
    .measure, .summary, .recheck, .attempts, .copy, .mask,
    .field, .shape,
  ]

  /// Whether a job of this kind reads everything that is kept, so that it can take as long as its limit.
  public var readsAllKept: Bool {
    switch self {
    case .filter, .find, .summary, .recheck, .attempts: true
    case .diagnosis, .trial, .fetch, .document, .comparison, .difference, .search, .text, .fold, .measure,
      .copy,
      .mask, .field, .shape:
      false
    }
  }

  /// How long a job of this kind may take, in seconds; nil if the job has a bound of its own, or comes in slices.
  public var limit: Int? {
    switch self {
    case .diagnosis, .filter: nil
    case .trial, .comparison, .difference, .summary, .attempts: 20
    case .fetch, .document, .find, .search, .text, .fold, .measure, .copy, .mask, .field, .shape: 30
    case .recheck: 60
    }
  }

  /// The same work, ended as if it were cancelled once it has taken as long as it may.
  fileprivate func limited(
    _ work: @escaping @Sendable (@escaping Job.Clock) -> Message
  ) -> @Sendable (@escaping Job.Clock) -> Message {
    guard let limit else { return work }
    return { clock in
      let end = clock().addingReportingOverflow(UInt64(limit) * 1_000_000_000).partialValue
      let isOver = Flag()
      let message = work {
        let now = clock()
        guard now > end, now < .max else { return now }
        isOver.set()
        return .max
      }
      return isOver.isSet ? .overran(self) : message
    }
  }
}

/// Something that a job says once, from whichever thread it works on.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
