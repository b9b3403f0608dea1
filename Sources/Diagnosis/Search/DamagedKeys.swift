internal import Synchronization
internal import Webhooks

/// The keys that damage makes of others: made when a search first asks for them, and kept for the next search if they
/// are few.
final class DamagedKeys: Sendable {
  /// What the keys depend on besides the keyring.
  struct Question: Hashable {
    let provider: String?
    let endpoint: String?
    /// Whether each secret of the keyring was in force: some may have been replaced since.
    let isInForce: [Bool]
    let digests: [SignedForm.Digest]
  }

  /// A list of keys that is made once.
  private struct Kept: ~Copyable {
    private let keys = Mutex<[KeyCandidate]?>(nil)

    func made(by make: () -> [KeyCandidate]) -> [KeyCandidate] {
      keys.withLock { known in
        let keys = known ?? make()
        known = keys
        return keys
      }
    }
  }

  private let whole: [KeyCandidate]
  private let onceDamaged = Kept()
  private let twiceDamaged = Kept()
  private let oneCharacterAway = Kept()

  /// - Parameter whole: the keys that are not damaged.
  init(of whole: [KeyCandidate]) { self.whole = whole }

  /// Whether the lists take no more than a few megabytes: there are some twenty keys of one or two kilobytes for each
  /// character and digest.
  private var areFew: Bool { whole.reduce(0) { $0 + $1.text.count * $1.digestCount } <= 128 }

  /// The keys that are one change away.
  var once: [KeyCandidate] { areFew ? onceDamaged.made(by: damagedOnce) : damagedOnce() }

  private func damagedOnce() -> [KeyCandidate] {
    var seen = Set(whole.map(\.identity))
    return whole.flatMap { $0.damaged(unless: &seen) }
  }

  /// Hands each key that is two changes away to `visit` until that says to stop; gives whether it did.
  func visitTwice(_ visit: (KeyCandidate) -> Bool) -> Bool {
    let once = once
    var seen = Set((whole + once).map(\.identity))
    guard areFew else { return once.contains { $0.damaged(unless: &seen).contains(where: visit) } }
    return twiceDamaged.made { once.flatMap { $0.damaged(unless: &seen) } }.contains(where: visit)
  }

  /// Hands each key that one character makes of an own one to `visit` until that says to stop; gives whether it did.
  func visitOneCharacterAway(_ visit: (KeyCandidate) -> Bool) -> Bool {
    let changes: [SecretChange] = [.characterMissing, .charactersSwapped, .characterAdded]
    let own = whole.filter(\.isOwn)
    guard areFew else { return own.contains { $0.visitOneCharacterAway(changes, visit) } }
    return oneCharacterAway.made {
      var keys: [KeyCandidate] = []
      for key in own {
        _ = key.visitOneCharacterAway(changes) {
          keys.append($0)
          return false
        }
      }
      return keys
    }.contains(where: visit)
  }
}
