import Glibc
import Synchronization

/// Wakes the main loop from any thread.
///
/// Wakes are coalesced: however many come before the loop looks, only the first costs a system call.
public final class Waker: Sendable {
  /// Readable while a wake is waiting.
  public let descriptor: Int32
  private let writer: Int32
  private let isPending = Atomic(false)

  public init() throws(SystemError) {
    let pipe = try Waker.openPipe()
    (descriptor, writer) = (pipe.reader, pipe.writer)
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  /// Makes the loop's wait return; what was published before is visible to it then.
  public func wake() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    while write(writer, &byte, 1) < 0, errno == EINTR {}
  }

  /// Forgets the wakes so far. Look at what they were about only after this: a wake in between writes
  /// nothing, and is seen by that look.
  public func drain() {
    Waker.empty(descriptor)
    _ = isPending.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// A pipe that neither blocks nor is handed to children.
  static func openPipe() throws(SystemError) -> (reader: Int32, writer: Int32) {
    var ends: (Int32, Int32) = (-1, -1)
    let result = withUnsafeMutablePointer(to: &ends) {
      $0.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
    }
    guard result == 0 else { throw .noDescriptors(code: errno) }
    for end in [ends.0, ends.1] {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends.0, ends.1)
  }

  /// Reads away what is in a pipe.
  static func empty(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}
