internal import JSON
public import Webhooks

/// The events that hooktop can make up: every documented one, and one that no documentation names.
public enum SampleCatalogue {
  /// The event that is sent where nobody says which.
  public static let usual = parlay("analysis.completed", ParlayPayload.analysisCompleted)

  /// One row for each event type, in the order of the documentation.
  public static let kinds: [SampleKind] =
    [usual] + otherEvents.map { parlay($0, $1) } + [transcript]

  /// The event whose payload can be of any size.
  static let transcript = SampleKind(provider: .parable, event: "capture.processed", idPrefix: "cap_") {
    TranscriptPayload.envelope(&$0)
  }

  /// The usual event of each provider that there are samples of.
  static let usuals = [usual, transcript]

  private static func parlay(
    _ event: String, _ data: @escaping @Sendable (inout SampleDraft) -> SampleJSON
  ) -> SampleKind {
    SampleKind(provider: .parlay, event: event, idPrefix: "evt_") { ParlayPayload.envelope(&$0, data: data) }
  }

  private static let otherEvents: [(String, @Sendable (inout SampleDraft) -> SampleJSON)] = [
    ("analysis.failed", ParlayPayload.analysisFailed),
    ("persona.assigned", ParlayPayload.personaAssigned),
    ("methodology.assigned", ParlayPayload.methodologyAssigned),
    ("profile.synthesized", ParlayPayload.profileSynthesized),
    ("playbook.draft.completed", ParlayPayload.playbookDraftCompleted),
    ("playbook.published", ParlayPayload.playbookPublished),
    ("insights.generated", ParlayPayload.insightsGenerated),
    ("webhook.test", ParlayPayload.webhookTest),
    ("analysis.transcribed", ParlayPayload.analysisTranscribed),
  ]

  /// Returns the row for `event`; nil for an event type that there is no sample of.
  public static func kind(_ event: String) -> SampleKind? {
    kinds.first { $0.event == event }
  }

  /// Returns the event that is sent as `provider` where nobody says which, or nil if there is no sample of it.
  public static func usual(of provider: Provider) -> SampleKind? {
    provider == usual.provider ? usual : kinds(of: provider).first
  }

  /// Returns the rows of `provider`: those that are made up here, or the bodies that its description holds.
  public static func kinds(of provider: Provider) -> [SampleKind] {
    let own = kinds.filter { $0.provider == provider }
    return own.isEmpty ? provider.samples.map { SampleKind(provider: provider, sample: $0) } : own
  }

  /// Returns the row for `event` of `provider`, or of the first one that has such an event where none is given.
  public static func kind(
    _ event: String, of provider: Provider?, among providers: Providers
  ) -> SampleKind? {
    if let provider { return kinds(of: provider).first { $0.event == event } }
    return kind(event) ?? providers.all.lazy.flatMap(kinds(of:)).first { $0.event == event }
  }
}

/// One row of the sample catalogue: an event type, and how its payload is made up.
public struct SampleKind: Sendable {
  public let provider: Provider
  public let event: String
  /// What the ids of the event begin with: a transcript is known by its capture.
  let idPrefix: String
  /// Writes the body of one event: the envelope and the data.
  private let body: @Sendable (inout SampleDraft) -> [UInt8]
  /// Whether the ids are those that the body is given, or those that are found in it.
  private let isGiven: Bool

  init(
    provider: Provider, event: String, idPrefix: String,
    compose: @escaping @Sendable (inout SampleDraft) -> SampleJSON
  ) {
    self.provider = provider
    self.event = event
    self.idPrefix = idPrefix
    isGiven = false
    body = { compose(&$0).bytes }
  }

  /// One of the bodies that a sender's description holds.
  init(provider: Provider, sample: ProviderSample) {
    self.provider = provider
    event = sample.event
    idPrefix = ""
    isGiven = true
    body = { sample.body(id: $0.eventID, at: $0.now, isLive: $0.options.livemode) }
  }

  /// Whether the provider documents the event type; the others show that unknown ones are taken.
  public var isDocumented: Bool { provider.events.contains(event) }

  /// One event of this kind, with the ids and times that `random` and `now` give.
  public func sample(
    _ options: SampleOptions = SampleOptions(), now: Timestamp, using random: inout SplitMix64
  ) -> Sample {
    var draft = SampleDraft(kind: self, options: options, now: now, random: random)
    let body = body(&draft)
    random = draft.random
    let sample = Sample(
      provider: provider, event: event, eventID: draft.eventID, deliveryID: draft.deliveryID, body: body)
    return isGiven ? sample.withIDsOfBody : sample
  }
}

/// One event as its provider would send it: the ids and the body, not yet signed.
public struct Sample: Sendable, Equatable {
  public let provider: Provider
  public let event: String
  /// The id that stays the same when the event is delivered again.
  public let eventID: String
  /// The id that goes into the delivery header.
  public var deliveryID: String
  /// The exact JSON text, compact, in the documented order of keys.
  public let body: [UInt8]

  /// The same sample with the ids that its sender's description finds in it.
  fileprivate var withIDsOfBody: Sample {
    let envelope = Envelope(reading: OutgoingDelivery(self).request, of: provider)
    return Sample(
      provider: provider, event: event, eventID: envelope.eventID?.text ?? deliveryID,
      deliveryID: envelope.deliveryID?.text ?? deliveryID, body: body)
  }

  /// Returns the same event as a later attempt: a new delivery id where the provider gives every attempt its own.
  public func nextAttempt(using random: inout some RandomNumberGenerator) -> Sample {
    var attempt = self
    if !provider.deliveryIDNamesChain { attempt.deliveryID = random.uuid() }
    return attempt
  }
}

/// What may be asked of a sample beyond its event type.
public struct SampleOptions: Sendable, Equatable {
  /// Live or test data, for a provider that tells them apart.
  public var livemode: Bool
  /// The least size of the body in bytes; only transcripts grow to it.
  public var minimumSize: Int
  /// A remark for whoever reads the payload, put into `data.note`.
  public var note: String?

  public init(livemode: Bool = false, minimumSize: Int = 0, note: String? = nil) {
    self.livemode = livemode
    self.minimumSize = minimumSize
    self.note = note
  }
}

/// What a payload is written from: the ids of one event, its time, and the randomness for the rest.
struct SampleDraft {
  let event: String
  let options: SampleOptions
  let now: Timestamp
  let eventID: String
  let deliveryID: String
  var random: SplitMix64

  init(kind: SampleKind, options: SampleOptions, now: Timestamp, random: SplitMix64) {
    event = kind.event
    self.options = options
    self.now = now
    self.random = random
    eventID = kind.idPrefix + self.random.token(24)
    deliveryID = self.random.uuid()
  }

  /// `data` with the note of the options, where there is one.
  func noted(_ data: SampleJSON) -> SampleJSON {
    options.note.map { data.setting("note", to: .string($0)) } ?? data
  }

  /// A random UUID as a JSON value.
  mutating func uuid() -> SampleJSON { .string(random.uuid()) }

  /// A random id that begins with `prefix`, as a JSON value.
  mutating func id(_ prefix: String) -> SampleJSON { .string(prefix + random.token(16)) }
}

extension Timestamp {
  /// `2026-04-24T18:53:17.867123+00:00`, as Parlay writes it.
  package var withMicrosecondsAndOffset: String { String(iso8601.dropLast()) + "+00:00" }

  /// The moment `seconds` later.
  package func adding(_ seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64((seconds * 1e6).rounded()))
  }
}
