internal import ArgumentParser
internal import Glibc
internal import Monitor
internal import OperatingSystem
internal import Webhooks

/// Receives until so many deliveries match, prints those, and says what else came.
struct WaitLoop {
  /// How many of those that do not match are told one by one; all are counted.
  private static let toldAtMost = 100

  private var station: Station
  private let filter: TypedFilter?
  private let wanted: Int
  private var found = 0
  private var others: [Verdict.Status: Int] = [:]
  private var incidents = 0
  private var told = 0
  private var causes: CausesAtHand

  /// - Parameters:
  ///   - station: one whose deliveries are printed.
  ///   - filter: takes what is waited for; nil for all.
  ///   - count: how many are waited for.
  init(_ station: Station, filter: TypedFilter?, count: Int) {
    self.station = station
    self.filter = filter
    wanted = count
    causes = CausesAtHand(station)
  }

  /// - Parameter timeout: in seconds; nil waits without an end.
  /// - Throws: the exit code 15 on time-out, `OutputError`, and what noting signals throws.
  mutating func run(within timeout: Double?) throws {
    let signals = try EndingSignals()
    signal(SIGPIPE, SIG_IGN)
    station.announce()
    let deadline = timeout.map { Clock.now + UInt64($0 * 1e9) }
    do {
      while found < wanted, signals.received == nil, deadline.map({ Clock.now < $0 }) ?? true {
        _ = station.takeRotations()
        if station.tellChanges() { causes.station = station }
        if try !takeNews() { station.waitForNews(or: signals, until: deadline) }
      }
      station.stop()
      // What was answered before the listener closed counts as well.
      while try found < wanted && takeNews() {}
    } catch {
      station.stop()
      throw error
    }
    guard found < wanted else { return }
    if let signal = signals.received { EndingSignals.die(by: signal) }
    Console.say("timed out after \(Durations.words(timeout ?? 0)): \(summary)")
    throw ExitCode(15)
  }

  /// Looks at some of what is new; false if nothing was.
  private mutating func takeNews() throws(OutputError) -> Bool {
    let (records, missed) = station.queue.take(256)
    if missed > 0 { Console.warn("\(missed) records were pushed out before they could be looked at") }
    var writer = SessionWriter()
    for record in records where found < wanted {
      switch record {
      case .delivery(let delivery) where filter?.filter.matches(delivery) ?? true:
        writer.write(station.redaction.hiding(in: delivery))
        found += 1
      case .delivery(let delivery):
        others[delivery.verdict.status, default: 0] += 1
        let shown = station.redaction.hiding(in: delivery)
        tell { "no match: \(TailLine.text(shown, $0.diagnosis(of: delivery)))" }
      case .incident(let incident):
        incidents += 1
        tell { _ in "incident: \(TailLine.text(incident))" }
      case .exchange: break
      }
    }
    try Console.output(writer.bytes)
    return !records.isEmpty
  }

  private mutating func tell(_ words: (inout CausesAtHand) -> String) {
    told += 1
    guard told <= Self.toldAtMost else {
      if told == Self.toldAtMost + 1 { Console.say("what else does not match is only counted") }
      return
    }
    Console.say(words(&causes))
  }

  /// `0 of 1 matched type:webhook.test; 3 others arrived: 2 mismatch, 1 valid`.
  private var summary: String {
    let matched = "\(found) of \(wanted) matched" + (filter.map { " \($0.text)" } ?? "")
    let counts = Verdict.Status.allCases.compactMap { status in
      others[status].map { "\($0) \(status.rawValue)" }
    }
    let kinds = counts + (incidents > 0 ? ["\(incidents) that were not deliveries"] : [])
    guard !kinds.isEmpty else {
      return matched + (found == 0 ? "; nothing reached \(station.receiver.reachableAddress)" : "")
    }
    let count = others.values.reduce(incidents, +)
    return "\(matched); \(count) others arrived: \(kinds.joined(separator: ", "))"
  }
}
