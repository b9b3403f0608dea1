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
