internal import JSON

/// Finds the senders that a request's header fields speak of, in a time that does not depend on how many are known.
///
/// Made once for the senders in force. Each field of a request is looked up by a few of its bytes; only the names that
/// have these in common, which is hardly ever more than one, are compared.
struct SenderIndex: Sendable {
  /// How strong a hint a field is: the lowest goes before the others.
  enum Rank: Int, Sendable, Comparable {
    case signature, event, delivery
    /// A signature's field by a name that any sender may use.
    case commonSignature

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  /// That a field speaks of one of the senders.
  struct Hint: Sendable {
    let rank: Rank
    /// The sender's place in the list.
    let sender: Int

    func goesBefore(_ other: Hint) -> Bool {
      rank == other.rank ? sender < other.sender : rank < other.rank
    }
  }

  /// A field's name, and the strongest hint that it is: plain numbers, since each field of each request may meet one.
  private struct Entry: Sendable {
    /// Where `names` holds it, in lower case.
    let name: Range<Int>
    var first: Hint
    /// Whether other senders have it in common, with a hint of the same rank.
    var isShared = false
    /// Whose name has the same few bytes; -1 for none.
    let next: Int
  }

  /// Names of signature fields that belong to nobody.
  static let commonNames: Set<ByteString> = [
    "x-signature", "x-hub-signature", "signature", "x-webhook-signature",
  ]
  private static let bucketCount = 512
  /// How many user agents with one beginning are told apart.
  private static let nestedAgents = 8

  private var names: [UInt8] = []
  private var entries: [Entry] = []
  /// For each entry all of its hints, the strongest first, and then in the order of the list.
  private var hints: [[Hint]] = []
  private var buckets = [Int16](repeating: -1, count: bucketCount)
  /// What user agents begin with, sorted, and whose that is.
  private var agents: [(prefix: ByteString, sender: Int)] = []

  init(_ senders: [Provider]) {
    for (place, sender) in senders.enumerated() {
      for header in sender.scheme.headers {
        let isCommon = Self.commonNames.contains(ByteString(header).asciiLowercased)
        add(header, Hint(rank: isCommon ? .commonSignature : .signature, sender: place))
      }
      add(sender.eventHeader, Hint(rank: .event, sender: place))
      add(sender.deliveryHeader, Hint(rank: .delivery, sender: place))
      if let prefix = sender.userAgentPrefix, !prefix.isEmpty { agents.append((ByteString(prefix), place)) }
    }
    agents.sort { ($0.prefix, $0.sender) < ($1.prefix, $1.sender) }
  }

  private mutating func add(_ header: String, _ hint: Hint) {
    let name = header.utf8.map(\.asciiLowercased)
    guard !name.isEmpty, entries.count < Int(Int16.max) else { return }
    if let known = entries.firstIndex(where: { names[$0.name].elementsEqual(name) }) {
      // A sender's own names may be the same; the first of them is the strongest.
      guard !hints[known].contains(where: { $0.sender == hint.sender }) else { return }
      let place = hints[known].firstIndex { hint.goesBefore($0) } ?? hints[known].count
      hints[known].insert(hint, at: place)
      entries[known].first = hints[known][0]
      entries[known].isShared = hints[known][1].rank == hints[known][0].rank
    } else {
      let bucket = name.withUnsafeBufferPointer { Self.bucket(of: $0) }
      let place = names.count..<names.count + name.count
      names += name
      entries.append(Entry(name: place, first: hint, next: Int(buckets[bucket])))
      hints.append([hint])
      buckets[bucket] = Int16(entries.count - 1)
    }
  }

  /// A number made of a name's length and three of its bytes, whatever their case.
  @inline(__always)
  private static func bucket(of name: UnsafeBufferPointer<UInt8>) -> Int {
    let (last, middle) = (name.count - 1, name.count / 2)
    let bytes = (Int(name[middle] | 0x20), Int(name[last] | 0x20), Int(name[min(2, last)] | 0x20))
    return (name.count &* 37 &+ bytes.0 &* 5 &+ bytes.1 &* 11 &+ bytes.2 &* 17) & (bucketCount - 1)
  }

  /// The senders that a request speaks of by its strongest hint, in the order of the list: several where they have
  /// the field in common.
  /// - Parameter comparisons: counts how many names and user agents were compared.
  func senders(of headers: Headers, counting comparisons: inout Int) -> [Int] {
    guard let (entry, rank) = strongest(headers, &comparisons) else {
      guard let agent = headers.first("User-Agent") else { return [] }
      return sender(ofAgent: agent, &comparisons).map { [$0] } ?? []
    }
    return hints[entry].prefix { $0.rank == rank }.map(\.sender)
  }

  /// The first of `senders(of:)`, and whether there are others.
  func first(of headers: Headers, counting comparisons: inout Int) -> (sender: Int, isShared: Bool)? {
    guard let (entry, _) = strongest(headers, &comparisons) else {
      return headers.first("User-Agent").flatMap { sender(ofAgent: $0, &comparisons) }.map { ($0, false) }
    }
    return (entries[entry].first.sender, entries[entry].isShared)
  }

  private func strongest(_ headers: Headers, _ comparisons: inout Int) -> (entry: Int, rank: Rank)? {
    var best: (entry: Int, hint: Hint)?
    headers.forEachName { name in
      guard let entry = self.entry(name, &comparisons) else { return }
      let hint = entries[entry].first
      if best.map({ hint.goesBefore($0.hint) }) ?? true { best = (entry, hint) }
    }
    return best.map { ($0.entry, $0.hint.rank) }
  }

  private func entry(_ name: UnsafeBufferPointer<UInt8>, _ comparisons: inout Int) -> Int? {
    guard !name.isEmpty else { return nil }
    var entry = Int(buckets[Self.bucket(of: name)])
    while entry >= 0 {
      comparisons += 1
      if isSame(name, entries[entry].name) { return entry }
      entry = entries[entry].next
    }
    return nil
  }

  private func isSame(_ name: UnsafeBufferPointer<UInt8>, _ known: Range<Int>) -> Bool {
    guard name.count == known.count else { return false }
    for index in name.indices where name[index].asciiLowercased != names[known.lowerBound + index] {
      return false
    }
    return true
  }

  private func sender(ofAgent agent: ByteString, _ comparisons: inout Int) -> Int? {
    // The longest beginning of the agent sorts last among those that are not behind it, but for longer ones of the
    // same beginning.
    let count = Bisection.count(below: agents.count) { index in
      comparisons += 1
      return agents[index].prefix <= agent
    }
    return agents[..<count].suffix(Self.nestedAgents).last { agent.starts(with: $0.prefix) }?.sender
  }
}
