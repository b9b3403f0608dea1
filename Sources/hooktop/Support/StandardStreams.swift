internal import Glibc

/// The three descriptors that every program expects to find open.
enum StandardStreams {
  /// Opens those that are closed on `/dev/null`.
  ///
  /// Otherwise the first pipe or socket would get their number, and what is meant for standard output or
  /// standard error would be written into it.
  static func openClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
