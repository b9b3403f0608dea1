internal import Diagnosis
internal import Glibc
internal import Monitor
internal import Receiver
internal import OperatingSystem
internal import Webhooks

/// Prints each delivery as it comes, until a signal or a closed pipe ends it.
struct TailLoop {
  private var station: Station
  private let json: Bool
  private var filter: PrintFilter?
  private var causes: CausesAtHand
  private var redaction: RecordRedaction
  private let announcement: String?

  /// - Parameters:
  ///   - station: one whose deliveries are printed.
  ///   - json: NDJSON instead of lines for people.
  ///   - filter: takes what is printed; nil for all. What is no delivery is told in any case.
  ///   - announcement: what else is said at the start.
  init(_ station: Station, json: Bool, filter: Filter?, announcement: String?) {
    self.announcement = announcement
    self.station = station
    self.json = json
    self.filter = filter.map { PrintFilter($0) }
    causes = CausesAtHand(station)
    redaction = RecordRedaction(station.redaction)
  }

  /// - Throws: `OutputError.cannotWrite`, and what noting signals throws.
  mutating func run() throws {
    let signals = try EndingSignals()
    // A reader that goes away is seen at the next write, after which the receiver is closed first.
    signal(SIGPIPE, SIG_IGN)
    station.announce()
    if let announcement { Console.say(announcement) }
    do throws(OutputError) {
      while signals.received == nil {
        tellRotations()
        if station.tellChanges() { causes.station = station }
        if try !printNews() { station.waitForNews(or: signals) }
      }
      station.stop()
      // What was answered before the listener closed is printed too.
      while try printNews() {}
    } catch {
      station.stop()
      guard case .nobodyReads = error else { throw error }
    }
    EndingSignals.die(by: signals.received ?? SIGPIPE)
  }

  /// Prints some of what is new: so much that the memory is bounded; false if nothing was.
  private mutating func printNews() throws(OutputError) -> Bool {
    let (records, missed) = station.queue.take(256)
    if missed > 0 { Console.warn("\(missed) records were pushed out before they could be printed") }
    guard !records.isEmpty else { return false }
    var wanted: [SessionRecord] = []
    for record in records where filter?.takes(record) ?? true { wanted.append(redaction.hiding(in: record)) }
    if json {
      try printJSON(wanted)
    } else {
      try TailLine.print(wanted) { causes.diagnosis(of: original($0)) }
    }
    return true
  }

  /// The delivery as it arrived: what some values are hidden in would fail for another cause.
  private func original(_ delivery: Delivery) -> Delivery {
    station.redaction.isEmpty ? delivery : station.journal.find(delivery.sequence) ?? delivery
  }

  /// Says which saved secrets have come or changed, and which deliveries were refused that the new ones verify.
  private func tellRotations() {
    for rotation in station.takeRotations() {
      let label = rotation.new.label
      let time = Zone.local.time(rotation.moment)
      Console.say(
        rotation.old == nil
          ? "the saved secret \(label) is used from now on"
          : "\(label) was rotated at \(time): the new secret is used, the old one explains what was on its way"
      )
      let early = refusedEarly(by: rotation)
      if !early.isEmpty {
        let list = early.map { "#\($0)" }.joined(separator: ", ")
        Console.say("signed with the new secret of \(label), and refused before it was saved: \(list)")
      }
    }
  }

  /// What was refused in the minute before a secret was known, and is signed with it.
  private func refusedEarly(by rotation: Rotation) -> [UInt64] {
    let verifier = Verifier(keyring: Keyring([rotation.new]), tolerance: station.tolerance)
    return station.journal.deliveries(before: .max, atMost: 1000).filter { delivery in
      delivery.verdict.reason == .noV1Matches
        && rotation.moment.seconds - delivery.receivedAt.seconds < 60
        && verifier.verify(
          delivery.request, provider: delivery.envelope.provider, endpoint: delivery.endpoint,
          at: delivery.receivedAt
        ).status == .valid
    }.map(\.sequence)
  }

  private func printJSON(_ records: [SessionRecord]) throws(OutputError) {
    var writer = SessionWriter()
    for record in records { writer.write(record) }
    try Console.output(writer.bytes)
  }
}

extension Station {
  /// Says on standard error where it listens.
  func announce() {
    Console.say("listening on \(receiver.reachableAddress)")
    if receiver.isEverywhere { Console.say("listening on all addresses of this machine") }
    if let announcement = tls?.announcement { Console.say(announcement) }
  }

  /// Says what is to be known of the recorded file, what a changed configuration file has brought, or why it is not used.
  /// - Returns: whether another configuration is in force.
  mutating func tellChanges() -> Bool {
    if let notice = file?.takeNotice() { Console.warn(notice) }
    switch takeConfiguration() {
    case .success(nil): return false
    case .success(let change?): Console.say(change.words)
    case .failure(let error):
      Console.warn("\(error.reason); what was in force stays")
      return false
    }
    return true
  }

  /// Waits until something has come, a signal asks for the end, or the deadline is reached.
  /// - Parameter deadline: a reading of `Clock`; nil for none.
  func waitForNews(or signals: EndingSignals, until deadline: UInt64? = nil) {
    var waiting = [waker.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&waiting, nfds_t(waiting.count), Clock.milliseconds(until: deadline, atMost: nil))
    waker.drain()
  }
}

/// Looks for the causes of failures while lines are printed, for a quarter of the time at most: a burst of failures
/// must not keep the lines behind it waiting.
struct CausesAtHand {
  var station: Station
  private let start = Clock.now
  /// In nanoseconds.
  private var spent: UInt64 = 0

  init(_ station: Station) { self.station = station }

  /// What is found of a failure; nil for any other delivery, a large one, and where there is no time.
  mutating func diagnosis(of delivery: Delivery) -> Diagnosis? {
    let before = Clock.now
    guard delivery.verdict.status.isFailure,
      delivery.request.body.count <= DiagnosisBudget.automaticBodyLimit,
      spent < (before - start) / 4 + 1_000_000_000
    else { return nil }
    defer { spent += Clock.now - before }
    let subject = DiagnosisSubject(
      delivery, providers: station.providers, tolerance: station.tolerance, zone: .local)
    return Diagnosis(of: subject, keyring: station.receiver.keyring, budget: .automatic { Clock.now }) {
      station.journal.neighbours(of: delivery, limit: 64, reach: 1000, isOver: $0)
    }
  }
}
