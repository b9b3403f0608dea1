extension Job {
  /// One part of a job that comes in parts, so that its progress is shown in between.
  struct Part {
    /// In nanoseconds.
    private static let length: UInt64 = 100_000_000

    private let clock: Clock
    private let end: UInt64

    /// Begins a part now.
    init(_ clock: @escaping Clock) {
      self.clock = clock
      end = clock().addingReportingOverflow(Self.length).partialValue
    }

    /// Whether its time is up, or the job is cancelled.
    var isOver: Bool { clock() > end }
  }
}
