internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// Finds the saved signing secrets, and sees when one of them changes: a rotation then leaves no gap.
///
/// It looks on a queue of its own: at the folder, which a saved secret changes, twenty times a second, and at each file
/// twice. It also looks when the receiver asks, which is before it refuses a delivery.
final class SavedSecretWatch: Sendable {
  /// Between two glances at the folder, in milliseconds: for so long the secret before a rotation is still accepted.
  private static let interval = 50
  /// After so many glances the files are looked at in any case: one may have been written in its place.
  private static let glances = 10
  /// The receiver asks for each forged delivery: it is not looked again within so many nanoseconds, unless the folder has
  /// changed.
  private static let pause: UInt64 = 5_000_000
  /// A folder may have changed again without another stamp for so many nanoseconds: systems stamp by their ticks.
  private static let tick = 10_000_000

  private struct State {
    var contents = SavedSecrets.Contents()
    /// What has changed since the screen was last told.
    var untold: [Rotation] = []
    var lookedAt: UInt64 = 0
    /// How many glances there were since it was last looked at the files, and how the folder was at the last one.
    var glances = 0
    var folder: FileStamp?
    /// How the folder was when the files were looked at last, and whether what changed since would show.
    var seen: (folder: FileStamp?, isSettled: Bool) = (nil, false)
  }

  /// Where they are; nil if there is no home to look in.
  let place: SavedSecrets?
  private let providers: Providers
  private let state = Mutex(State())
  private let looks = RegularLook(at: "saved secrets", every: SavedSecretWatch.interval)

  /// Reads what is saved now.
  /// - Parameter saved: nil if there is no home to look in.
  init(_ saved: SavedSecrets?, providers: Providers) {
    place = saved
    self.providers = providers
    if let saved { state.withLock { saved.read(&$0.contents, of: providers) } }
  }

  /// Where this user's secrets are.
  convenience init(providers: Providers) { self.init(try? .ofUser(), providers: providers) }

  /// The secrets that were found, in the order of their names.
  var secrets: [SigningSecret] {
    state.withLock { $0.contents.inOrder.compactMap(\.secret) }
  }

  /// Why some of what is there can't be used, or should not stay as it is.
  var warnings: [String] {
    state.withLock { state in
      [state.contents.fault].compactMap { $0 }
        + state.contents.inOrder.flatMap { [$0.fault, $0.exposure] }.compactMap { $0 }
    }
  }

  /// Looks from now on by itself; `act` is called on another thread where something has changed.
  func start(_ act: @escaping @Sendable () -> Void) {
    guard place != nil else { return }
    looks.start { [weak self] in if self?.glance() == true { act() } }
  }

  /// Ends that; nothing is called any more once it has returned.
  func stop() { looks.stop() }

  /// Brings a keyring up to date; false if it is already.
  func renew(_ keyring: inout Keyring) -> Bool {
    look(atMostEvery: Self.pause)
    return keyring.take(state.withLock { $0.untold })
  }

  /// What has changed, and was not forgotten since, oldest first.
  var untold: [Rotation] { state.withLock { $0.untold } }

  /// Forgets the first changes: they have been told, and are in the receiver's keyring.
  func forget(_ count: Int) { state.withLock { $0.untold.removeFirst(count) } }

  /// Uses a secret that could not be saved as if it were, until another is.
  func use(_ unsaved: SigningSecret, of id: APIID) {
    guard let saved = place else { return }
    let name = saved.path(of: unsaved.provider, id).fileName
    state.withLock { state in
      let old = state.contents.files[name]?.secret
      state.contents.files[name, default: SavedSecrets.File()].secret = unsaved
      state.untold.append(Rotation(from: old, to: unsaved, at: .now()))
    }
  }

  /// Looks for changes where the folder is another than before, or it is time to; true if there are some.
  func glance() -> Bool {
    // Before the files are looked at: what changes from here on is seen at the next glance.
    let folder = place?.folderStamp
    let isDue = state.withLock { state in
      state.glances += 1
      defer { state.folder = folder }
      return state.folder != folder || state.glances >= Self.glances
    }
    return isDue && look()
  }

  /// Looks for changes; true if there are some.
  @discardableResult
  private func look(atMostEvery pause: UInt64 = 0) -> Bool {
    guard let saved = place else { return false }
    return state.withLock { state in
      // Before the files are read: what changes from here on shows.
      let folder = saved.folderStamp
      let isUnchanged = state.seen.isSettled && folder == state.seen.folder
      guard !isUnchanged || Clock.now - state.lookedAt >= pause else { return false }
      state.lookedAt = Clock.now
      let now = Timestamp.now()
      let age = folder.map { Int(now.microseconds) * 1000 - $0.writtenAt }
      state.seen = (folder, age.map { abs($0) > Self.tick } ?? true)
      state.glances = 0
      let before = state.contents.files
      saved.read(&state.contents, of: providers)
      let changes = state.contents.files.compactMap { name, file -> Rotation? in
        guard let new = file.secret else { return nil }
        let old = before[name]?.secret
        return old?.isSame(as: new) == true ? nil : Rotation(from: old, to: new, at: now)
      }
      state.untold += changes
      return !changes.isEmpty
    }
  }
}
