internal import Screen
internal import Webhooks

/// What is known of the other attempts at what the delivery in the panes delivers.
struct AttemptsInView: Sendable {
  let sequence: UInt64
  fileprivate let chain: EventChain?
  fileprivate(set) var attempts: Attempts
  /// The ring is to be asked for them, again where one more has come.
  fileprivate var isOutdated = true
  fileprivate(set) var isAsked = false
  /// An attempt's sender has been told something since they were shown.
  fileprivate var isTold = false

  fileprivate init(of delivery: Delivery) {
    sequence = delivery.sequence
    chain = EventChain(of: delivery)
    attempts = Attempts([delivery])
  }

  /// Learns what the ring has that is new.
  mutating func take(_ batch: Journal.Batch) {
    guard let chain else { return }
    isOutdated = isOutdated || batch.deliveries.contains(where: chain.holds)
    if batch.outcomes.contains(where: { attempts[$0.sequence] != nil }) { isTold = true }
  }
}

extension Model {
  /// The lines about the attempts at what a delivery delivers.
  func attemptReport(on delivery: Delivery) -> AttemptReport {
    let known = attemptsInView?.sequence == delivery.sequence ? attemptsInView?.attempts : nil
    return AttemptReport(
      known ?? Attempts([delivery]), of: delivery, setting, list.outcomes, now: now)
  }

  /// Asks for the attempts of the event in the panes, where they are not known.
  mutating func lookUpAttempts() -> [Effect] {
    guard let delivery = inspection?.delivery else {
      attemptsInView = nil
      return []
    }
    if attemptsInView?.sequence != delivery.sequence { attemptsInView = AttemptsInView(of: delivery) }
    if attemptsInView?.isTold == true {
      attemptsInView?.isTold = false
      showAttempts()
    }
    guard let view = attemptsInView, view.chain != nil, view.isOutdated, !view.isAsked,
      !isFollowedFirst(delivery)
    else { return [] }
    attemptsInView?.isOutdated = false
    let received = original(delivery)
    guard ring.mayHoldAttempts(beside: received) else { return [] }
    attemptsInView?.isAsked = true
    let (kept, sequence, recheck) = (ring, delivery.sequence, recheck)
    // Following selects whatever arrives, which must not make a flood urgent.
    let priority: Job.Priority = list.follows ? .followed : .selected
    return [
      .run(
        Job(.attempts, priority: priority, bytes: received.cost) { clock in
          let isCancelled = { clock() == .max }
          let chain = kept.chain(of: received, atMost: AttemptReport.limit, isCancelled: isCancelled)
          return .attempts(
            of: sequence,
            Attempts(
              chain, isVerifiedNow: { recheck?.hasJoined($0) ?? false }, isCancelled: isCancelled))
        })
    ]
  }

  /// Whether it is the first attempt, and followed: a flood of them asks for nothing.
  private func isFollowedFirst(_ delivery: Delivery) -> Bool {
    list.follows && delivery.attempt == 1 && delivery.sequence == list.newest
  }

  mutating func take(_ attempts: Attempts, of sequence: UInt64) {
    attemptsInView?.isAsked = false
    guard attemptsInView?.sequence == sequence else {
      // The one that was asked for last has given way to an earlier one.
      attemptsInView?.isOutdated = true
      return
    }
    guard attempts[sequence] != nil else { return }
    attemptsInView?.attempts = attempts
    showAttempts()
  }

  /// Which of them are the sender's is to be looked up again: other secrets are known.
  mutating func attemptsChanged() { attemptsInView?.isOutdated = true }

  /// There was no room for the job: it is asked for again.
  mutating func takeRefusalOfAttempts() {
    attemptsInView?.isOutdated = true
    attemptsInView?.isAsked = false
  }

  /// The job took too long: the next one of the event asks for it again.
  mutating func takeOverrunOfAttempts() { attemptsInView?.isAsked = false }

  private mutating func showAttempts() {
    guard let delivery = inspection?.delivery else { return }
    let report = report(on: delivery)
    inspection?.refreshSignature(report)
  }
}

extension Model {
  /// The line that counts down to the next attempt, where it stands on the screen.
  var countdown: [TextRun]? {
    guard let inspection, let part = inspection.parts[.signature], layout.panes[.signature] != nil,
      case .text(let lines) = part.content
    else { return nil }
    let report = attemptReport(on: inspection.delivery)
    guard report.countsDown, let label = report.retry?.first,
      let line = lines.firstIndex(where: { $0.first == label })
    else { return nil }
    let (top, rows) = (part.viewport.top.line, layout.inside(.signature).rows)
    return top <= line && line < top + rows ? lines[line] : nil
  }

  /// Shows how long it is now to the next attempt.
  mutating func countDown() {
    if countdown != nil { showAttempts() }
  }
}
