/// Posts a number of deliveries at a steady rate, a few at a time, and tells of each as it is answered.
public struct Volley: Sendable {
  public var count: Int
  /// Deliveries a second; nil for as many as the receiver takes.
  public var rate: Double?
  /// How many may be on the way at once.
  public var concurrency: Int

  public init(count: Int = 1, rate: Double? = nil, concurrency: Int = 8) {
    self.count = count
    self.rate = rate
    self.concurrency = max(1, concurrency)
  }

  /// Sends the volley to `url`; ends early when its task is cancelled or the address turns out useless.
  ///
  /// `make` gives the delivery for a number from 1, just before it is sent, so that its time is right.
  /// `progress` is called once for each, one at a time, in the order the answers come.
  public func run(
    to url: String, through poster: some Posting, make: (Int) -> OutgoingDelivery,
    progress: (PostReport) -> Void = { _ in }
  ) async -> Tally {
    await withTaskGroup(of: Event.self) { group in
      var state = State(limit: min(concurrency, count))
      let start = ContinuousClock.now
      if count > 0 { group.addTask { .turn } }
      for await event in group {
        state.take(event, progress: progress)
        if state.tally.stoppedBy != nil { group.cancelAll() }
        if Task.isCancelled { state.tally.wasCancelled = state.sent < count }
        guard state.maySend, !Task.isCancelled else { continue }
        let number = state.send()
        let delivery = make(number)
        group.addTask { .done(await poster.report(number, delivery, to: url)) }
        if number < count { group.addTask { await turn(after: number, from: start) } }
      }
      return state.tally
    }
  }

  /// Waits until the delivery after the first `number` is due.
  private func turn(after number: Int, from start: ContinuousClock.Instant) async -> Event {
    if let rate, rate > 0 {
      // A cancelled wait ends at once, and the loop sees the cancellation for itself.
      try? await Task.sleep(until: start + .seconds(Double(number) / rate))
    }
    return .turn
  }
}

extension Volley {
  /// What the sending loop waits for.
  private enum Event: Sendable {
    /// The next delivery is due.
    case turn
    case done(PostReport)
  }

  /// Where the sending loop stands.
  private struct State {
    let limit: Int
    var tally = Tally()
    var sent = 0
    private var running = 0
    private var isDue = false

    init(limit: Int) {
      self.limit = limit
    }

    var maySend: Bool { isDue && running < limit && tally.stoppedBy == nil }

    mutating func take(_ event: Event, progress: (PostReport) -> Void) {
      switch event {
      case .turn: isDue = true
      case .done(let report):
        running -= 1
        tally.add(report)
        progress(report)
      }
    }

    /// The number of the delivery that goes out now.
    mutating func send() -> Int {
      isDue = false
      running += 1
      sent += 1
      return sent
    }
  }
}

/// What became of the deliveries of one volley.
public struct Tally: Sendable, Equatable {
  /// How many were answered, with any status.
  public private(set) var answered = 0
  /// How many were answered with a 2xx.
  public private(set) var accepted = 0
  /// How many got no answer.
  public private(set) var failed = 0
  /// Whether the task was cancelled before all were sent.
  public internal(set) var wasCancelled = false
  /// The error that made sending the rest pointless.
  public private(set) var stoppedBy: PostError?

  public init() {}

  mutating func add(_ report: PostReport) {
    switch report.result {
    case .success(let answer):
      answered += 1
      if answer.isAccepted { accepted += 1 }
    case .failure(let error):
      failed += 1
      if error.isAboutTheAddress, stoppedBy == nil { stoppedBy = error }
    }
  }
}

/// How many of something are done a second, as a user writes it: `10/s`, `10` or `0.5/s`.
public struct Rate: Sendable, Equatable {
  public let perSecond: Double

  public init(perSecond: Double) { self.perSecond = perSecond }

  /// Reads a number from 0 on; nil for anything else.
  public init?(_ text: String) {
    let number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
    guard let perSecond = Double(number), perSecond >= 0, perSecond.isFinite else { return nil }
    self.init(perSecond: perSecond)
  }
}
