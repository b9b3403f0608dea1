internal import Config
internal import Monitor
internal import Receiver
internal import OperatingSystem
internal import Screen
internal import Sender
internal import Webhooks

/// A receiver at work: the socket, the journal it fills, and the waker that says so.
struct Station {
  let receiver: WebhookReceiver
  let journal: Journal
  let waker: Waker
  var providers: Providers
  var endpoints: Endpoints
  let keyring: Keyring
  var tolerance: Double
  let timeScale: Double
  /// The providers' own APIs: those that the environment names, or the story's sandbox.
  let apis: APIs
  /// What the receiver is known by over TLS; nil for plain HTTP.
  let tls: TLSIdentity?
  /// The file that is recorded to, and its name.
  var file: SessionFile?
  let recording: String?
  /// What is hidden in everything that is recorded, printed or exported.
  let redaction: Redaction
  /// What is to be printed.
  let queue: PrintQueue
  /// Sends the deliveries on to apps.
  let forwarder: ForwarderSwitch
  /// What the configuration file says, and what sees when it changes; nil if none is read.
  var reconfiguring: Reconfiguring
  let configurationWatch: ConfigurationWatch?
  /// The background that the screen is to be told of.
  var background: Background?
  /// Whether what comes is made for a demo and worth nothing.
  let isDemo: Bool
  /// What some senders are told in place of what the verdict or the app says.
  let rules: AnswerRules
  let errands: Errands
  /// Does the steps of the story; nil if none is told.
  let life: LifeErrands?
  /// Answers other programs of this user.
  let control: ControlServer
  /// Sees when a saved secret is rotated.
  let saved: SavedSecretWatch
  /// Tells scripts where it listens; nil if none asked for that.
  private var ready: ReadyFile?
  /// How far the screen has read the journal.
  var cursor = Journal.Cursor()
  /// The rules that the screen knows of.
  var shownRules: [AnswerRules.Armed] = []

  /// Begins to receive; everything that can fail fails here, before any screen is opened.
  /// - Parameters:
  ///   - saved: the saved secrets, which are used besides those of `keyring`.
  ///   - isControlled: whether other programs of this user can attach.
  ///   - isPrinted: whether all that comes is printed, and so goes to the queue.
  init(
    _ flags: ReceiverOptions, _ setup: Setup, _ loaded: LoadedSecrets, saved: SavedSecretWatch,
    isDemo: Bool = false, tellsLife: Bool = false, isControlled: Bool = false, isPrinted: Bool
  ) throws {
    reconfiguring = try Reconfiguring(flags, setup, loaded)
    configurationWatch = setup.file.map { ConfigurationWatch($0) }
    let options = reconfiguring.options
    let providers = options.providers(in: setup)
    endpoints = Endpoints(setup.endpoints.map(\.endpoint))
    let keyring = Keyring(loaded.keyring.secrets + saved.secrets)
    self.saved = saved
    let known = KnownAPIs(environment: Environment.bytes)
    self.isDemo = isDemo
    let rules = AnswerRules(try options.rules(in: setup))
    let first = try options.forwarding.forwarder(in: setup, isRecorded: options.record != nil)
    try first?.refuseLoop(to: options.host, port: options.port)
    // A file may come to name an app.
    let forwarder = ForwarderSwitch(first)
    let forwarding = first == nil && setup.file == nil ? nil : forwarder
    let configuration = try options.receiverConfiguration()
    let waker = try Waker()
    let bell = Bell()
    let (file, redaction) = (try options.record.map { try SessionFile($0) }, try options.hidden.redaction)
    self.file = file
    self.redaction = redaction
    let queue = PrintQueue(options.journalLimits)
    self.queue = queue
    // Who prints is woken by what is to be printed alone.
    let printing = { @Sendable (record: SessionRecord) in
      queue.add(record)
      waker.wake()
    }
    journal = Journal(
      limits: options.journalLimits, recorder: file.map { $0.hiding(redaction) },
      onAppend: {
        if !isPrinted { waker.wake() }
        bell.ring()
      },
      onRecord: isPrinted ? printing : nil)
    self.waker = waker
    self.providers = providers
    self.keyring = keyring
    tolerance = options.window.tolerance
    timeScale = options.timeScale
    tls = configuration.tls
    recording = options.record
    let verifier = Verifier(keyring: keyring, tolerance: tolerance)
    receiver = try WebhookReceiver.start(
      configuration, providers: providers, endpoints: endpoints, verifier: verifier,
      answerPolicy: options.answerPolicy(in: setup), explains: options.explain, forwarding: forwarding,
      rules: rules, journal: journal,
      renew: { saved.renew(&$0) })
    self.forwarder = forwarder
    self.rules = rules
    let mail = Mailbox { waker.wake() }
    let life =
      tellsLife
      ? LifeErrands(
        receiver: receiver, journal: journal, rules: rules, providers: providers, tell: mail.add)
      : nil
    self.life = life
    apis = life?.apis ?? APIs(known, among: providers)
    errands = Errands(
      journal: journal, providers: providers, tolerance: options.window.tolerance,
      providing: ProviderErrands(known, saved: saved, life: life),
      mail: mail)
    control = try ControlServer(
      ControlDesk(
        journal: journal, receiver: receiver,
        facts: ControlDesk.Facts(
          address: receiver.reachableAddress, recording: options.record, forwarder: forwarder,
          redaction: redaction),
        bell: bell,
        actions: ControlActions(
          replay: { [errands] in await errands.result(of: $0, $1) }, to: receiver.loopbackURL,
          trusting: configuration.tls?.certificate)))
    saved.start { [receiver] in
      receiver.changeKeyring { _ = saved.renew(&$0) }
      waker.wake()
    }
    configurationWatch?.start { waker.wake() }
    do {
      // With --port 0 it is known only now which port it is.
      if options.port == 0 { try forwarder.current?.refuseLoop(to: receiver.host, port: receiver.port) }
      if isControlled { listenForControl() }
      // Last: whoever waits for it connects at once.
      ready = try options.readyFile.map { try ReadyFile($0, address: receiver.reachableAddress) }
    } catch {
      stop()
      throw error
    }
  }

  /// Lets other programs attach; where that can't be, it is said, and nothing else is lost.
  private func listenForControl() {
    do {
      try control.listen(in: .ofUser(), port: receiver.port)
    } catch {
      Console.warn("no control socket: \(error)")
    }
  }

  /// Ends the receiver, and says where that can't wait for the record of a delivery.
  func stop() {
    ready?.remove()
    control.stop()
    saved.stop()
    configurationWatch?.stop()
    errands.close()
    life?.close()
    // While those who wait for an app can still be told.
    if !forwarder.close() {
      Console.warn("the exchanges with the app did not end in time: their senders get no answer")
    }
    guard !receiver.stop() else { return }
    Console.warn("the receiver did not stop in time: the delivery that it was recording gets no answer")
  }
}
