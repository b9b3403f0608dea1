internal import Monitor
internal import Receiver
internal import OperatingSystem
internal import Webhooks

/// A receiver at work: the socket, the journal it fills, and the waker that says so.
struct Station {
  let receiver: WebhookReceiver
  let journal: Journal
  let waker: Waker
  let providers: Providers
  let keyring: Keyring
  let tolerance: Double
  /// What the receiver is known by over TLS; nil for plain HTTP.
  let tls: TLSIdentity?
  /// The file that is recorded to, and its name.
  let file: SessionFile?
  let recording: String?
  /// Whether what comes is made for a demo and worth nothing.
  private let isDemo: Bool
  /// How far the screen has read the journal.
  var cursor = Journal.Cursor()

  /// The receiver's address as a sender on this machine reaches it.
  var loopbackURL: String {
    let host = loopbackHost
    return "\(receiver.scheme)://\(host.contains(":") ? "[\(host)]" : host):\(receiver.port)"
  }

  /// Where it can be reached, as one can be copied: nobody reaches `0.0.0.0`.
  var address: String {
    isEverywhere ? loopbackURL : receiver.address
  }

  /// Whether it listens on all of this machine's addresses.
  var isEverywhere: Bool { ["0.0.0.0", "::"].contains(receiver.host) }

  /// The host in `loopbackURL`.
  var loopbackHost: String {
    switch receiver.host {
    case "0.0.0.0": "127.0.0.1"
    case "::": "::1"
    default: receiver.host
    }
  }

  /// Begins to receive; everything that can fail fails here, before any screen is opened.
  init(_ options: ReceiverOptions, providers: Providers, keyring: Keyring, isDemo: Bool = false) throws {
    self.isDemo = isDemo
    let configuration = try options.receiverConfiguration()
    let waker = try Waker()
    file = try options.record.map { try SessionFile($0) }
    journal = Journal(limits: options.journalLimits, recorder: file) { waker.wake() }
    self.waker = waker
    self.providers = providers
    self.keyring = keyring
    tolerance = options.window.tolerance
    tls = configuration.tls
    recording = options.record
    let verifier = Verifier(keyring: keyring, tolerance: tolerance)
    receiver = try WebhookReceiver.start(
      configuration, providers: providers, verifier: verifier, answerPolicy: options.answer,
      explains: options.explain, journal: journal)
  }

  /// Ends the receiver, and says where that can't wait for the record of a delivery.
  func stop() {
    guard !receiver.stop() else { return }
    Console.warn("the receiver did not stop in time: the delivery that it was recording gets no answer")
  }
}

extension Station: Feed {
  var source: Source {
    .receiver(address: address, record: recording?.fileName)
  }

  var fingerprint: String? { tls?.fingerprint }

  var losesDeliveries: Bool { file == nil && !isDemo }

  var wordsOnStopping: String { "hooktop is stopped: nothing is received until fg" }

  var kept: any Kindred { journal }

  mutating func read() -> [Message] {
    let batch = journal.read(after: &cursor)
    return (batch.isEmpty ? [] : [.arrived(batch)]) + (file?.takeNotice().map { [.noticed($0)] } ?? [])
  }

  func use(_ keyring: Keyring) {
    receiver.keyring = keyring
  }

  func keep(_ outcome: Outcome, of sequence: UInt64) { journal.append(outcome, to: sequence) }
}
