import Glibc
import Testing

@testable import OperatingSystem

struct WakerTests {
  @Test("a wake makes the descriptor readable until it is drained, however many come")
  func wake() throws {
    let waker = try Waker()
    #expect(!waker.isReadable)
    for _ in 0..<100_000 { waker.wake() }
    #expect(waker.isReadable)
    waker.drain()
    #expect(!waker.isReadable)
    waker.wake()
    #expect(waker.isReadable)
  }
}

extension Waker {
  fileprivate var isReadable: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) == 1
  }
}
