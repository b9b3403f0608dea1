import Synchronization

/// Remembers the kinds of the scalars that texts are made of: judging one takes 300 ns, and a frame may
/// hold thousands.
///
/// Unchecked, and sound: the table is never replaced or freed, each entry is atomic, and all threads
/// write the same value into it.
final class ScalarKindCache: @unchecked Sendable {
  static let shared = ScalarKindCache()

  /// The basic plane and the one with the emoji; the rest is rare.
  private static let size = 0x20000
  private static let unknown = UInt8.max

  private let entries: UnsafeMutablePointer<Atomic<UInt8>>

  private init() {
    entries = .allocate(capacity: ScalarKindCache.size)
    for index in 0..<ScalarKindCache.size {
      (entries + index).initialize(to: Atomic(ScalarKindCache.unknown))
    }
  }

  func kind(of scalar: Unicode.Scalar) -> ScalarKind {
    guard scalar.value < ScalarKindCache.size else { return ScalarKind(judging: scalar) }
    let index = Int(scalar.value)
    if let known = ScalarKind(rawValue: entries[index].load(ordering: .relaxed)) { return known }
    let kind = ScalarKind(judging: scalar)
    entries[index].store(kind.rawValue, ordering: .relaxed)
    return kind
  }
}
