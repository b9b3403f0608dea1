internal import Receiver

// How the receiver is reached, wherever it listens.
extension WebhookReceiver {
  /// Whether it listens on all of this machine's addresses.
  var isEverywhere: Bool { ["0.0.0.0", "::"].contains(host) }

  /// Where it can be reached, as one can be copied: nobody reaches `0.0.0.0`.
  var reachableAddress: String { isEverywhere ? loopbackURL : address }

  /// The address as a sender on this machine reaches it.
  var loopbackURL: String {
    let host = loopbackHost
    return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// The host in `loopbackURL`.
  var loopbackHost: String {
    switch host {
    case "0.0.0.0": "127.0.0.1"
    case "::": "::1"
    default: host
    }
  }
}
