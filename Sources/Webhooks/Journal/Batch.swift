public import DequeModule

extension Journal {
  /// Where a reader stands.
  public struct Cursor: Sendable, Equatable {
    var delivery: UInt64 = 0
    var incident: UInt64 = 0
    var outcome: UInt64 = 0

    public init() {}
  }

  /// What came since a cursor's last reading.
  public struct Batch: Sendable {
    public var deliveries: [Delivery] = []
    /// The same, packed; none where they are kept as they are.
    public var packs: [PackedDeliveries] = []
    public var incidents: [Incident] = []
    /// What happened to deliveries of this batch and of those before it, in order.
    public var outcomes: [OutcomeChange] = []
    /// Deliveries that were evicted before this reader saw them.
    public var missed = 0
    public var missedIncidents = 0
    /// The oldest delivery in the ring; what is before it has been evicted, but for what is spared.
    public var firstKept: UInt64 = 1
    /// Those before it that are kept for being marked, oldest first.
    public var spared: Deque<Delivery> = []
    public var counts = Counts()

    public init() {}

    public var isEmpty: Bool {
      deliveries.isEmpty && incidents.isEmpty && outcomes.isEmpty && missed == 0 && missedIncidents == 0
    }
  }
}
