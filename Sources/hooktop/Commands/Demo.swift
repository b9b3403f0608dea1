internal import ArgumentParser
internal import Sender
internal import Webhooks

/// `hooktop demo`: watch, with a sender of signed samples built in.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch signed samples of every event, and one delivery for each way a signature fails.",
    discussion: """
      A built-in sender posts to the receiver over loopback TCP; nothing is to be configured. The secrets \
      are made for this run.

      Example:
        hooktop demo --port 0
      """)

  @OptionGroup var options: ReceiverOptions

  func run() throws {
    try reportingFailures {
      var random = SystemRandomNumberGenerator()
      let demo = try Keyring.forDemo(using: &random)
      let given = try options.secrets.secret.map { try $0.load() }
      let station = try Station(options, keyring: Keyring(demo.secrets + given))
      let sending = send(to: station.loopbackURL, keyring: demo, seed: random.next())
      defer { sending.cancel() }
      try WatchSession.run(station, greeting: "A demo: samples are sent to this receiver. Try e, Enter, f, ?")
    }
  }

  /// Sends the demo's feed in the background; what can't be sent is tried again and harms nothing.
  private func send(to url: String, keyring: Keyring, seed: UInt64) -> Task<Void, Never> {
    Task.detached {
      let sender = DemoSender(feed: DemoFeed(keyring: keyring, seed: seed), url: url)
      await Poster.open { await sender.run(through: $0) }
    }
  }
}
