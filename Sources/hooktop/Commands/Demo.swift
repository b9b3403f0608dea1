internal import ArgumentParser
internal import Receiver
internal import Sender
internal import Webhooks

/// `hooktop demo`: watch, with a sender of signed samples and an app with two bugs built in.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch signed samples of every event, and one delivery for each way a signature fails.",
    discussion: """
      A built-in sender posts to the receiver over loopback TCP; nothing needs to be configured. The secrets \
      are made for this run.

      What arrives goes on to a small app, built in as well, that has two bugs: it verifies the JSON that it has \
      parsed and printed again, and it accepts signatures of any age. Press d to go to a delivery on which it \
      disagrees, 5 to read what it answered, C to check it, and r to replay. With --forward URL your own app takes \
      its place; --forward-if, --forward-timeout and --answer apply to either.

      Example:
        hooktop demo --port 0
      """)

  @OptionGroup var options: ReceiverOptions

  func run() throws {
    try reportingFailures { providers in
      let secrets = try options.secrets.named(among: providers)
      let filter = try options.shown.filter(among: providers)
      var random = SystemRandomNumberGenerator()
      let demo = try DemoSecrets(using: &random)
      let given = try secrets.load(usingEnvironment: false)
      let app = try ownApp(secrets: demo)
      defer { app?.stop() }
      var options = options
      options.forwarding.forward += [app?.url].compactMap { $0 }
      let station = try Station(
        options, providers: providers, keyring: Keyring(demo.keyring.secrets + given.keyring.secrets),
        saved: SavedSecretWatch(providers: providers), isDemo: true, isPrinted: WatchSession.isPrinted)
      let certificate = try trusted(by: station)
      let sending = send(
        to: station.loopbackURL, trusting: certificate, secrets: demo, seed: random.next())
      defer { sending.cancel() }
      let greeting =
        given.greeting
        ?? (app == nil
          ? "A demo: samples are sent to this receiver. Try e, Enter, f, ?"
          : "A demo: samples go to this receiver, and on to an app with two bugs. Try d, 5, C, e, ?")
      try WatchSession.run(station, on: options.screen.background, greeting: greeting, filter: filter)
    }
  }

  /// The demo's app; nil where the user has given another one.
  private func ownApp(secrets: DemoSecrets) throws -> DemoServer? {
    guard options.forwarding.forward.isEmpty else { return nil }
    return try DemoServer(DemoApp(secrets: secrets), maxBody: options.maxBody.bytes)
  }

  /// The certificate that the demo's sender is to trust, and no other; nil over plain HTTP.
  /// - Throws: `DemoError.foreignCertificate`.
  private func trusted(by station: Station) throws -> [UInt8]? {
    guard let identity = station.tls else { return nil }
    guard identity.canBeTrusted(at: station.loopbackHost) else { throw DemoError.foreignCertificate }
    return identity.certificate
  }

  /// Sends the demo's feed in the background; what can't be sent is tried again and harms nothing.
  private func send(
    to url: String, trusting certificate: [UInt8]?, secrets: DemoSecrets, seed: UInt64
  ) -> Task<Void, Never> {
    Task.detached {
      let sender = DemoSender(feed: DemoFeed(secrets: secrets, seed: seed), url: url)
      await Poster.open(trusting: certificate) { await sender.run(through: $0) }
    }
  }
}

/// Why the demo's own sender can't deliver to its receiver.
enum DemoError: Error, CustomStringConvertible {
  /// It could not trust the receiver.
  case foreignCertificate

  var description: String {
    switch self {
    case .foreignCertificate:
      "the demo's own sender can't trust this certificate: give one that is self-signed and names this address, or --tls-self-signed"
    }
  }
}
