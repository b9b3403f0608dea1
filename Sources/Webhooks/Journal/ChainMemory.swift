internal import JSON

/// What the ring remembers of the deliveries it keeps, by their keys: how often tried, and whether accepted.
///
/// It holds a key only while a delivery with it is kept, so the ring's bound is its bound too.
struct ChainMemory: Sendable {
  /// How a delivery stands to those before it.
  struct Standing: Equatable {
    /// Whether an earlier delivery with the same dedupe key was accepted.
    var isDuplicate = false
    /// Which attempt of its chain this is, from 1.
    var attempt = 1
  }

  private struct Key: Hashable {
    let provider: Provider?
    let text: ByteString
    /// A chain's key, where chains are not told apart by the event's id.
    let isChain: Bool

    // Ids hardly ever clash between providers, so that hashing their names would only cost time.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The same key for the table, which outlives the delivery that it was read from.
    var copied: Key { Key(provider: provider, text: text.copied, isChain: isChain) }
  }

  private struct Record {
    var kept = 0
    var attempts = 0
    var wasAccepted = false
  }

  private var records: [Key: Record] = [:]

  /// How a delivery that comes now stands to those that are remembered.
  func standing(of envelope: Envelope) -> Standing {
    let event = Self.eventKey(envelope).flatMap { records[$0] }
    let chain = Self.hasOwnChain(envelope) ? Self.chainKey(envelope).flatMap { records[$0] } : event
    return Standing(isDuplicate: event?.wasAccepted ?? false, attempt: (chain?.attempts ?? 0) + 1)
  }

  mutating func remember(_ envelope: Envelope, accepted: Bool) {
    if let key = Self.eventKey(envelope) { add(key, accepted: accepted) }
    if Self.hasOwnChain(envelope), let key = Self.chainKey(envelope) { add(key, accepted: accepted) }
  }

  mutating func forget(_ envelope: Envelope) {
    if let key = Self.eventKey(envelope) { remove(key) }
    if Self.hasOwnChain(envelope), let key = Self.chainKey(envelope) { remove(key) }
  }

  /// Whether the chain has another key than the event; where it has not, one record serves both.
  private static func hasOwnChain(_ envelope: Envelope) -> Bool {
    envelope.provider?.deliveryIDNamesChain ?? false
  }

  private static func eventKey(_ envelope: Envelope) -> Key? {
    envelope.dedupeKey.map { Key(provider: envelope.provider, text: $0, isChain: false) }
  }

  private static func chainKey(_ envelope: Envelope) -> Key? {
    envelope.chainKey.map { Key(provider: envelope.provider, text: $0, isChain: true) }
  }

  private mutating func add(_ key: Key, accepted: Bool) {
    guard let place = records.index(forKey: key) else {
      records[key.copied] = Record(kept: 1, attempts: 1, wasAccepted: accepted)
      return
    }
    records.values[place].kept += 1
    records.values[place].attempts += 1
    if accepted { records.values[place].wasAccepted = true }
  }

  private mutating func remove(_ key: Key) {
    guard let place = records.index(forKey: key) else { return }
    records.values[place].kept -= 1
    if records.values[place].kept == 0 { records.remove(at: place) }
  }
}
