internal import Glibc
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// Answers the programs of the same user about a running monitor: a line of JSON for each line of JSON.
///
/// Each connection has a thread of its own, and none waits for another.
final class ControlServer: Sendable {
  /// The most connections at a time.
  private static let connectionLimit = 16
  /// The longest request, in bytes.
  static let lineLimit = 1 << 16
  /// How long a connection may be silent between requests, and an answer may wait to be read, in seconds.
  private static let patience: Int32 = 60

  private struct State {
    var connections: Set<Int32> = []
    var isStopped = false
    /// The path of the socket that is listened on.
    var path: String?
  }

  private let desk: ControlDesk
  private let state = Mutex(State())
  /// Ends the thread that accepts.
  private let ending: Waker

  /// - Throws: `SystemError.noDescriptors`.
  init(_ desk: ControlDesk) throws(SystemError) {
    self.desk = desk
    ending = try Waker()
  }

  /// Lets other programs of this user connect.
  func listen(in folder: ControlFolder, port: Int) throws(ControlError) {
    let listener = try folder.listen(forPort: port)
    state.withLock { $0.path = folder.socket(ofPort: port) }
    BackgroundThread.start { [self] in accept(listener) }
  }

  /// A connection from this program itself; nil if there is no room for one.
  func connect() -> Int32? {
    guard let ends = try? UnixSocket.pair() else { return nil }
    guard serve(ends.0) else {
      close(ends.1)
      return nil
    }
    return ends.1
  }

  /// Ends all connections, and takes the socket away.
  func stop() {
    let path = state.withLock { state in
      state.isStopped = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
      return state.path.take()
    }
    if let path { unlink(path) }
    ending.wake()
  }

  private func accept(_ listener: Int32) {
    defer { close(listener) }
    while !state.withLock({ $0.isStopped }) {
      var waiting = [listener, ending.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&waiting, nfds_t(waiting.count), -1)
      guard waiting[0].revents != 0 else { continue }
      let connection = UnixSocket.accept(listener)
      // Without descriptors left it would be ready again at once.
      if connection >= 0 { _ = serve(connection) } else { usleep(100_000) }
    }
  }

  /// Answers on a connection from a thread of its own; closes it where there are too many.
  private func serve(_ connection: Int32) -> Bool {
    let isTaken = state.withLock { state in
      guard !state.isStopped, state.connections.count < Self.connectionLimit else { return false }
      state.connections.insert(connection)
      return true
    }
    guard isTaken else {
      close(connection)
      return false
    }
    BackgroundThread.start { [self] in
      answer(connection)
      state.withLock { state in
        state.connections.remove(connection)
        // Under the lock: a new connection may get its number at once.
        close(connection)
      }
    }
    return true
  }

  private func answer(_ connection: Int32) {
    // What an agent asks for must not hold up what arrives.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    var lines = SessionLines(limit: Self.lineLimit)
    var pace = Pace()
    while let piece = UnixSocket.receive(from: connection, within: Self.patience) {
      for line in lines.lines(in: piece) {
        pace.keep()
        let answer = desk.answer(line.content, from: connection)
        guard UnixSocket.send(answer, to: connection, within: Self.patience) else { return }
      }
    }
  }
}

/// Lets no more than a hundred requests a second through, after the first hundred.
private struct Pace {
  private static let interval: UInt64 = 10_000_000
  private static let burst: UInt64 = 100

  /// When the next request would be due if all came evenly, in nanoseconds.
  private var due: UInt64 = 0

  mutating func keep() {
    let now = Clock.now
    due = max(due, now) + Self.interval
    let early = due - now
    let free = Self.interval * Self.burst
    if early > free { usleep(UInt32((early - free) / 1000)) }
  }
}
