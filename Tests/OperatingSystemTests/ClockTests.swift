import Testing

@testable import OperatingSystem

struct ClockTests {
  @Test("no deadline waits as long as the limit says, or without an end")
  func noDeadline() {
    #expect(Clock.milliseconds(until: nil, atMost: nil) == -1)
    #expect(Clock.milliseconds(until: nil, atMost: 100) == 100)
  }

  @Test("a deadline in the past does not wait, and one far away does not wait longer than a limit")
  func deadlines() {
    #expect(Clock.milliseconds(until: 0, atMost: nil) == 0)
    #expect(Clock.milliseconds(until: .max, atMost: nil) == .max)
    #expect(Clock.milliseconds(until: .max, atMost: 7) == 7)
  }

  @Test("what is left is rounded up, so that no wait ends before its deadline")
  func roundedUp() {
    let left = Clock.milliseconds(until: Clock.now + 60_000_000_001, atMost: nil)
    #expect((59_000...60_001).contains(left))
    #expect(Clock.milliseconds(until: Clock.now + 900_000, atMost: nil) <= 1)
  }
}
