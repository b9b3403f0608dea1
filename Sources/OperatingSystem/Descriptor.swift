public import Glibc

/// What the system does with an open file, pipe or terminal.
public enum Descriptor {
  /// Writes as much of `bytes` as is taken, however many calls that needs.
  ///
  /// Gives how many those were, and the system's error number where they were not all, else 0.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) -> (written: Int, code: Int32) {
    write(bytes[...], to: descriptor)
  }

  /// Writes a part of an array in the same way.
  public static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> (written: Int, code: Int32) {
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

  /// Reads a file at a place, however many calls that needs, and leaves alone where the next read goes on.
  ///
  /// Returns fewer than `count` bytes where the file ends before that, or nil if it can't be read.
  public static func read(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8]? {
    var hasFailed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let place = buffer.baseAddress.map { $0 + filled }
        let result = pread(descriptor, place, count - filled, off_t(offset + filled))
        if result < 0, errno == EINTR { continue }
        hasFailed = result < 0
        guard result > 0 else { return }
        filled += result
      }
    }
    return hasFailed ? nil : bytes
  }

  /// Returns what the system knows of it, or nil if it is not open.
  public static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }
}

/// The three descriptors that every program expects to find open.
public enum StandardStreams {
  /// Opens those that are closed on `/dev/null`.
  ///
  /// Otherwise the first pipe or socket would get their number, and what is meant for standard output or
  /// standard error would be written into it.
  public static func openClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing.
      _ = open("/dev/null", O_RDWR)
    }
  }
}

/// What `poll` reports about the three descriptors of the main loop; zero where nothing happened.
public struct Readiness {
  public private(set) var terminal: Int16 = 0
  public private(set) var signals: Int16 = 0
  public private(set) var waker: Int16 = 0
  private let descriptors: (terminal: Int32, signals: Int32, waker: Int32)

  public init(terminal: Int32, signals: Int32, waker: Int32) {
    descriptors = (terminal, signals, waker)
  }

  /// Waits until a descriptor is ready, a signal comes or the time is over; -1 waits without an end.
  public mutating func wait(milliseconds: Int32) {
    withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 3) { list in
      list[0] = pollfd(fd: descriptors.terminal, events: Int16(POLLIN), revents: 0)
      list[1] = pollfd(fd: descriptors.signals, events: Int16(POLLIN), revents: 0)
      list[2] = pollfd(fd: descriptors.waker, events: Int16(POLLIN), revents: 0)
      guard poll(list.baseAddress, nfds_t(list.count), milliseconds) > 0 else { return }
      (terminal, signals, waker) = (list[0].revents, list[1].revents, list[2].revents)
    }
  }
}
