internal import Glibc

/// What the system does with an open file, pipe or terminal.
enum Descriptor {
  /// Writes as much of `bytes` as is taken, however many calls that needs.
  ///
  /// Gives how many those were, and the system's error number where they were not all, else 0.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> (written: Int, code: Int32) {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
          continue
        }
        guard count > 0 else { return (written, count < 0 ? errno : ENOSPC) }
        written += count
      }
      return (written, 0)
    }
  }

  /// What the system knows of it; nil where it is not open.
  static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }
}
