import Glibc

/// What `poll` reports about the three descriptors of the main loop; zero where nothing happened.
struct Readiness {
  private(set) var terminal: Int16 = 0
  private(set) var signals: Int16 = 0
  private(set) var waker: Int16 = 0
  private let descriptors: (terminal: Int32, signals: Int32, waker: Int32)

  init(terminal: Int32, signals: Int32, waker: Int32) {
    descriptors = (terminal, signals, waker)
  }

  /// Waits until a descriptor is ready, a signal comes or the time is over; -1 waits without an end.
  mutating func wait(milliseconds: Int32) {
    withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 3) { list in
      list[0] = pollfd(fd: descriptors.terminal, events: Int16(POLLIN), revents: 0)
      list[1] = pollfd(fd: descriptors.signals, events: Int16(POLLIN), revents: 0)
      list[2] = pollfd(fd: descriptors.waker, events: Int16(POLLIN), revents: 0)
      guard poll(list.baseAddress, nfds_t(list.count), milliseconds) > 0 else { return }
      (terminal, signals, waker) = (list[0].revents, list[1].revents, list[2].revents)
    }
  }
}
