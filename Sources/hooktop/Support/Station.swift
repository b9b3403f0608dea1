internal import Curses
internal import Receiver
internal import Webhooks

/// A receiver at work: the socket, the ring it fills, and the waker that says so.
struct Station {
  let receiver: WebhookReceiver
  let ring: DeliveryRing
  let waker: Waker
  let keyring: Keyring
  let tolerance: Double
  private let host: String

  /// The receiver's address as a sender on this machine reaches it.
  var loopbackURL: String {
    switch host {
    case "0.0.0.0": "http://127.0.0.1:\(receiver.port)"
    case "::": "http://[::1]:\(receiver.port)"
    default: receiver.address
    }
  }

  /// Begins to receive; everything that can fail fails here, before any screen is opened.
  init(_ options: ReceiverOptions, keyring: Keyring) throws {
    let waker = try Waker()
    ring = DeliveryRing(limits: options.ringLimits) { waker.wake() }
    self.waker = waker
    self.keyring = keyring
    tolerance = options.window.tolerance
    host = options.host
    let verifier = Verifier(keyring: keyring, tolerance: tolerance)
    receiver = try WebhookReceiver.start(options.receiverConfiguration, verifier: verifier, ring: ring)
  }
}
