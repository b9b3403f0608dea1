package import JSON

/// The senders that are known in this run: passed to whatever reads requests, files and filters.
public struct Providers: Sendable, Equatable {
  public let all: [Provider]

  private let index: SenderIndex

  public init(_ all: [Provider]) {
    self.all = all
    index = SenderIndex(all)
  }

  public static func == (left: Providers, right: Providers) -> Bool { left.all == right.all }

  /// The provider called `name` in options and files.
  public subscript(name: some StringProtocol) -> Provider? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// The provider of that name. Each delivery of a session asks, so that no text is made of the name.
  func named(_ name: Span<UInt8>) -> Provider? {
    for index in all.indices where all[index].isNamed(name) { return all[index] }
    return nil
  }

  /// How many of them a sentence lists.
  private static let listed = 6

  /// Their names, as a list for a sentence; of many, the first ones and where the others stand.
  public var names: String {
    guard all.count > Self.listed else { return all.map(\.name).joined(separator: ", ") }
    let first = all.prefix(3).map(\.name).joined(separator: ", ")
    return "\(first) or \(all.count - 3) more that hooktop providers lists"
  }

  /// Their names where there is little room: of many, the first ones.
  public var fewNames: String {
    guard all.count > Self.listed else { return names }
    return all.prefix(3).map(\.name).joined(separator: ", ") + " and \(all.count - 3) more"
  }

  /// Their titles, as a list for a sentence: `Parlay and Parable`.
  public var titles: String {
    guard all.count > Self.listed else { return all.map(\.title).inSentence }
    return all.prefix(3).map(\.title).joined(separator: ", ") + " and \(all.count - 3) more senders"
  }

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
    guard factor != 1 else { return self }
    return Providers(
      all.map { provider in
        provider.changed { $0.retrySchedule = $0.retrySchedule.map { $0 / factor } }
      })
  }

  /// Returns the same senders, with what they sign of the URL read as it stands at `address`.
  public func reached(at address: PublicAddress) -> Providers {
    Providers(
      all.map { provider in
        provider.scheme.text.usesURL ? provider.changed { $0.scheme.address = address } : provider
      })
  }

  /// Returns the provider that `headers` speak of: by signature, event or delivery header, then user agent. A
  /// signature's header by a name that anybody may use, as `X-Signature`, counts less than the headers of others.
  public func of(_ headers: Headers) -> Provider? { first(of: headers)?.provider }

  /// The same, and whether the headers speak of others as well.
  func first(of headers: Headers) -> (provider: Provider, isShared: Bool)? {
    var comparisons = 0
    return index.first(of: headers, counting: &comparisons).map { (all[$0.sender], $0.isShared) }
  }

  /// Returns all providers that `headers` speak of equally, since they have a header in common: `of` gives the first.
  public func rivals(of headers: Headers) -> [Provider] {
    var comparisons = 0
    return rivals(of: headers, counting: &comparisons)
  }

  /// - Parameter comparisons: counts how many names were compared.
  func rivals(of headers: Headers, counting comparisons: inout Int) -> [Provider] {
    index.senders(of: headers, counting: &comparisons).map { all[$0] }
  }
}

extension Providers {
  /// Whether a signature's header is called by a name that any sender may use, so that it speaks of none.
  package static func isCommon(_ header: ByteString) -> Bool {
    SenderIndex.commonNames.contains(header.asciiLowercased)
  }

  /// Those that hooktop comes with.
  public static let builtIn = Providers([
    .parlay, .parable, .stripe, .standardWebhooks, .svix, .gitHub, .shopify, .slack, .zoom, .paddle, .linear,
    .workOS, .elevenLabs, .retell, .calendly, .hubSpot, .square, .typeform, .zendesk, .lemonSqueezy,
    .razorpay,
    .sentry, .vercel, .intercom, .discord, .sendGrid, .gitLab,
  ])

  /// The two that hooktop is documented with.
  public static let documented = Providers([.parlay, .parable])
}
