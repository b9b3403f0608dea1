internal import Curses
internal import Dispatch
internal import Glibc
internal import Receiver
internal import Webhooks

/// Prints each delivery as it comes, until a signal or a closed pipe ends it.
struct TailLoop {
  private let station: Station
  private let json: Bool
  private var cursor = DeliveryRing.Cursor()

  /// - Parameter json: NDJSON instead of lines for people.
  init(_ station: Station, json: Bool) {
    self.station = station
    self.json = json
  }

  mutating func run() throws {
    let signals = EndingSignals(waking: station.waker)
    Console.say("listening on \(station.receiver.address)")
    var isRead = true
    while signals.received == nil, isRead {
      waitForWake()
      station.waker.drain()
      isRead = printNews()
    }
    station.receiver.stop()
    // What was answered before the listener closed is printed too.
    if isRead { _ = printNews() }
    if let signal = signals.received { Terminal.dieBySignal(signal) }
    if !isRead { Terminal.dieBySignal(SIGPIPE) }
  }

  private func waitForWake() {
    var waiting = pollfd(fd: station.waker.descriptor, events: Int16(POLLIN), revents: 0)
    poll(&waiting, 1, -1)
  }

  /// Prints what is new, in pieces that bound the memory; false where nobody reads the output any more.
  private mutating func printNews() -> Bool {
    while true {
      let batch = station.ring.read(after: &cursor, limit: 256)
      if batch.missed > 0 {
        Console.warn("\(batch.missed) deliveries were pushed out before they could be printed")
      }
      guard !batch.isEmpty else { return true }
      guard print(batch) else { return false }
    }
  }

  private func print(_ batch: DeliveryRing.Batch) -> Bool {
    guard json else {
      for incident in batch.incidents { Console.say("incident: \(TailLine.text(incident))") }
      return Console.output(Array(batch.deliveries.map { TailLine.text($0) + "\n" }.joined().utf8))
    }
    var writer = SessionWriter()
    for delivery in batch.deliveries { writer.write(delivery) }
    for incident in batch.incidents { writer.write(incident) }
    return Console.output(writer.bytes)
  }
}
