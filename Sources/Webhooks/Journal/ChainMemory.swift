internal import JSON

/// What the ring remembers of the deliveries it keeps, by their keys: how often tried, and whether accepted.
///
/// Those whose signature was made with a known secret are counted apart from all others: what anybody can send must not
/// make a sender's delivery look like a later attempt.
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

  /// 64 bits of a hash that is keyed at random in each run. It keeps no bytes of a delivery alive; among 100,000 ids
  /// the odds that any two share one are 1 in 3,000,000,000, and a sender that does not know the key can't better them.
  private typealias Key = Int

  private struct Past {
    var attempts: UInt32 = 0
    var wasAccepted = false
  }

  private struct Record {
    var kept: UInt32 = 0
    private var verified = Past()
    private var others = Past()

    subscript(isVerified: Bool) -> Past {
      get { isVerified ? verified : others }
      set { if isVerified { verified = newValue } else { others = newValue } }
    }

    mutating func add(_ verdict: Verdict, isAccepted: Bool) {
      kept += 1
      self[verdict.isVerified].attempts &+= 1
      if isAccepted { accept(verdict) }
    }

    /// Counts one of the others among the verified ones.
    mutating func join(isAccepted: Bool) {
      if others.attempts > 0 { others.attempts -= 1 }
      verified.attempts &+= 1
      if isAccepted { verified.wasAccepted = true }
    }

    mutating func accept(_ verdict: Verdict) {
      if !verdict.status.isFailure { self[verdict.isVerified].wasAccepted = true }
    }
  }

  private var records: [Key: Record] = [:]

  /// How a delivery that comes now stands to those that are remembered.
  func standing(of envelope: Envelope, _ verdict: Verdict) -> Standing {
    let event = Self.eventKey(envelope).flatMap { records[$0] }
    let chain = Self.hasOwnChain(envelope) ? Self.chainKey(envelope).flatMap { records[$0] } : event
    let isVerified = verdict.isVerified
    return Standing(
      isDuplicate: event?[isVerified].wasAccepted ?? false,
      attempt: Int(chain?[isVerified].attempts ?? 0) + 1)
  }

  /// How many kept deliveries have the chain of this one.
  func count(inChainOf envelope: Envelope) -> Int {
    let key = Self.hasOwnChain(envelope) ? Self.chainKey(envelope) : Self.eventKey(envelope)
    return Int(key.flatMap { records[$0] }?.kept ?? 0)
  }

  /// - Parameter isAccepted: whether its sender was told that it is delivered.
  mutating func remember(_ envelope: Envelope, _ verdict: Verdict, isAccepted: Bool) {
    Self.forEachKey(envelope) { records[$0, default: Record()].add(verdict, isAccepted: isAccepted) }
  }

  /// Takes that the sender of a delivery that is remembered was told later that it is delivered.
  mutating func accept(_ envelope: Envelope, _ verdict: Verdict) {
    Self.forEachKey(envelope) { records[$0]?.accept(verdict) }
  }

  /// Takes that a delivery that is remembered as one of the others has been signed with a known secret, as is known now.
  mutating func join(_ envelope: Envelope, isAccepted: Bool) {
    Self.forEachKey(envelope) { records[$0]?.join(isAccepted: isAccepted) }
  }

  mutating func forget(_ envelope: Envelope) {
    Self.forEachKey(envelope) { remove($0) }
  }

  private static func forEachKey(_ envelope: Envelope, _ body: (Key) -> Void) {
    if let key = eventKey(envelope) { body(key) }
    if hasOwnChain(envelope), let key = chainKey(envelope) { body(key) }
  }

  /// Whether the chain has another key than the event; where it has not, one record serves both.
  private static func hasOwnChain(_ envelope: Envelope) -> Bool {
    envelope.provider?.deliveryIDNamesChain ?? false
  }

  private static func eventKey(_ envelope: Envelope) -> Key? {
    envelope.dedupeKey.map { key(envelope.provider, $0, isChain: false) }
  }

  private static func chainKey(_ envelope: Envelope) -> Key? {
    envelope.chainKey.map { key(envelope.provider, $0, isChain: true) }
  }

  private static func key(_ provider: Provider?, _ text: ByteString, isChain: Bool) -> Key {
    var hasher = Hasher()
    hasher.combine(isChain)
    hasher.combine(provider)
    hasher.combine(text)
    return hasher.finalize()
  }

  private mutating func remove(_ key: Key) {
    guard let place = records.index(forKey: key) else { return }
    records.values[place].kept -= 1
    if records.values[place].kept == 0 { records.remove(at: place) }
  }
}

extension Verdict {
  /// Whether a known secret made the signature, in time or not.
  public var isVerified: Bool { status == .valid || status == .stale }
}
