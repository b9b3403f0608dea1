import Dispatch
import NIOCore
import NIOPosix

/// The event loops of a receiver: one that accepts connections, and those that serve them.
struct Loops: Sendable {
  let acceptor = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let connections: MultiThreadedEventLoopGroup

  /// - Parameter connections: how many threads share them.
  init(connections: Int) {
    self.connections = MultiThreadedEventLoopGroup(numberOfThreads: connections)
  }

  /// Closes the listener and then all connections, and ends the threads; takes a second at most.
  ///
  /// One after the other, since a new connection needs a loop to serve it, and the gate that counts them is told of
  /// each that closes.
  func shutDown(after listener: (any Channel)? = nil) {
    let done = DispatchSemaphore(value: 0)
    let closed = listener?.close() ?? acceptor.next().makeSucceededVoidFuture()
    closed.whenComplete { _ in
      connections.shutdownGracefully(queue: .global()) { _ in
        acceptor.shutdownGracefully(queue: .global()) { _ in done.signal() }
      }
    }
    _ = done.wait(timeout: .now() + 1)
  }
}
