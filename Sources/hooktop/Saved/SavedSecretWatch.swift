internal import Dispatch
internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Sender
internal import Synchronization
internal import Webhooks

/// Finds the saved signing secrets, and sees when one of them changes: a rotation then leaves no gap.
///
/// It looks twice a second, on a queue of its own, and when the receiver asks, which is before it refuses a
/// delivery.
final class SavedSecretWatch: Sendable {
  /// Between two looks, in milliseconds.
  private static let interval = 500
  /// The receiver asks for each forged delivery: it is not looked again within so many nanoseconds.
  private static let pause: UInt64 = 5_000_000

  private struct State {
    var files: [String: SavedSecrets.File] = [:]
    /// What has changed since the screen was last told.
    var untold: [Rotation] = []
    var lookedAt: UInt64 = 0
    var warnings: [String] = []
  }

  /// Where they are; nil where there is no home to look in.
  let place: SavedSecrets?
  private let providers: Providers
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "saved secrets")
  private let timer = Mutex<(any DispatchSourceTimer)?>(nil)

  /// Reads what is saved now.
  /// - Parameter saved: nil where there is no home to look in.
  init(_ saved: SavedSecrets?, providers: Providers) {
    place = saved
    self.providers = providers
    state.withLock { $0.files = saved?.files(of: providers, knowing: [:]) ?? [:] }
  }

  /// Where this user's secrets are.
  convenience init(providers: Providers) { self.init(try? .ofUser(), providers: providers) }

  /// The secrets that were found, in the order of their names.
  var secrets: [SigningSecret] {
    state.withLock { state in state.files.sorted { $0.key < $1.key }.compactMap(\.value.secret) }
  }

  /// Why some of what was found can't be used.
  var warnings: [String] { state.withLock { $0.files.sorted { $0.key < $1.key }.compactMap(\.value.fault) } }

  /// Looks from now on by itself; `act` is called on another thread where something has changed.
  func start(_ act: @escaping @Sendable () -> Void) {
    guard place != nil else { return }
    timer.withLock { timer in
      let source = DispatchSource.makeTimerSource(queue: queue)
      let interval = DispatchTimeInterval.milliseconds(Self.interval)
      source.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(50))
      source.setEventHandler { [weak self] in if self?.look() == true { act() } }
      source.resume()
      timer = source
    }
  }

  /// Ends that; nothing is called any more once it has returned.
  func stop() {
    timer.withLock { timer in
      timer?.cancel()
      timer = nil
    }
    queue.sync {}
  }

  /// Brings a keyring up to date; false where it is already.
  func renew(_ keyring: inout Keyring) -> Bool {
    look(atMostEvery: Self.pause)
    return keyring.take(state.withLock { $0.untold })
  }

  /// What has changed, and was not forgotten since, oldest first.
  var untold: [Rotation] { state.withLock { $0.untold } }

  /// Forgets the first changes: they have been told, and are in the receiver's keyring.
  func forget(_ count: Int) { state.withLock { $0.untold.removeFirst(count) } }

  /// Looks for changes; true where there are some.
  @discardableResult
  private func look(atMostEvery pause: UInt64 = 0) -> Bool {
    guard let saved = place else { return false }
    return state.withLock { state in
      guard Clock.now - state.lookedAt >= pause else { return false }
      state.lookedAt = Clock.now
      let before = state.files
      state.files = saved.files(of: providers, knowing: before)
      let now = Timestamp.now()
      let changes = state.files.compactMap { name, file -> Rotation? in
        guard let new = file.secret else { return nil }
        let old = before[name]?.secret
        return old?.isSame(as: new) == true ? nil : Rotation(from: old, to: new, at: now)
      }
      state.untold += changes
      return !changes.isEmpty
    }
  }
}

extension SavedSecrets {
  /// One of the files, as it was when it was last read.
  struct File {
    fileprivate let stamp: Stamp
    /// nil where there is none in it that can be used.
    var secret: SigningSecret?
    /// Why not, in one line.
    var fault: String?
  }

  /// What tells whether a file is still the same.
  fileprivate struct Stamp: Equatable {
    let inode: ino_t
    let size: off_t
    let (seconds, nanoseconds): (Int, Int)

    init(_ status: stat) {
      inode = status.st_ino
      size = status.st_size
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  /// No more than so many are looked at.
  private static let fileLimit = 256
  /// The longest file that is taken for a secret, in bytes.
  private static let sizeLimit: off_t = 1 << 16

  /// The secrets of known providers, by the names of their files.
  /// - Parameter known: what was read before: what has not changed is not read again. A secret stays known where its file
  ///   can't be read, or is gone: deliveries signed with it may be on their way.
  fileprivate func files(of providers: Providers, knowing known: [String: File]) -> [String: File] {
    var files = known
    for name in names {
      guard let (provider, id) = Self.owner(of: name, among: providers) else { continue }
      let label = "\(provider.name)/\(id.text.prefix(40))"
      let path = "\(folder)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      let stamp = Stamp(status)
      guard known[name]?.stamp != stamp else { continue }
      var file = File(stamp: stamp, secret: known[name]?.secret)
      do {
        guard status.st_size <= Self.sizeLimit else {
          throw FileError.tooLarge(path: path, limit: Int(Self.sizeLimit))
        }
        var bytes = try FileStream(path).readToEnd(atMost: Int(Self.sizeLimit))
        if bytes.last == 0x0A { bytes.removeLast() }
        let text = try SecretSourceError.text(bytes, of: label, from: path)
        file.secret = try SigningSecret(text, label: label, provider: provider)
        file.secret?.webhook = id.text
      } catch {
        file.fault = "the saved secret \(label) can't be used: \(error)"
      }
      files[name] = file
    }
    return files
  }

  /// The names in the folder, those that begin with a dot left out.
  private var names: [String] {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while names.count < Self.fileLimit, let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Whose secret a file of this name holds, and the id of its webhook: `parlay-wh_1`.
  private static func owner(of name: String, among providers: Providers) -> (Provider, APIID)? {
    // The longest name: one provider's may be the beginning of another's.
    let owners = providers.all.filter { name.hasPrefix($0.name + "-") }
    guard let provider = owners.max(by: { $0.name.count < $1.name.count }),
      let id = APIID(name.utf8.dropFirst(provider.name.utf8.count + 1))
    else { return nil }
    return (provider, id)
  }
}
