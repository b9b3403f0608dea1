internal import Glibc

/// What tells whether a file or a folder is still the same.
struct FileStamp: Equatable, Sendable {
  private let inode: ino_t
  private let size: off_t
  private let (seconds, nanoseconds): (Int, Int)
  private let mode: mode_t

  init(_ status: stat) {
    (inode, size, mode) = (status.st_ino, status.st_size, status.st_mode)
    (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  /// nil if there is no such file.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// When it was last written to, in nanoseconds since 1970.
  var writtenAt: Int { seconds * 1_000_000_000 + nanoseconds }
}
