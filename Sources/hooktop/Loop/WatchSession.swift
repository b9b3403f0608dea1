internal import ArgumentParser
internal import Curses
internal import Monitor
internal import Receiver
internal import Screen
internal import OperatingSystem
internal import Webhooks

/// Shows deliveries until the user quits: on the screen, or a receiver's as lines where there is none.
enum WatchSession {
  /// Whether deliveries are printed as lines, for want of a screen.
  static var isPrinted: Bool { Terminal.reasonUnusable() != nil }

  /// - Throws: `ExitCode` where the terminal was lost or could not be opened.
  static func run(
    _ station: Station, on background: Background, greeting: String?, filter: TypedFilter?,
    announcement: String? = nil
  ) throws {
    if let reason = Terminal.reasonUnusable() {
      Console.say("\(reason); going on as hooktop tail")
      var loop = TailLoop(station, json: false, filter: filter?.filter, announcement: announcement)
      try loop.run()
      return
    }
    // A greeting that warns goes before one that only tells, which is read once the screen is gone.
    if let announcement { Console.say(announcement) }
    let words = greeting ?? announcement.map { "From \($0)" }
    try show(
      station, on: background, greeting: station.tls?.greeting(after: words) ?? words, filter: filter
    ) {
      station.stop()
    }
  }

  /// Shows what `feed` brings on a screen with that background; `closing` is done once the terminal is as it was before.
  /// - Parameter isInputTaken: whether standard input is a stream, so that the keys come from elsewhere.
  static func show(
    _ feed: any Feed, on background: Background, greeting: String?, filter: TypedFilter?,
    isInputTaken: Bool = false, closing: () -> Void = {}
  ) throws {
    let terminal = try Terminal(
      charset: UserLocale.charset, background: background, isInputTaken: isInputTaken)
    var loop = try MonitorLoop(
      display: terminal, feed: feed, greeting: greeting, filter: filter, mouse: .ofUser)
    let end = loop.run()
    terminal.close()
    closing()
    if case .signal(let signal) = end { EndingSignals.die(by: signal) }
    Console.say(loop.summary)
    // It is the user's, who may still need it, and must know of it to remove it.
    if let folder = loop.folderOfCopies {
      Console.say("what you copied to files is in \(folder): remove it when done")
    }
  }
}
