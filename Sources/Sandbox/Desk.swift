internal import JSON
internal import Receiver
internal import Sender
internal import Synchronization
internal import Webhooks

/// Where calls, the clock and the ends of attempts meet: one after the other they ask the core, and what it says is done.
final class Desk: Sendable {
  private let core: Mutex<SandboxCore>
  private let rules: SandboxRules
  private let clock: SandboxClock
  private let courier: Courier
  private let clockwork = Clockwork()
  private let tell: @Sendable (SandboxNews) -> Void

  init(_ core: SandboxCore, clock: SandboxClock, tell: @escaping @Sendable (SandboxNews) -> Void) {
    rules = core.rules
    courier = Courier(connections: core.rules.limits.running)
    self.core = Mutex(core)
    self.clock = clock
    self.tell = tell
  }

  /// Begins to deliver.
  func open() {
    clockwork.start { [self] in turn() }
  }

  /// Ends what is on its way; nothing is delivered once it has returned.
  func close() {
    clockwork.stop()
    courier.close()
  }

  func answer(_ request: Request) -> Response {
    let now = clock.now
    let response = core.withLock { $0.answer(request, at: now) }
    clockwork.ring()
    let taken = (clock.now.seconds - now.seconds) * 1000
    tell(
      .call(
        at: now, method: request.method, target: request.target.cut(to: 200).copied, status: response.status,
        milliseconds: taken))
    return response
  }

  /// Does what is due; gives how many seconds later something is due again.
  private func turn() -> Double? {
    let now = clock.now
    let (surprises, step, next) = core.withLock { core in
      let surprises = core.makeEvents(at: now)
      let step = core.step(at: now, wall: .now())
      return (surprises, step, [core.state.nextDue, core.maker.due].compactMap(\.self).min())
    }
    for words in surprises { tell(.surprise(words)) }
    for (endpoint, all) in Dictionary(grouping: step.dropped, by: \.self) {
      tell(.dropped(endpoint: endpoint, count: all.count))
    }
    send(step.sent)
    return next.map { $0.seconds - clock.now.seconds }
  }

  private func send(_ departures: [Departure]) {
    for departure in departures {
      guard rules.allows(departure.url) else {
        settle(departure, AttemptOutcome(.failure(.unreachable), milliseconds: 0))
        continue
      }
      courier.send(departure.request, to: departure.url, within: departure.limit) {
        // What the sandbox's own end breaks off has not failed.
        if $0.failure != .cancelled { self.settle(departure, AttemptOutcome($0)) }
      }
    }
  }

  private func settle(_ departure: Departure, _ outcome: AttemptOutcome) {
    let now = clock.now
    let (record, isDue) = core.withLock { core in
      let record = core.settle(departure, outcome, at: now)
      return (record, core.state.hasWork || record.next != nil)
    }
    tell(.attempt(record))
    if isDue { clockwork.ring() }
  }
}

/// The time that the schedule goes by: that of the wall clock when the sandbox started, and moved by nobody since.
struct SandboxClock: Sendable {
  private let read: @Sendable () -> Timestamp

  init() {
    let (start, instant) = (Timestamp.now(), ContinuousClock.now)
    read = { start.adding(instant.duration(to: .now) / .seconds(1)) }
  }

  var now: Timestamp { read() }
}
