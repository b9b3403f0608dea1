internal import ArgumentParser
internal import Curses
internal import Receiver
internal import OperatingSystem
internal import Webhooks

/// Shows deliveries until the user quits: on the screen, or a receiver's as lines where there is none.
enum WatchSession {
  /// - Throws: `ExitCode` where the terminal was lost or could not be opened.
  static func run(_ station: Station, greeting: String?) throws {
    if let reason = Terminal.reasonUnusable() {
      Console.say("\(reason); going on as hooktop tail")
      var loop = TailLoop(station, json: false)
      try loop.run()
      return
    }
    try show(station, greeting: station.tls?.greeting(after: greeting) ?? greeting) {
      station.receiver.stop()
    }
  }

  /// Shows what `feed` brings on the screen; `closing` is done once the terminal is as it was before.
  static func show(_ feed: any Feed, greeting: String?, closing: () -> Void = {}) throws {
    let terminal = try Terminal(charset: UserLocale.charset)
    var loop = try MonitorLoop(display: terminal, feed: feed, greeting: greeting)
    let end = loop.run()
    terminal.close()
    closing()
    if case .signal(let signal) = end { EndingSignals.die(by: signal) }
  }
}
