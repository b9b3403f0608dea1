internal import Curses
internal import Glibc
internal import Receiver
internal import Webhooks

/// Prints each delivery as it comes, until a signal or a closed pipe ends it.
struct TailLoop {
  /// What became of the news.
  private enum Outcome {
    case printed, nothingNew, nobodyReads
  }

  private let station: Station
  private let json: Bool
  private var cursor = DeliveryRing.Cursor()

  /// - Parameter json: NDJSON instead of lines for people.
  init(_ station: Station, json: Bool) {
    self.station = station
    self.json = json
  }

  mutating func run() throws {
    let signals = try EndingSignals()
    // A reader that goes away is seen at the next write, after which the receiver is closed first.
    signal(SIGPIPE, SIG_IGN)
    Console.say("listening on \(station.receiver.address)")
    var outcome = Outcome.nothingNew
    while signals.received == nil, outcome != .nobodyReads {
      if outcome == .nothingNew { waitForNews(or: signals) }
      outcome = printNews()
    }
    station.receiver.stop()
    // What was answered before the listener closed is printed too.
    if outcome != .nobodyReads { repeat { outcome = printNews() } while outcome == .printed }
    EndingSignals.die(by: signals.received ?? SIGPIPE)
  }

  private func waitForNews(or signals: EndingSignals) {
    var waiting = [station.waker.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&waiting, nfds_t(waiting.count), -1)
    station.waker.drain()
  }

  /// Prints some of what is new: so much that the memory is bounded.
  private mutating func printNews() -> Outcome {
    let batch = station.ring.read(after: &cursor, limit: 256)
    warn(batch.missed, "deliveries")
    warn(batch.missedIncidents, "incidents")
    guard !batch.isEmpty else { return .nothingNew }
    return (json ? printJSON(batch.records) : printText(batch.records)) ? .printed : .nobodyReads
  }

  private func warn(_ missed: Int, _ what: String) {
    guard missed > 0 else { return }
    Console.warn("\(missed) \(what) were pushed out before they could be printed")
  }

  private func printJSON(_ records: [SessionRecord]) -> Bool {
    var writer = SessionWriter()
    for record in records {
      switch record {
      case .delivery(let delivery): writer.write(delivery)
      case .incident(let incident): writer.write(incident)
      }
    }
    return Console.output(writer.bytes)
  }

  private func printText(_ records: [SessionRecord]) -> Bool {
    var lines = ""
    for record in records {
      switch record {
      case .delivery(let delivery): lines += TailLine.text(delivery) + "\n"
      case .incident(let incident):
        // It goes to another stream, so what came before it must be out first.
        guard Console.output(Array(lines.utf8)) else { return false }
        lines = ""
        Console.say("incident: \(TailLine.text(incident))")
      }
    }
    return Console.output(Array(lines.utf8))
  }
}
