internal import Glibc
internal import Webhooks

/// Keeps everybody else from rotating a webhook's secret, until it is let go: the secret that was made last must be the
/// one that is saved last.
final class SavedSecretLock: Sendable {
  private let descriptor: Int32

  fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}

extension SavedSecrets {
  /// Locks the secret of a webhook; the folder must be there.
  /// - Parameter waits: whether to wait for whoever has it locked, however long that takes.
  /// - Throws: `SavedSecretError.busy` where somebody has and it is not waited, `cannotWrite`.
  func lock(of provider: Provider, _ id: APIID, waits: Bool) throws(SavedSecretError) -> SavedSecretLock {
    // The file stays: whoever waits for one that was removed would wait beside those who make it anew.
    let path = "\(folder)/.\(provider.name)-\(id).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
    let lock = SavedSecretLock(descriptor)
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      guard errno != EWOULDBLOCK else { throw .busy(id) }
      guard errno == EINTR else { throw .cannotWrite(path: path, code: errno) }
    }
    return lock
  }
}
