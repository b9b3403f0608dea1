/// What the ring remembers of the deliveries it keeps, by their keys: how often tried, and whether accepted.
///
/// It holds a key only while a delivery with it is kept, so the ring's bound is its bound too.
struct ChainMemory: Sendable {
  private struct Key: Hashable {
    let provider: Provider?
    let text: String
  }

  private struct Record {
    var kept = 0
    var attempts = 0
    var wasAccepted = false
  }

  private var events: [Key: Record] = [:]
  private var chains: [Key: Record] = [:]

  /// Whether an earlier delivery with the envelope's dedupe key was accepted.
  func isDuplicate(_ envelope: Envelope) -> Bool {
    Self.key(envelope.provider, envelope.dedupeKey).flatMap { events[$0] }?.wasAccepted ?? false
  }

  /// The number of the next attempt in the envelope's chain, from 1.
  func nextAttempt(_ envelope: Envelope) -> Int {
    1 + (Self.key(envelope.provider, envelope.chainKey).flatMap { chains[$0] }?.attempts ?? 0)
  }

  mutating func remember(_ envelope: Envelope, accepted: Bool) {
    Self.remember(Self.key(envelope.provider, envelope.dedupeKey), accepted: accepted, in: &events)
    Self.remember(Self.key(envelope.provider, envelope.chainKey), accepted: accepted, in: &chains)
  }

  mutating func forget(_ envelope: Envelope) {
    Self.forget(Self.key(envelope.provider, envelope.dedupeKey), in: &events)
    Self.forget(Self.key(envelope.provider, envelope.chainKey), in: &chains)
  }

  private static func key(_ provider: Provider?, _ text: String?) -> Key? {
    text.map { Key(provider: provider, text: $0) }
  }

  private static func remember(_ key: Key?, accepted: Bool, in records: inout [Key: Record]) {
    guard let key else { return }
    var record = records[key] ?? Record()
    record.kept += 1
    record.attempts += 1
    record.wasAccepted = record.wasAccepted || accepted
    records[key] = record
  }

  private static func forget(_ key: Key?, in records: inout [Key: Record]) {
    guard let key, var record = records[key] else { return }
    record.kept -= 1
    records[key] = record.kept > 0 ? record : nil
  }
}
