internal import JSON

/// The senders that are known in this run: passed to whatever reads requests, files and filters.
public struct Providers: Sendable, Equatable {
  public let all: [Provider]

  public init(_ all: [Provider]) {
    self.all = all
  }

  /// Those that hooktop comes with.
  public static let builtIn = Providers([.parlay, .parable])

  /// The provider called `name` in options and files.
  public subscript(name: some StringProtocol) -> Provider? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Their names, as a list for a sentence.
  public var names: String { all.map(\.name).joined(separator: ", ") }

  /// The provider that `headers` speak of: by signature, event or delivery header, then user agent.
  public func of(_ headers: Headers) -> Provider? {
    let named =
      provider { $0.scheme.headers.contains(where: headers.contains) }
      ?? provider { headers.contains($0.eventHeader) } ?? provider { headers.contains($0.deliveryHeader) }
    if let named { return named }
    guard let agent = headers.first("User-Agent") else { return nil }
    return provider { $0.userAgentPrefix.map { agent.starts(with: $0.utf8) } ?? false }
  }

  private func provider(where isMatch: (Provider) -> Bool) -> Provider? {
    for provider in all where isMatch(provider) { return provider }
    return nil
  }
}
