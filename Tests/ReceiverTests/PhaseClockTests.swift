import NIOCore
import Testing
import Webhooks

@testable import Receiver

@Suite("The deadlines of a connection")
struct PhaseClockTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private var assembly = RequestAssembly(maxBody: 100, peer: "")

  private func clock() -> PhaseClock {
    PhaseClock(limits: HTTPServer.Limits(), maxBody: 100, acceptedAt: start)
  }

  @Test("a header is due ten seconds after the connection was accepted")
  func firstHeader() {
    var clock = clock()
    #expect(clock.deadline == start + .seconds(10))
    clock.update(assembly, at: start + .seconds(4))
    #expect(clock.phase == .header)
    #expect(clock.deadline == start + .seconds(10))
  }

  @Test("a phase takes so many bytes and no more, and the next one as many again")
  func size() {
    var clock = clock()
    clock.update(assembly, at: start)
    clock.count(128 << 10)
    #expect(!clock.isOverfull)
    clock.count(1)
    #expect(clock.isOverfull)
    var begun = assembly
    _ = begun.begin(RequestAssemblyTests.head())
    clock.update(begun, at: start)
    clock.count((128 << 10) + 600)
    #expect(!clock.isOverfull)
    clock.count(1)
    #expect(clock.isOverfull)
  }

  @Test("bytes that trickle in do not move a deadline")
  func trickle() {
    var clock = clock()
    for second in 1...9 { clock.update(assembly, at: start + .seconds(Int64(second))) }
    #expect(clock.deadline == start + .seconds(10))
    var begun = assembly
    _ = begun.begin(RequestAssemblyTests.head())
    for second in 9...20 {
      clock.update(begun, at: start + .seconds(Int64(second)))
      #expect(clock.phase == .body)
      #expect(clock.deadline == start + .seconds(9 + 30))
    }
  }

  @Test("an answered request leaves the connection idle, and the next one's header gets its own time")
  func idleThenHeader() {
    var clock = clock()
    var assembly = assembly
    _ = assembly.begin(RequestAssemblyTests.head())
    _ = assembly.end()
    clock.update(assembly, at: start)
    #expect(clock.phase == .idle)
    #expect(clock.deadline == start + .seconds(60))
    clock.update(assembly, at: start + .seconds(50))
    #expect(clock.phase == .header)
    #expect(clock.deadline == start + .seconds(60))
  }

  @Test("each of several requests in a row gets its own time for the body")
  func bodies() {
    var clock = clock()
    var assembly = assembly
    _ = assembly.begin(RequestAssemblyTests.head())
    clock.update(assembly, at: start)
    _ = assembly.end()
    _ = assembly.begin(RequestAssemblyTests.head())
    clock.update(assembly, at: start + .seconds(20))
    #expect(clock.deadline == start + .seconds(50))
  }

  @Test("a closing connection has five seconds")
  func closing() {
    var clock = clock()
    var assembly = assembly
    _ = assembly.fail(.malformed("x"))
    clock.update(assembly, at: start)
    clock.update(assembly, at: start + .seconds(4))
    #expect(clock.phase == .closing)
    #expect(clock.deadline == start + .seconds(5))
  }
}
