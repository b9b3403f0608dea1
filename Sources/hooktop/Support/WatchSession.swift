internal import ArgumentParser
internal import Curses
internal import Receiver
internal import Webhooks

/// Shows a receiver's deliveries until the user quits: on the screen, or as lines where there is none.
enum WatchSession {
  /// - Throws: `ExitCode` where the terminal was lost or could not be opened.
  static func run(_ station: Station, greeting: String?) throws {
    if let reason = Terminal.reasonUnusable() {
      Console.say("\(reason); going on as hooktop tail")
      var loop = TailLoop(station, json: false)
      try loop.run()
      return
    }
    let terminal = try Terminal(charset: UserLocale.charset)
    var loop = MonitorLoop(terminal: terminal, station: station, greeting: greeting)
    let end = loop.run()
    terminal.close()
    station.receiver.stop()
    if case .signal(let signal) = end { EndingSignals.die(by: signal) }
  }
}
