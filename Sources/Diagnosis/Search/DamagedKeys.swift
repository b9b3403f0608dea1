internal import Synchronization
internal import Webhooks

/// The keys that damage makes of others: each made when a search first asks for it, and kept for the next one where
/// they are few.
final class DamagedKeys: Sendable {
  /// What they are for, beside the keyring.
  struct Question: Hashable {
    let provider: String?
    let endpoint: String?
    /// Those of the keyring, in its order: some may have been replaced since.
    let isInForce: [Bool]
    let digests: [SignedForm.Digest]
  }

  /// Keys that are made once.
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

  /// - Parameter whole: the keys that nothing has happened to.
  init(of whole: [KeyCandidate]) { self.whole = whole }

  /// Whether all that is made of them takes no more than a few megabytes: some twenty keys, of a kilobyte or two, for
  /// each character and digest.
  private var areFew: Bool { whole.reduce(0) { $0 + $1.text.count * $1.digestCount } <= 128 }

  /// Those one change away.
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
