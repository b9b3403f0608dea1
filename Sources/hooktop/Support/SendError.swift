internal import Webhooks

/// Why nothing can be sent.
enum SendError: Error, CustomStringConvertible {
  case noSecret(Provider)

  var description: String {
    switch self {
    case .noSecret(let provider):
      "no signing secret for \(provider.name): give --secret \(provider.name)=env:VAR, or set \(provider.secretVariable)"
    }
  }
}
