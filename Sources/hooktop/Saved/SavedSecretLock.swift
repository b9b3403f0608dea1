internal import Glibc
internal import OperatingSystem
internal import Webhooks

/// Keeps everybody else from rotating a webhook's secret, until it is let go: the secret that was made last must be the
/// one that is saved last.
final class SavedSecretLock: Sendable {
  private let path: String
  private let descriptor: Int32

  fileprivate init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    unlink(path)
    close(descriptor)
  }
}

extension SavedSecrets {
  /// Locks the secret of a webhook; the folder must be there.
  /// - Throws: `SavedSecretError.busy` if somebody has locked it, `cannotWrite`.
  func lock(of provider: Provider, _ id: APIID) throws(SavedSecretError) -> SavedSecretLock {
    let path = "\(folder)/.\(provider.name)-\(id).lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
      let code = Self.lock(descriptor)
      // Whoever had it locked has removed the file: another process would lock a new one.
      if code == 0, Self.isNamed(descriptor, path) { return SavedSecretLock(path, descriptor) }
      close(descriptor)
      if code == EWOULDBLOCK { throw .busy(id) }
      guard code == 0 else { throw .cannotWrite(path: path, code: code) }
    }
  }

  /// Returns the error's code, or 0.
  private static func lock(_ descriptor: Int32) -> Int32 {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR else { return errno }
    }
    return 0
  }

  private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
    var named = stat()
    return stat(path, &named) == 0 && Descriptor.status(of: descriptor)?.st_ino == named.st_ino
  }
}
