internal import Webhooks

/// The try-it panel: a what-if about the selected delivery, and what came of it.
struct TryIt: Sendable {
  let delivery: Delivery
  var trial: Trial
  /// Which of the orders the outcome shown belongs to.
  var number = 0
  /// What came of it; nil while it is worked out.
  var outcome: Trial.Outcome?

  init(_ delivery: Delivery, tolerance: Double) {
    self.delivery = delivery
    trial = Trial(tolerance: tolerance)
  }

  /// Steps of the tolerance, in seconds.
  static let tolerances: [Double] = [0, 30, 60, 300, 900, 3600, 21600, 86400, 604_800, 31_536_000]

  /// Takes the next wider (1) or narrower (-1) tolerance.
  mutating func moveTolerance(_ step: Int) {
    let wider = Self.tolerances.first { $0 > trial.tolerance }
    let narrower = Self.tolerances.last { $0 < trial.tolerance }
    trial.tolerance = (step > 0 ? wider : narrower) ?? trial.tolerance
  }

  /// Takes the next body variant that can be, in either direction.
  mutating func moveVariant(_ step: Int) {
    let all = BodyVariant.all
    let current = all.firstIndex(of: trial.variant) ?? 0
    for distance in 1...all.count {
      let index = ((current + step * distance) % all.count + all.count) % all.count
      if all[index].applied(to: delivery.request.body) != nil {
        trial.variant = all[index]
        return
      }
    }
  }
}
