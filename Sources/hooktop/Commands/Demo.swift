internal import ArgumentParser
internal import Curses
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

      Each delivery is forwarded to a small built-in app with two bugs: it verifies the JSON that it has \
      parsed and printed again, and it accepts signatures of any age. Press d to go to a delivery on which it \
      disagrees, 5 to read what it answered, C to check it, and r to replay. With --forward URL your own app takes \
      its place; --forward-if, --forward-timeout and --answer apply to either.

      With --life it tells the life of a webhook instead, step by step: a sandbox of the providers starts, the receiver \
      is registered, and a secret breaks, is fixed and rotated; a queue is released, retries come when predicted, and a \
      missed capture is found. A semicolon goes on, a comma goes back, and X stops. It needs a terminal.

      Examples:
        hooktop demo --port 0
        hooktop demo --life
      """)

  @Flag(
    help: "Tell the life of a webhook step by step, with a sandbox of the providers in place of the samples.")
  var life = false

  @OptionGroup var options: ReceiverOptions

  func validate() throws {
    if life { try options.requireStory() }
  }

  func run() throws {
    try reportingFailures(reading: options.file) { setup in
      let (providers, options) = (setup.providers, try options.filledForDemo(from: setup.file))
      if life { return try tellLife(options, among: providers) }
      let secrets = try options.secrets.named(among: providers)
      let filter = try options.shown.filter(among: providers)
      var random = SystemRandomNumberGenerator()
      let demo = try DemoSecrets(using: &random)
      let given = try secrets.load(usingEnvironment: false)
      let app = try ownApp(options, secrets: demo)
      defer { app?.stop() }
      var received = options
      received.forwarding.forward += [app?.url].compactMap { $0 }
      let station = try Station(
        received, Setup(providers: providers), LoadedSecrets(demo.keyring.secrets + given.keyring.secrets),
        saved: SavedSecretWatch(providers: providers), isDemo: true, isControlled: !options.withoutControl,
        isPrinted: WatchSession.isPrinted)
      let certificate = try trusted(by: station)
      let sending = send(
        to: station.receiver.loopbackURL, trusting: certificate, secrets: demo, seed: random.next())
      defer { sending.cancel() }
      let greeting =
        given.greeting
        ?? (app == nil
          ? "A demo: samples are sent to this receiver. Try e, Enter, f, ?"
          : "A demo: samples go to this receiver, and on to an app with two bugs. Try d, 5, C, e, ?")
      try WatchSession.run(station, on: options.screen.background, greeting: greeting, filter: filter)
    }
  }

  /// Tells the story: all that arrives comes from its sandbox, and is verified with the secrets of that.
  private func tellLife(_ options: ReceiverOptions, among providers: Providers) throws {
    if let reason = Terminal.reasonUnusable() { throw DemoError.noTerminal("\(reason)") }
    var told = options
    told.givenTimeScale = LifeErrands.timeScale
    let station = try Station(
      told, Setup(providers: providers), LoadedSecrets(), saved: SavedSecretWatch(nil, providers: providers),
      isDemo: true, tellsLife: true, isPrinted: false)
    try WatchSession.run(station, on: options.screen.background, greeting: nil, filter: nil)
  }

  /// The demo's app; nil if the user has given another one.
  private func ownApp(_ options: ReceiverOptions, secrets: DemoSecrets) throws -> DemoServer? {
    guard options.forwarding.forward.isEmpty else { return nil }
    return try DemoServer(DemoApp(secrets: secrets), maxBody: options.maxBody.bytes)
  }

  /// The certificate that the demo's sender is to trust, and no other; nil over plain HTTP.
  /// - Throws: `DemoError.foreignCertificate`.
  private func trusted(by station: Station) throws -> [UInt8]? {
    guard let identity = station.tls else { return nil }
    guard identity.canBeTrusted(at: station.receiver.loopbackHost) else { throw DemoError.foreignCertificate }
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

extension ReceiverOptions {
  /// Checks that nothing is given that the story of a webhook's life sees to by itself, or would not survive.
  /// - Throws: `ValidationError`.
  fileprivate func requireStory() throws {
    let given: [(String, Bool)] = [
      ("--secret", !secrets.secret.isEmpty), ("--forward", !forwarding.forward.isEmpty),
      ("--forward-if", forwarding.forwardIf != nil), ("--forward-timeout", forwarding.forwardTimeout != nil),
      ("--answer", answer != nil), ("--respond", !respond.isEmpty), ("--filter", shown.filter != nil),
      ("--time-scale", timeScale != 1), ("--tls-cert", tls.tlsCert != nil),
      ("--tls-self-signed", tls.tlsSelfSigned),
    ]
    if let option = given.first(where: \.1)?.0 {
      throw ValidationError("\(option) can't be used with --life: leave it out.")
    }
    let address = host.contains(":") ? "[\(host)]" : host
    guard ["0.0.0.0", "::"].contains(host) || AppURL("http://\(address)")?.isLoopback == true else {
      throw ValidationError("--life stays on this machine: leave --host out, or give 127.0.0.1 or ::1.")
    }
  }
}

/// Why the demo can't send to its receiver, or show what it sends.
enum DemoError: Error, CustomStringConvertible {
  /// It could not trust the receiver.
  case foreignCertificate
  /// There is none to tell the story on.
  case noTerminal(String)

  var description: String {
    switch self {
    case .foreignCertificate:
      "the demo's own sender can't trust this certificate: give one that is self-signed and names this address, or --tls-self-signed"
    case .noTerminal(let reason):
      "\(reason): run demo --life in a terminal, since its keys go from step to step"
    }
  }
}
