/// Some of the kept deliveries, to be used one after the other: the request of a packed one is freed after its turn.
public struct PickedDeliveries: Sequence, Sendable {
  private let kept: Deliveries
  private let numbers: [UInt64]

  /// Those of the kept ones that have these numbers; one that is not kept is left out.
  public init(of kept: Deliveries, _ numbers: some Sequence<UInt64>) {
    self.kept = kept
    self.numbers = numbers.filter(kept.holds)
  }

  /// Deliveries that need not be kept.
  public init(_ deliveries: [Delivery]) {
    kept = Deliveries(deliveries)
    numbers = deliveries.map(\.sequence)
  }

  public var count: Int { numbers.count }

  public func makeIterator() -> some IteratorProtocol<Delivery> {
    numbers.lazy.compactMap { kept.look(at: $0) }.makeIterator()
  }
}
