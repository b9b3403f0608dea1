internal import JSON

/// A sender of webhooks, as data: how it names, signs and repeats its deliveries. Two of one name are the same.
public struct Provider: Sendable {
  /// The facts stand in one object: every kept delivery holds its provider, and copies a reference.
  private final class Facts: Sendable {
    let name: String
    let title: String
    let scheme: SignatureScheme
    let eventHeader: String
    let deliveryHeader: String
    let userAgentPrefix: String?
    let eventIDPath: [String]
    let deliveryIDPath: [String]?
    let createdAtPath: [String]
    let hasLivemode: Bool
    let deliveryIDNamesChain: Bool
    let answerDue: Int
    let retrySchedule: [Int]
    let events: [String]
    let constantFields: [Headers.Field]
    let query: EnvelopeQuery
    let nameBytes: ByteString

    init(
      _ name: String, _ title: String, _ scheme: SignatureScheme, _ eventHeader: String,
      _ deliveryHeader: String, _ userAgentPrefix: String?, _ eventIDPath: [String],
      _ deliveryIDPath: [String]?, _ createdAtPath: [String], _ hasLivemode: Bool,
      _ deliveryIDNamesChain: Bool, _ answerDue: Int, _ retrySchedule: [Int], _ events: [String],
      _ constantFields: [Headers.Field]
    ) {
      self.name = name
      nameBytes = ByteString(name)
      self.title = title
      self.scheme = scheme
      self.eventHeader = eventHeader
      self.deliveryHeader = deliveryHeader
      self.userAgentPrefix = userAgentPrefix
      self.eventIDPath = eventIDPath
      self.deliveryIDPath = deliveryIDPath
      self.createdAtPath = createdAtPath
      self.hasLivemode = hasLivemode
      self.deliveryIDNamesChain = deliveryIDNamesChain
      self.answerDue = answerDue
      self.retrySchedule = retrySchedule
      self.events = events
      self.constantFields = constantFields
      query = EnvelopeQuery(
        eventID: eventIDPath, deliveryID: deliveryIDPath, hasLivemode: hasLivemode)
    }
  }

  private let facts: Facts

  /// - Parameter constantFields: where none are given, only the type of a JSON document.
  public init(
    name: String, title: String, eventHeader: String, deliveryHeader: String, scheme: SignatureScheme,
    userAgentPrefix: String? = nil, eventIDPath: [String], deliveryIDPath: [String]? = nil,
    createdAtPath: [String], hasLivemode: Bool, deliveryIDNamesChain: Bool, answerDue: Int,
    retrySchedule: [Int], events: [String], constantFields: [Headers.Field]? = nil
  ) {
    facts = Facts(
      name, title, scheme, eventHeader, deliveryHeader, userAgentPrefix, eventIDPath, deliveryIDPath,
      createdAtPath, hasLivemode, deliveryIDNamesChain, answerDue, retrySchedule, events,
      constantFields ?? [Headers.Field("Content-Type", "application/json")])
  }

  /// The name used in options, filters and files: `parlay`.
  public var name: String { facts.name }
  /// The name as its owner writes it: `Parlay`.
  public var title: String { facts.title }
  /// How its requests are signed.
  public var scheme: SignatureScheme { facts.scheme }
  /// The name of the header that holds the event type.
  public var eventHeader: String { facts.eventHeader }
  /// The name of the header that holds the id of a delivery.
  public var deliveryHeader: String { facts.deliveryHeader }
  /// What the sender's `User-Agent` begins with, where it has one of its own.
  public var userAgentPrefix: String? { facts.userAgentPrefix }
  /// Where the body holds the id that stays the same when an event is delivered again.
  public var eventIDPath: [String] { facts.eventIDPath }
  /// Where the body holds the delivery's id, for a sender that repeats it there.
  public var deliveryIDPath: [String]? { facts.deliveryIDPath }
  /// Where the body says when the event came about.
  public var createdAtPath: [String] { facts.createdAtPath }
  /// Whether the body's top level says `livemode`.
  public var hasLivemode: Bool { facts.hasLivemode }
  /// Whether all attempts of one delivery share the delivery id.
  public var deliveryIDNamesChain: Bool { facts.deliveryIDNamesChain }
  /// Seconds within which an answer is due.
  public var answerDue: Int { facts.answerDue }
  /// Seconds from each failed attempt to the next.
  public var retrySchedule: [Int] { facts.retrySchedule }
  /// The documented event types; unknown ones are taken all the same.
  public var events: [String] { facts.events }
  /// The fields that all its requests have alike, in the order and spelling in which it sends them.
  public var constantFields: [Headers.Field] { facts.constantFields }
  /// The name of the header that holds the signature.
  public var signatureHeader: String { facts.scheme.header }
  /// What its envelopes are read with.
  var query: EnvelopeQuery { facts.query }
}

extension Provider: Hashable {
  public static func == (left: Provider, right: Provider) -> Bool {
    left.facts === right.facts || left.facts.nameBytes == right.facts.nameBytes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(facts.nameBytes)
  }
}

extension Provider {
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
    ],
    constantFields: [
      Headers.Field("Content-Type", "application/json"), Headers.Field("User-Agent", "parlay-webhook/1"),
    ])

  public static let parable = Provider(
    name: "parable", title: "Parable", eventHeader: "x-parable-event",
    deliveryHeader: "x-parable-delivery", scheme: .timeAndBody(in: "x-parable-signature"),
    userAgentPrefix: nil,
    eventIDPath: ["data", "id"], deliveryIDPath: ["delivery_id"], createdAtPath: ["emitted_at"],
    hasLivemode: false, deliveryIDNamesChain: true,
    answerDue: 10, retrySchedule: [60, 300, 900, 3600, 21600, 86400],
    events: ["capture.processed"], constantFields: [Headers.Field("content-type", "application/json")])
}
