internal import Synchronization

/// Sees when the configuration file in force is another one than was read last.
///
/// It looks twice a second, on a queue of its own; the file is read by whoever is told.
final class ConfigurationWatch: Sendable {
  private struct State {
    /// What was read last.
    var read: FileStamp
    var seen: FileStamp
    var isChanged = false
  }

  private let path: String
  private let state: Mutex<State>
  private let looks = RegularLook(at: "configuration file", every: 500)

  init(_ file: ConfigurationFile) {
    path = file.path
    state = Mutex(State(read: file.stamp, seen: file.stamp))
  }

  /// Looks from now on by itself; `act` is called on another thread where something has changed.
  func start(_ act: @escaping @Sendable () -> Void) {
    looks.start { [weak self] in if self?.look() == true { act() } }
  }

  /// Ends that; nothing is called any more once it has returned.
  func stop() { looks.stop() }

  /// Whether the file is to be read again, asked once for each change.
  func takeChange() -> Bool {
    state.withLock { state in
      defer { state.isChanged = false }
      return state.isChanged
    }
  }

  /// Returns whether the file has changed, and stays as it is: an editor may be writing it. One that is gone may be about
  /// to be replaced, and stays in force.
  func look() -> Bool {
    guard let stamp = FileStamp(of: path) else { return false }
    return state.withLock { state in
      defer { state.seen = stamp }
      guard stamp == state.seen, stamp != state.read else { return false }
      state.read = stamp
      state.isChanged = true
      return true
    }
  }
}
