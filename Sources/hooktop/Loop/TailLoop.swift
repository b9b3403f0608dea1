internal import Glibc
internal import Receiver
internal import OperatingSystem
internal import Webhooks

/// Prints each delivery as it comes, until a signal or a closed pipe ends it.
struct TailLoop {
  private let station: Station
  private let json: Bool
  private var cursor = Journal.Cursor()

  /// - Parameter json: NDJSON instead of lines for people.
  init(_ station: Station, json: Bool) {
    self.station = station
    self.json = json
  }

  /// - Throws: `OutputError.cannotWrite`, and what noting signals throws.
  mutating func run() throws {
    let signals = try EndingSignals()
    // A reader that goes away is seen at the next write, after which the receiver is closed first.
    signal(SIGPIPE, SIG_IGN)
    Console.say("listening on \(station.receiver.address)")
    if let announcement = station.tls?.announcement { Console.say(announcement) }
    do throws(OutputError) {
      while signals.received == nil {
        if try !printNews() { waitForNews(or: signals) }
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

  private func waitForNews(or signals: EndingSignals) {
    var waiting = [station.waker.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&waiting, nfds_t(waiting.count), -1)
    station.waker.drain()
  }

  /// Prints some of what is new: so much that the memory is bounded; false where nothing was.
  private mutating func printNews() throws(OutputError) -> Bool {
    let batch = station.journal.read(after: &cursor, limit: 256)
    if let notice = station.file?.takeNotice() { Console.warn(notice) }
    warn(batch.missed, "deliveries")
    warn(batch.missedIncidents, "incidents")
    guard !batch.isEmpty else { return false }
    if json { try printJSON(batch.records) } else { try TailLine.print(batch.records) }
    return true
  }

  private func warn(_ missed: Int, _ what: String) {
    guard missed > 0 else { return }
    Console.warn("\(missed) \(what) were pushed out before they could be printed")
  }

  private func printJSON(_ records: [SessionRecord]) throws(OutputError) {
    var writer = SessionWriter()
    for record in records { writer.write(record) }
    try Console.output(writer.bytes)
  }
}
