internal import Webhooks

/// Why nothing can be sent.
enum SendError: Error, CustomStringConvertible {
  case noSecret(Provider)
  case noCertificate(path: String)

  var description: String {
    switch self {
    case .noSecret(let provider):
      "no signing secret for \(provider.name): give --secret \(provider.name)=env:VAR, or set \(provider.secretVariable)"
    case .noCertificate(let path): "\(path) holds no certificate in PEM: give --cacert the receiver's own"
    }
  }
}
