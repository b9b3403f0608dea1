/// The bodies that one search has tried, as hashes: two that have the same one are the same, as good as surely.
struct TriedBodies {
  /// A few megabytes; bodies beyond that are not remembered, and may be tried again.
  private static let limit = 200_000
  private var hashes: Set<Int> = []

  /// Whether `body` is new.
  mutating func insert(_ body: [UInt8]) -> Bool {
    guard hashes.count < Self.limit else { return true }
    var hasher = Hasher()
    body.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hashes.insert(hasher.finalize()).inserted
  }
}
