internal import Glibc
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// Hands what an agent writes on standard input to the server of its protocol, until it ends or a signal comes.
struct MCPLoop {
  /// Says that the agent reads no more.
  private final class Outlet: Sendable {
    private let lock = Mutex(false)
    let closed: Waker

    init() throws(SystemError) { closed = try Waker() }

    /// Writes a line, whole; nothing once one could not be written.
    func write(_ line: [UInt8]) {
      lock.withLock { isClosed in
        guard !isClosed else { return }
        do throws(OutputError) { try Console.output(line) } catch {
          isClosed = true
          closed.wake()
        }
      }
    }
  }

  private let server: MCPServer
  private let outlet: Outlet

  /// - Throws: `SystemError.noDescriptors`.
  init(_ monitor: MonitorLink, allowsActions: Bool) throws(SystemError) {
    let outlet = try Outlet()
    self.outlet = outlet
    server = MCPServer(monitor, allowsActions: allowsActions) { outlet.write($0) }
  }

  /// - Parameters:
  ///   - waker: wakes for news of a receiver of its own.
  ///   - news: is done at the start and at each wake.
  ///   - closing: is done at the end, whatever brings it.
  func run(wokenBy waker: Waker? = nil, news: () -> Void = {}, closing: () -> Void = {}) throws {
    let signals = try EndingSignals()
    signal(SIGPIPE, SIG_IGN)
    var lines = SessionLines(limit: MCPServer.messageLimit)
    while wait(or: signals, waker, news) {
      guard let piece = Self.read() else { break }
      for line in lines.lines(in: piece) { server.take(line.content) }
    }
    if let last = lines.finish() { server.take(last.content.asWhole) }
    if signals.received == nil { server.finish() }
    closing()
    if let signal = signals.received { EndingSignals.die(by: signal) }
  }

  /// Waits for input; false where a signal has come, or nobody reads the output.
  private func wait(or signals: EndingSignals, _ waker: Waker?, _ news: () -> Void) -> Bool {
    // poll passes over a descriptor below 0.
    let descriptors = [STDIN_FILENO, signals.descriptor, outlet.closed.descriptor, waker?.descriptor ?? -1]
    var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while signals.received == nil, waiting[2].revents == 0 {
      waker?.drain()
      news()
      if poll(&waiting, nfds_t(waiting.count), -1) > 0, waiting[0].revents != 0 { return true }
    }
    return false
  }

  /// What is there; nil at the end.
  private static func read() -> [UInt8]? {
    var result = 0
    let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      repeat {
        result = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
      } while result < 0 && errno == EINTR
      count = max(0, result)
    }
    return piece.isEmpty ? nil : piece
  }
}

extension SessionLines.Content {
  /// A last line without a newline is a message like any other.
  fileprivate var asWhole: SessionLines.Content {
    if case .unended(let bytes) = self { .whole(bytes) } else { self }
  }
}
