public import Webhooks

/// What a configuration file says: the options by their names as texts, and what only a file has, senders and endpoints.
public struct Configuration: Sendable {
  /// The keys of the file, named as the options are where there is one.
  public enum Key: String, Sendable, CaseIterable {
    case listen, endpoints, providers, secrets
    case forward
    case forwardIf = "forward-if"
    case forwardTimeout = "forward-timeout"
    case respond, answer, explain, tolerance, keep
    case keepBytes = "keep-bytes"
    case maxBody = "max-body"
    case record, filter
    case timeScale = "time-scale"
    case publicURL = "public-url"
    case tls, theme, mouse, mask
  }

  /// The keys of an endpoint.
  public enum EndpointKey: String, Sendable, CaseIterable {
    case name, path, provider, secrets, forward, respond
  }

  /// The keys of a secret that is more than its source.
  public enum SecretKey: String, Sendable, CaseIterable {
    case from, label, retired
  }

  /// The keys of `tls`.
  public enum TLSKey: String, Sendable, CaseIterable {
    case cert, key
    case selfSigned = "self-signed"
  }

  /// Where a signing secret comes from, and whose it is.
  public struct Secret: Sendable {
    public let provider: Provider
    /// `env:VAR`, `file:PATH`, or the secret itself, which must not be shown.
    public let source: Placed<String>
    /// What stands behind the provider's name in its label; nil if nothing is given.
    public let label: String?
    public let isRetired: Bool
  }

  /// A path that deliveries are sent to, with what applies to these only.
  public struct EndpointEntry: Sendable {
    public let endpoint: Endpoint
    public let place: Place
    public let secrets: [Secret]
    public let forward: Placed<String>?
    public let respond: [Placed<String>]
  }

  /// The options that have one value, as texts, which are read as those of the command line are.
  public internal(set) var values: [Key: Placed<String>] = [:]
  /// Host and port.
  public internal(set) var listen: Placed<ListenAddress>?
  public internal(set) var tls: [TLSKey: Placed<String>] = [:]
  /// As `--forward` takes them: `URL` or `NAME=URL`.
  public internal(set) var forward: [Placed<String>] = []
  public internal(set) var respond: [Placed<String>] = []
  public internal(set) var mask: [Placed<String>] = []
  public internal(set) var secrets: [Secret] = []
  public internal(set) var endpoints: [EndpointEntry] = []
  /// Those that were known before, with the file's own.
  public internal(set) var providers: Providers
  /// What stands at each key, to tell what a changed file has changed.
  var nodes: [Key: ConfigurationNode] = [:]
  /// The file's own senders, and where they stand.
  public internal(set) var ownProviders: [Placed<Provider>] = []

  /// The largest file that is read, in bytes.
  public static let sizeLimit = YAMLDocument.sizeLimit

  /// Nothing but the senders that are known without a file.
  public init(providers: Providers) { self.providers = providers }
}

extension Configuration {
  /// The keys that say something other than in another configuration, wherever they stand.
  public func changedKeys(from other: Configuration) -> [Key] {
    Key.allCases.filter { key in
      switch (nodes[key], other.nodes[key]) {
      case (let new?, let old?): !new.says(theSameAs: old)
      case (nil, nil): false
      default: true
      }
    }
  }
}

/// An address to listen on, written as `HOST:PORT`, `PORT` or `[::1]:PORT`.
public struct ListenAddress: Sendable, Equatable {
  /// nil if only a port is given.
  public let host: String?
  /// nil if only a host is given.
  public let port: Int?

  public init?(_ text: String) {
    if let port = Self.port(text[...]) {
      (host, self.port) = (nil, port)
      return
    }
    let bracket = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
    let rest = bracket.map { text[text.index(after: $0)...] } ?? text[...]
    let colon = rest.lastIndex(of: ":")
    let host =
      bracket.map { text[text.index(after: text.startIndex)..<$0] } ?? text[..<(colon ?? text.endIndex)]
    let port = colon.map { Self.port(text[text.index(after: $0)...]) }
    guard !host.isEmpty, bracket == nil || (colon ?? rest.endIndex) == rest.startIndex,
      bracket != nil || !host.contains(":"), !host.contains(where: { $0.isWhitespace || $0 == "/" })
    else { return nil }
    if let port, port == nil { return nil }
    self.host = String(host)
    self.port = port ?? nil
  }

  private static func port(_ text: Substring) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(text), port <= 65535
    else { return nil }
    return port
  }
}
