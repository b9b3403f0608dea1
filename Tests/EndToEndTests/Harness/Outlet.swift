import Foundation
import Glibc

/// What a program writes to: a terminal or a named pipe.
struct Outlet {
  let path: String

  /// Whether it takes not even one more byte now.
  func isFull() throws -> Bool {
    let descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw NeverHappened("a way to \(path)", within: .zero, instead: "error \(errno)")
    }
    defer { close(descriptor) }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, 0) == 0
  }
}
