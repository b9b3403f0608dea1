internal import JSON

/// A sender of webhooks, as data: how it names, signs and repeats its deliveries. Two of one name are the same.
@dynamicMemberLookup
public struct Provider: Sendable {
  /// What is known of a sender: a new fact is a line here, and one where files are read (`Provider+Decoding`).
  public struct Facts: Sendable, Equatable {
    /// The name used in options, filters and files: `parlay`.
    public let name: String
    /// The name as its owner writes it: `Parlay`.
    public var title: String
    /// What its signing secrets begin with; nil if nothing marks them.
    public var secretPrefix: String?
    /// What its other values begin with that are taken for a signing secret: API keys and ids.
    public var otherPrefixes: [String] = []
    /// The environment variables that usually hold its signing secret, besides `NAME_SIGNING_SECRET`.
    public var secretVariables: [String] = []
    /// How its requests are signed.
    public var scheme: SignatureScheme
    /// The name of the header that holds the event type; empty if none does.
    public var eventHeader = ""
    /// The name of the header that holds the id of a delivery; empty if none does.
    public var deliveryHeader = ""
    /// The name of the header that holds the id that stays the same when an event is delivered again, for a sender that
    /// has none in the body; empty if none does.
    public var eventIDHeader = ""
    /// What the sender's `User-Agent` begins with, where it has one of its own.
    public var userAgentPrefix: String?
    /// Where the body holds the event type; empty if it does not.
    public var eventPath = ["event"]
    /// Where the body holds the id that stays the same when an event is delivered again; empty if it does not.
    public var eventIDPath = ["id"]
    /// Where the body holds the delivery's id, for a sender that repeats it there.
    public var deliveryIDPath: [String]?
    /// Where the body says when the event came about; empty if it does not.
    public var createdAtPath = ["created_at"]
    /// Where the body says when what it tells of began, for a sender whose deliveries may come out of order.
    public var startedAtPath: [String]?
    /// Where the body says whether the event is live; nil for a sender without the notion.
    public var livemodePath: [String]?
    /// The text there that means live, `false` for a field that says whether it is a test; nil if `true` does.
    public var liveValue: String?
    /// Whether all attempts of one delivery share the delivery id.
    public var deliveryIDNamesChain = false
    /// Seconds within which an answer is due.
    public var answerDue = 30
    /// Seconds from each failed attempt to the next.
    public var retrySchedule: [Double] = []
    /// What its own API can be asked for.
    public var calls: Set<ProviderCall> = []
    /// The documented event types; unknown ones are taken all the same.
    public var events: [String] = []
    /// The documented bodies, for the order of their keys; the likeliest first.
    public var documentedBodies: [DocumentedBody] = []
    /// How it asks whether it has reached its receiver, and what it is told.
    public var challenges: [Challenge] = []
    /// Bodies as it sends them, to be sent as samples.
    public var samples: [ProviderSample] = []
    /// The names of the documented verifiers that its receivers may be copies of.
    public var sampleVerifiers: [String] = []
    /// The fields that all its requests have alike, in the order and spelling in which it sends them.
    public var constantFields = [Headers.Field("Content-Type", "application/json")]

    /// Whether the sender has a live and a test mode.
    public var hasLivemode: Bool { livemodePath != nil }

    init(_ name: String, title: String, scheme: SignatureScheme) {
      self.name = name
      self.title = title
      self.scheme = scheme
    }
  }

  /// The facts stand in one object: every kept delivery holds its provider, and copies a reference.
  private final class Shared: Sendable {
    let facts: Facts
    let query: EnvelopeQuery
    let nameBytes: ByteString

    init(_ facts: Facts) {
      self.facts = facts
      query = EnvelopeQuery(facts)
      nameBytes = ByteString(facts.name)
    }
  }

  private let shared: Shared

  /// Creates a sender by its name and scheme; `describe` adds what else is known of it.
  /// - Parameter title: where none is given, the name.
  public init(
    _ name: String, title: String? = nil, scheme: SignatureScheme, _ describe: (inout Facts) throws -> Void
  ) rethrows {
    var facts = Facts(name, title: title ?? name, scheme: scheme)
    try describe(&facts)
    shared = Shared(facts)
  }

  public init(_ name: String, title: String? = nil, scheme: SignatureScheme) {
    self.init(name, title: title, scheme: scheme) { _ in }
  }

  /// The same sender after a change of what is known of it.
  func changed(_ change: (inout Facts) -> Void) -> Provider {
    var facts = shared.facts
    change(&facts)
    return Provider(facts)
  }

  /// All of the facts at once.
  package var facts: Facts { shared.facts }

  private init(_ facts: Facts) { shared = Shared(facts) }

  /// One of the facts.
  public subscript<Value>(dynamicMember fact: KeyPath<Facts, Value>) -> Value { shared.facts[keyPath: fact] }

  // What each delivery asks for is read without a key path.
  public var name: String { shared.facts.name }
  func isNamed(_ name: Span<UInt8>) -> Bool {
    shared.nameBytes.withBytes { own in
      own.count == name.count && own.indices.allSatisfy { own[$0] == name[$0] }
    }
  }
  /// How long the name is, in bytes.
  public var nameLength: Int { shared.nameBytes.count }
  public var scheme: SignatureScheme { shared.facts.scheme }
  /// Hands the scheme over where it stands: each copy of it counts a dozen references.
  func withScheme<Result>(_ body: (borrowing SignatureScheme) -> Result) -> Result {
    body(shared.facts.scheme)
  }
  public var eventHeader: String { shared.facts.eventHeader }
  public var deliveryHeader: String { shared.facts.deliveryHeader }
  public var eventIDHeader: String { shared.facts.eventIDHeader }
  /// The names of the id that is signed, for a sender whose ids have several.
  var otherIDHeaders: [String] { shared.facts.scheme.idHeaders }
  var challenges: [Challenge] { shared.facts.challenges }
  public var sampleVerifiers: [String] { shared.facts.sampleVerifiers }
  public var deliveryIDNamesChain: Bool { shared.facts.deliveryIDNamesChain }
  /// The name of the header that holds the signature.
  public var signatureHeader: String { shared.facts.scheme.header }
  /// The names of the headers that hold a token in place of a signature, which nobody but its receiver may see.
  public var tokenHeaders: [String] { withScheme { $0.kind == .token ? $0.headers : [] } }
  /// What its envelopes are read with.
  var query: EnvelopeQuery { shared.query }
  /// Hands over what its envelopes are read with where it stands, as `withScheme` does.
  func withQuery<Result>(_ body: (borrowing EnvelopeQuery) -> Result) -> Result { body(shared.query) }
}

extension Provider: Hashable {
  public static func == (left: Provider, right: Provider) -> Bool {
    left.shared === right.shared || left.shared.nameBytes == right.shared.nameBytes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(shared.nameBytes)
  }
}

/// A body as a provider's documentation shows it, for the order of its keys.
public struct DocumentedBody: Sendable, Equatable, Decodable {
  /// The event type; nil: of any that has no body of its own.
  public let event: String?
  /// The JSON text; its values do not matter.
  public let body: String

  public init(_ event: String?, _ body: String) {
    self.event = event
    self.body = body
  }
}

/// A body as a sender posts it, with places for what each delivery has anew.
public struct ProviderSample: Sendable, Equatable, Decodable {
  /// The event type; a header's value where the sender names it in one.
  public let event: String
  /// The exact text, with `$id` for some letters and digits, `$seconds`, `$milliseconds` and `$date` for the time, and
  /// `$live` for whether the event is live.
  public let body: String

  public init(_ event: String, _ body: String) {
    self.event = event
    self.body = body
  }

  /// Returns the body with its places filled in.
  public func body(id: String, at moment: Timestamp, isLive: Bool) -> [UInt8] {
    let seconds = moment.microseconds / 1_000_000
    let text =
      body.replacing("$id", with: id).replacing("$milliseconds", with: "\(moment.microseconds / 1000)")
      .replacing("$seconds", with: "\(seconds)").replacing("$date", with: moment.withMilliseconds)
      .replacing("$live", with: "\(isLive)")
    return Array(text.utf8)
  }
}
