internal import Glibc

/// Connections between the programs of one user on one machine, by a file's name.
public enum UnixSocket {
  /// Why one can't be had.
  public enum Failure: Error, Hashable, Sendable {
    /// The name is longer than the system takes, in bytes.
    case nameTooLong(limit: Int)
    /// `code` is the system's error number.
    case system(code: Int32)
  }

  /// Listens under a name that must not exist; only this user can connect.
  /// - Returns: the listener's descriptor, from which `accept` takes connections.
  public static func listen(at path: String) throws(Failure) -> Int32 {
    try open(path) { descriptor, address, length in
      // The mode of the file that binding makes.
      fchmod(descriptor, 0o600) == 0 && bind(descriptor, address, length) == 0
        && Glibc.listen(descriptor, 128) == 0
    }
  }

  /// Connects to whoever listens under a name; a program that is stopped may be waited for, 2 s at most.
  public static func connect(to path: String) throws(Failure) -> Int32 {
    try open(path) { descriptor, address, length in
      var limit = timeval(tv_sec: 2, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
      return Glibc.connect(descriptor, address, length) == 0
    }
  }

  /// Returns whether there is a name under which nobody listens any more: where that is not known, there is not.
  public static func isAbandoned(_ path: String) -> Bool {
    do {
      close(try connect(to: path))
      return false
    } catch {
      return error == .system(code: ECONNREFUSED)
    }
  }

  /// Returns the next connection of a listener, or a negative number where there is none.
  public static func accept(_ listener: Int32) -> Int32 {
    let connection = Glibc.accept(listener, nil, nil)
    if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
    return connection
  }

  /// Returns two descriptors that are connected with each other.
  public static func pair() throws(Failure) -> (Int32, Int32) {
    var ends: (Int32, Int32) = (-1, -1)
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let result = withUnsafeMutablePointer(to: &ends) {
      $0.withMemoryRebound(to: Int32.self, capacity: 2) { socketpair(AF_UNIX, type, 0, $0) }
    }
    guard result == 0 else { throw .system(code: errno) }
    return ends
  }

  /// Sends all of `bytes`; false where the other side is gone, or takes nothing for `seconds`.
  public static func send(_ bytes: [UInt8], to descriptor: Int32, within seconds: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        let count = Glibc.send(descriptor, rest.baseAddress, rest.count, flags)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          guard wait(descriptor, for: POLLOUT, milliseconds: seconds * 1000) else { return false }
          continue
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Returns what has come, as soon as anything has; nil at the end, or where nothing comes for `seconds`.
  public static func receive(from descriptor: Int32, within seconds: Int32) -> [UInt8]? {
    while wait(descriptor, for: POLLIN, milliseconds: seconds * 1000) {
      var failure: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        let result = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        failure = result < 0 ? errno : 0
        count = max(0, result)
      }
      if failure == EINTR { continue }
      return piece.isEmpty ? nil : piece
    }
    return nil
  }

  /// Waits until the waker wakes, the other side is gone, or the deadline is reached.
  /// - Parameter deadline: a reading of `Clock`.
  /// - Returns: false where the other side is gone.
  public static func wait(for waker: Waker, until deadline: UInt64, orEndOf descriptor: Int32) -> Bool {
    var waiting = [
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: hangUp, revents: 0),
    ]
    poll(&waiting, nfds_t(waiting.count), Clock.milliseconds(until: deadline, atMost: nil))
    waker.drain()
    return waiting[1].revents == 0
  }

  /// Returns whether the other side has closed the connection.
  public static func isEnded(_ descriptor: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: hangUp, revents: 0)
    return poll(&waiting, 1, 0) != 0
  }

  /// `POLLRDHUP`, which Swift does not import: the other side has closed the connection, or its half of it.
  private static let hangUp: Int16 = 0x2000

  private static func wait(_ descriptor: Int32, for event: Int32, milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    var result: Int32 = 0
    repeat { result = poll(&waiting, 1, milliseconds) } while result < 0 && errno == EINTR
    return result > 0
  }

  private static func open(
    _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) throws(Failure) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard name.count < room, !name.contains(0) else { throw .nameTooLong(limit: room - 1) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(code: errno) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isUsed = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(descriptor, $0, length) }
    }
    guard isUsed else {
      let code = errno
      close(descriptor)
      throw .system(code: code)
    }
    return descriptor
  }
}
