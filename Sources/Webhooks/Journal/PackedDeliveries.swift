internal import JSON

/// Deliveries of a recorded session that came together, ascending by sequence, in as little memory as their columns in
/// the list need: what many of them have in common is held once, and their requests stay in the file.
public final class PackedDeliveries: Sendable {
  /// What is often the same for many deliveries.
  fileprivate struct Traits: Hashable, Sendable {
    let provider: Provider?
    let event: ByteString?
    let livemode: Livemode
    /// Without its times.
    let verdict: Verdict
    let isDuplicate: Bool
    let attempt: Int
    /// Without its duration.
    let answer: Answer?
    let replayOf: UInt64?
    let endpoint: Endpoint?
    let target: ByteString
    let contentType: ByteString?
  }

  /// What is a delivery's own; a time that is not there is the least one there can be.
  private struct Record: Sendable {
    let sequence: UInt64
    let receivedAt: Int64
    let createdAt: Int64
    let startedAt: Int64
    let signedAt: Int64
    let age: Double
    let answeredAfter: Double
    let lineStart: Int
    let lineCount: UInt32
    let check: UInt32
    let line: UInt32
    let bodySize: UInt32
    let cost: UInt32
    /// The event's id begins there, and the delivery's behind it.
    let ids: UInt32
    let eventIDCount: UInt32
    let deliveryIDCount: UInt32
    let traits: UInt32
  }

  private static let noID = UInt32.max

  private let file: any LineStore
  private let records: [Record]
  private let traits: [Traits]
  /// The ids, one behind the other.
  private let texts: [UInt8]

  /// Packs deliveries whose requests are in one file; nil where there are none, or one is in none.
  public convenience init?(_ deliveries: [Delivery]) {
    guard let file = deliveries.first?.filed?.file else { return nil }
    var packing = Packing(room: deliveries)
    for delivery in deliveries.sorted(by: { $0.sequence < $1.sequence }) {
      guard let filed = delivery.filed, filed.file === file, packing.add(delivery, filed) else { return nil }
    }
    self.init(file, packing)
  }

  private init(_ file: any LineStore, _ packing: Packing) {
    self.file = file
    (records, traits, texts) = (packing.records, packing.traits, packing.texts)
  }
}

extension PackedDeliveries {
  public var count: Int { records.count }

  func sequence(at index: Int) -> UInt64 { records[index].sequence }

  func bodySize(at index: Int) -> Int { Int(records[index].bodySize) }

  /// Calls `visit` with each event type, and how many deliveries are of it.
  func countEvents(_ visit: (ByteString?, Int) -> Void) {
    var counts = [Int](repeating: 0, count: traits.count)
    for record in records { counts[Int(record.traits)] += 1 }
    for (traits, count) in zip(traits, counts) { visit(traits.event, count) }
  }

  /// Calls `visit` with the number of each delivery of a chain. None of them is made for that: whoever looks at a
  /// delivery asks for its chain.
  func visit(_ chain: EventChain, _ visit: (UInt64) -> Void) {
    let isWanted = traits.map { $0.provider == chain.provider && $0.replayOf == nil }
    let usesDeliveryID = chain.provider?.deliveryIDNamesChain == true
    for record in records where isWanted[Int(record.traits)] {
      let ids = ids(of: record)
      if (usesDeliveryID ? ids.delivery ?? ids.event : ids.event) == chain.key { visit(record.sequence) }
    }
  }

  /// The senders of its deliveries.
  var providers: some Sequence<Provider?> { traits.lazy.map(\.provider) }

  /// The delivery at a place, with its request in the file.
  func delivery(at index: Int) -> Delivery {
    let record = records[index]
    let traits = traits[Int(record.traits)]
    var verdict = traits.verdict
    verdict.timestamp = record.signedAt == .min ? nil : record.signedAt
    verdict.ageSeconds = record.age.isNaN ? nil : record.age
    var answer = traits.answer
    answer?.milliseconds = record.answeredAfter
    let filed = FiledRequest(
      file: file, place: record.lineStart..<record.lineStart + Int(record.lineCount), check: record.check,
      bodySize: Int(record.bodySize), contentType: traits.contentType)
    return Delivery(
      filed, target: traits.target, sequence: record.sequence,
      receivedAt: Timestamp(microseconds: record.receivedAt), envelope: envelope(record, traits),
      verdict: verdict, isDuplicate: traits.isDuplicate, attempt: traits.attempt, answer: answer,
      origin: .recorded(line: Int(record.line), replayOf: traits.replayOf), endpoint: traits.endpoint,
      cost: Int(record.cost))
  }

  private func ids(of record: Record) -> (event: ByteString?, delivery: ByteString?) {
    let start = Int(record.ids)
    let end = start + (record.eventIDCount == Self.noID ? 0 : Int(record.eventIDCount))
    return (
      record.eventIDCount == Self.noID ? nil : ByteString(texts, in: start..<end),
      record.deliveryIDCount == Self.noID
        ? nil : ByteString(texts, in: end..<end + Int(record.deliveryIDCount))
    )
  }

  private func envelope(_ record: Record, _ traits: Traits) -> Envelope {
    let ids = ids(of: record)
    var envelope = Envelope(
      provider: traits.provider, event: traits.event, eventID: ids.event, deliveryID: ids.delivery,
      livemode: traits.livemode)
    envelope.createdAt = Timestamp(packed: record.createdAt)
    envelope.startedAt = Timestamp(packed: record.startedAt)
    return envelope
  }

  /// What is packed so far.
  private struct Packing {
    var records: [Record] = []
    var traits: [Traits] = []
    var texts: [UInt8] = []
    private var places: [Traits: UInt32] = [:]

    /// - Parameter deliveries: which are to be packed, without room for more.
    init(room deliveries: [Delivery]) {
      records.reserveCapacity(deliveries.count)
      texts.reserveCapacity(
        deliveries.reduce(0) { sum, delivery in
          sum + (delivery.envelope.eventID?.count ?? 0) + (delivery.envelope.deliveryID?.count ?? 0)
        })
    }

    /// False where a number of the delivery is larger than can be packed.
    mutating func add(_ delivery: Delivery, _ filed: FiledRequest) -> Bool {
      let envelope = delivery.envelope
      guard let lineCount = UInt32(exactly: filed.place.count), let ids = UInt32(exactly: texts.count),
        let bodySize = UInt32(exactly: filed.bodySize), let cost = UInt32(exactly: delivery.cost),
        case .recorded(let line, _) = delivery.origin, let line = UInt32(exactly: line),
        let eventIDCount = append(envelope.eventID), let deliveryIDCount = append(envelope.deliveryID)
      else { return false }
      records.append(
        Record(
          sequence: delivery.sequence, receivedAt: delivery.receivedAt.microseconds,
          createdAt: envelope.createdAt?.microseconds ?? .min,
          startedAt: envelope.startedAt?.microseconds ?? .min, signedAt: delivery.verdict.timestamp ?? .min,
          age: delivery.verdict.ageSeconds ?? .nan, answeredAfter: delivery.answer?.milliseconds ?? 0,
          lineStart: filed.place.lowerBound, lineCount: lineCount, check: filed.check, line: line,
          bodySize: bodySize, cost: cost, ids: ids, eventIDCount: eventIDCount,
          deliveryIDCount: deliveryIDCount, traits: place(of: delivery, filed)))
      return true
    }

    private mutating func append(_ id: ByteString?) -> UInt32? {
      guard let id else { return noID }
      guard let count = UInt32(exactly: id.count), count < noID else { return nil }
      id.withBytes { texts.append(contentsOf: $0) }
      return count
    }

    private mutating func place(of delivery: Delivery, _ filed: FiledRequest) -> UInt32 {
      let traits = Traits(of: delivery, filed)
      if let place = places[traits] { return place }
      let place = UInt32(self.traits.count)
      // The line that they were read from is not kept.
      let own = traits.copied
      places[own] = place
      self.traits.append(own)
      return place
    }
  }
}

extension PackedDeliveries.Traits {
  fileprivate init(of delivery: Delivery, _ filed: FiledRequest) {
    let envelope = delivery.envelope
    var (verdict, answer) = (delivery.verdict, delivery.answer)
    (verdict.timestamp, verdict.ageSeconds) = (nil, nil)
    answer?.milliseconds = 0
    self.init(
      provider: envelope.provider, event: envelope.event, livemode: envelope.livemode, verdict: verdict,
      isDuplicate: delivery.isDuplicate, attempt: delivery.attempt, answer: answer,
      replayOf: delivery.replayOf, endpoint: delivery.endpoint, target: delivery.target,
      contentType: filed.contentType)
  }

  /// The same in storage of its own.
  fileprivate var copied: Self {
    var verdict = verdict
    verdict.secret = verdict.secret?.copied
    return Self(
      provider: provider, event: event?.copied, livemode: livemode, verdict: verdict,
      isDuplicate: isDuplicate, attempt: attempt, answer: answer, replayOf: replayOf, endpoint: endpoint,
      target: target.copied, contentType: contentType?.copied)
  }
}

extension Timestamp {
  fileprivate init?(packed microseconds: Int64) {
    guard microseconds != .min else { return nil }
    self.init(microseconds: microseconds)
  }
}
