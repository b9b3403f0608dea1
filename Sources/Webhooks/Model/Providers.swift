internal import JSON

/// The senders that are known in this run: passed to whatever reads requests, files and filters.
public struct Providers: Sendable, Equatable {
  public let all: [Provider]

  public init(_ all: [Provider]) {
    self.all = all
  }

  /// The provider called `name` in options and files.
  public subscript(name: some StringProtocol) -> Provider? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Their names, as a list for a sentence.
  public var names: String { all.map(\.name).joined(separator: ", ") }

  /// Their titles, as a list for a sentence: `Parlay and Parable`.
  public var titles: String { all.map(\.title).inSentence }

  /// The name that stands for any of them in an example.
  public var exampleName: String { all.first?.name ?? "NAME" }

  /// A pattern that some of their events match, for an example: `analysis.*`.
  public var exampleTypes: String {
    let event = all.lazy.flatMap(\.events).first ?? "*"
    return event.contains(".") ? event.prefix { $0 != "." } + ".*" : event
  }

  /// How many times as fast a sandbox's time can go: with less, what is due would be beyond any date.
  public static let timeScales = 0.001...1e6

  /// Returns the same senders with retry schedules that many times as fast, as a sandbox has them.
  public func scaled(by factor: Double) -> Providers {
    factor == 1 ? self : Providers(all.map { $0.scaled(by: factor) })
  }

  /// Returns the provider that `headers` speak of: by signature, event or delivery header, then user agent.
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

extension Providers {
  /// Those that hooktop comes with.
  public static let builtIn = Providers([.parlay, .parable])
}
