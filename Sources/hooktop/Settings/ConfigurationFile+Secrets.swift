internal import Config
internal import Glibc
internal import Webhooks

/// A signing secret that a configuration file names.
struct ConfiguredSecret {
  let secret: SigningSecret
  let place: Place
  var provider: Provider { secret.provider }
  /// nil if it is for whatever endpoint has no secret of its own.
  let endpoint: Endpoint?
}

extension ConfigurationFile {
  /// Fetches the secrets that the file names.
  /// - Throws: `ConfigurationFileError`, in words that never hold a secret.
  func secrets() throws -> [ConfiguredSecret] {
    var labels: Set<String> = []
    var fetched = try configuration.secrets.map { try fetch($0, of: nil, &labels) }
    for entry in configuration.endpoints {
      fetched += try entry.secrets.map { try fetch($0, of: entry.endpoint, &labels) }
    }
    return fetched
  }

  private func fetch(
    _ secret: Configuration.Secret, of endpoint: Endpoint?, _ labels: inout Set<String>
  ) throws -> ConfiguredSecret {
    let label = try label(of: secret, endpoint, &labels)
    return try located(secret.source.place) {
      var named = NamedSecret(secret.provider, label: label, source: try source(secret.source))
      named.isRetired = secret.isRetired
      var fetched = try named.load()
      fetched.endpoint = endpoint
      return ConfiguredSecret(secret: fetched, place: secret.source.place, endpoint: endpoint)
    }
  }

  /// `parlay`, `parlay/old` where a label is given, `parlay/staging` for an endpoint's, and a number where that is taken.
  private func label(
    of secret: Configuration.Secret, _ endpoint: Endpoint?, _ labels: inout Set<String>
  ) throws -> String {
    let name = secret.provider.name
    let words = [endpoint?.name, secret.label].compactMap { $0 }.joined(separator: "-")
    let label = words.isEmpty ? name : "\(name)/\(words)"
    if labels.insert(label).inserted { return label }
    guard secret.label == nil else {
      throw fault("found the label \(words) twice: give each secret one of its own", at: secret.source.place)
    }
    let numbered = (2...).lazy.map { words.isEmpty ? "\(label)/\($0)" : "\(label)-\($0)" }
    return numbered.first { labels.insert($0).inserted } ?? label
  }

  private func source(_ source: Placed<String>) throws -> SecretSource {
    guard case .file(let name) = SecretSource(source.value) else { return SecretSource(source.value) }
    let path = try path(Placed(name, source.place))
    var status = stat()
    // A pipe would be waited for.
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw fault("found \(name), which is not a regular file", at: source.place)
    }
    return .file(path)
  }
}
