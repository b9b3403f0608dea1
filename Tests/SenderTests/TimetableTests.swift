import Testing

@testable import Sender

@Suite("When the deliveries of a replay are due")
struct TimetableTests {
  /// When those are due that came at these times, where the app answers each in turn after so long.
  private func due(_ pace: Replayer.Pace, arrivals: [Double] = [0, 1, 2, 3, 4], answers: [Double]) -> [Double]
  {
    var timetable = Timetable(pace)
    var now = 0.0
    return zip(arrivals, answers).map { arrival, answer in
      let due = timetable.due(arrival: arrival, at: now)
      now = max(now, due) + answer
      return due
    }
  }

  @Test("a rate is never exceeded, after an app that was slow neither")
  func rate() {
    #expect(due(.perSecond(2), answers: [0, 0, 0.25, 0, 0]) == [0, 0.5, 1, 1.5, 2])
    #expect(due(.perSecond(2), answers: [0, 10, 0, 0, 0]) == [0, 0.5, 10.5, 11, 11.5])
    #expect(due(.perSecond(2), answers: [0.75, 0.75, 0.75, 0, 0]) == [0, 0.75, 1.5, 2.25, 2.75])
  }

  @Test("the pauses of then are kept, and fast has none")
  func others() {
    #expect(due(.original, arrivals: [0, 5, 4, 9], answers: [0, 0, 0, 0]) == [0, 5, 4, 9])
    #expect(due(.fast, answers: [1, 2, 0, 3, 0]) == [0, 1, 3, 3, 6])
  }
}
