/// One row of the provider table: how a sender of webhooks names, signs and repeats its deliveries.
public final class Provider: Sendable {
  /// The name used in options, filters and files: `parlay`.
  public let name: String
  /// The name as its owner writes it: `Parlay`.
  public let title: String
  public let eventHeader: String
  public let deliveryHeader: String
  /// How its requests are signed.
  public let scheme: SignatureScheme
  /// What the sender's `User-Agent` begins with, where it has one of its own.
  public let userAgentPrefix: String?
  /// Where the body holds the id that stays the same when an event is delivered again.
  public let eventIDPath: [String]
  /// Where the body holds the delivery's id, for a sender that repeats it there.
  public let deliveryIDPath: [String]?
  /// Where the body says when the event came about.
  public let createdAtPath: [String]
  /// Whether the body's top level says `livemode`.
  public let hasLivemode: Bool
  /// Whether all attempts of one delivery share the delivery id.
  public let deliveryIDNamesChain: Bool
  /// Seconds within which an answer is due.
  public let answerDue: Int
  /// Seconds from each failed attempt to the next.
  public let retrySchedule: [Int]
  /// The documented event types; unknown ones are taken all the same.
  public let events: [String]

  init(
    name: String, title: String, eventHeader: String, deliveryHeader: String, scheme: SignatureScheme,
    userAgentPrefix: String?,
    eventIDPath: [String], deliveryIDPath: [String]?, createdAtPath: [String],
    hasLivemode: Bool, deliveryIDNamesChain: Bool, answerDue: Int, retrySchedule: [Int],
    events: [String]
  ) {
    self.name = name
    self.title = title
    self.eventHeader = eventHeader
    self.deliveryHeader = deliveryHeader
    self.scheme = scheme
    self.userAgentPrefix = userAgentPrefix
    self.eventIDPath = eventIDPath
    self.deliveryIDPath = deliveryIDPath
    self.createdAtPath = createdAtPath
    self.hasLivemode = hasLivemode
    self.deliveryIDNamesChain = deliveryIDNamesChain
    self.answerDue = answerDue
    self.retrySchedule = retrySchedule
    self.events = events
  }
}

extension Provider {
  /// The name of the header that holds the signature.
  public var signatureHeader: String { scheme.header }

  /// The provider table: a third provider is one more row.
  public static let all: [Provider] = [parlay, parable]

  public static let parlay = Provider(
    name: "parlay", title: "Parlay", eventHeader: "X-Parlay-Event",
    deliveryHeader: "X-Parlay-Delivery", scheme: .timeAndBody(in: "X-Parlay-Signature"),
    userAgentPrefix: "parlay-webhook/",
    eventIDPath: ["id"], deliveryIDPath: nil, createdAtPath: ["created_at"],
    hasLivemode: true, deliveryIDNamesChain: false,
    answerDue: 30, retrySchedule: [60, 300, 1500, 7200, 28800],
    events: [
      "analysis.completed", "analysis.failed", "persona.assigned", "methodology.assigned",
      "profile.synthesized", "playbook.draft.completed", "playbook.published", "insights.generated",
      "webhook.test",
    ])

  public static let parable = Provider(
    name: "parable", title: "Parable", eventHeader: "x-parable-event",
    deliveryHeader: "x-parable-delivery", scheme: .timeAndBody(in: "x-parable-signature"),
    userAgentPrefix: nil,
    eventIDPath: ["data", "id"], deliveryIDPath: ["delivery_id"], createdAtPath: ["emitted_at"],
    hasLivemode: false, deliveryIDNamesChain: true,
    answerDue: 10, retrySchedule: [60, 300, 900, 3600, 21600, 86400],
    events: ["capture.processed"])

  /// The provider called `name` in options and files.
  public static func named(_ name: String) -> Provider? {
    all.first { $0.name == name }
  }

  /// The provider that `headers` speak of: by signature, event or delivery header, then user agent.
  public static func of(_ headers: Headers) -> Provider? {
    func provider(with header: (Provider) -> String) -> Provider? {
      all.first { headers.contains(header($0)) }
    }
    let named =
      provider { $0.signatureHeader } ?? provider { $0.eventHeader } ?? provider { $0.deliveryHeader }
    if let named { return named }
    guard let agent = headers.first("User-Agent") else { return nil }
    return all.first { provider in provider.userAgentPrefix.map { agent.starts(with: $0.utf8) } ?? false }
  }
}

extension Provider: Hashable {
  public static func == (left: Provider, right: Provider) -> Bool { left === right }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
