public import JSON

/// What a request says of itself beside its payload: provider, event, ids, livemode and times, unverified.
///
/// The body, which is signed, goes before the headers, which are not.
public struct Envelope: Sendable, Equatable {
  public var provider: Provider?
  public var event: ByteString?
  /// The id that stays the same when the event is delivered again.
  public var eventID: ByteString?
  public var deliveryID: ByteString?
  public var livemode: Livemode = .notApplicable
  /// When the event came about.
  public var createdAt: Timestamp?
  /// When what the event tells of began.
  public var startedAt: Timestamp?

  public init(
    provider: Provider? = nil, event: ByteString? = nil, eventID: ByteString? = nil,
    deliveryID: ByteString? = nil,
    livemode: Livemode = .notApplicable
  ) {
    self.provider = provider
    self.event = event
    self.eventID = eventID
    self.deliveryID = deliveryID
    self.livemode = livemode
  }

  /// What tells that two deliveries carry the same event.
  public var dedupeKey: ByteString? { eventID }

  /// What all attempts of one delivery have in common.
  public var chainKey: ByteString? {
    provider?.deliveryIDNamesChain == true ? deliveryID ?? eventID : eventID
  }
}

extension Envelope {
  /// Reads what `request` says of itself; what stands nowhere, or is not of the documented kind, is nil.
  public init(reading request: Request, providers: Providers) {
    self.init(reading: request, of: providers.of(request.headers))
  }

  /// Reads what a request of `provider` says of itself.
  public init(reading request: Request, of provider: Provider?) {
    self.init(provider: provider)
    let fields = (provider?.query ?? .unknown).read(request.body)
    event = Self.cut(fields.event ?? provider.flatMap { Self.value($0.eventHeader, request) })
    deliveryID = Self.id(fields.deliveryID ?? provider.flatMap { Self.deliveryID(of: $0, request) })
    eventID = Self.id(fields.eventID ?? provider.flatMap { Self.eventID(of: $0, request, deliveryID) })
    livemode = Livemode(fields.livemode)
    (createdAt, startedAt) = (fields.createdAt, fields.startedAt)
  }

  /// Takes the times that `body` gives, which no file holds apart from it.
  mutating func takeTimes(of body: [UInt8]) {
    (createdAt, startedAt) =
      provider?.withQuery { $0.times(in: body) } ?? EnvelopeQuery.unknown.times(in: body)
  }

  /// The longest event name or id that is kept, in bytes: a sender could make them as long as the body.
  private static let limit = 1024

  /// A name that is too long, cut; it is only read and filtered by.
  private static func cut(_ name: ByteString?) -> ByteString? {
    guard let name, name.count > limit else { return name }
    return ByteString(Array(name.cut(to: limit)) + Array("\u{2026}".utf8))
  }

  /// An id that is too long is none: cut, it would be the same as another one's.
  private static func id(_ text: ByteString?) -> ByteString? {
    text.flatMap { $0.count > limit ? nil : $0 }
  }

  /// The id in the sender's header, or the one that is signed, which may be called by another of its names.
  private static func deliveryID(of provider: Provider, _ request: Request) -> ByteString? {
    value(provider.deliveryHeader, request)
      ?? provider.otherIDHeaders.lazy.compactMap { value($0, request) }.first
  }

  private static func eventID(
    of provider: Provider, _ request: Request, _ deliveryID: ByteString?
  ) -> ByteString? {
    provider.eventIDHeader == provider.deliveryHeader && !provider.eventIDHeader.isEmpty
      ? deliveryID : value(provider.eventIDHeader, request)
  }

  private static func value(_ header: String, _ request: Request) -> ByteString? {
    header.isEmpty ? nil : request.headers.first(header).flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// The body fields that an envelope is read from, prepared once for each provider.
struct EnvelopeQuery: Sendable {
  struct Fields {
    var event: ByteString?
    var eventID: ByteString?
    var deliveryID: ByteString?
    var livemode: Bool?
    var createdAt: Timestamp?
    var startedAt: Timestamp?
  }

  private let query: JSONFieldQuery
  /// Whether nothing of it stands in the body, which then need not be read.
  private let isEmpty: Bool
  private let liveValue: ByteString?
  private let challenges: [Challenge]
  /// The place of the first challenge's path, behind the others.
  private static let firstChallenge = 6

  /// A path that is not given asks for nothing.
  private init(
    event: [String], eventID: [String], deliveryID: [String]? = nil, livemode: [String]? = nil,
    liveValue: String? = nil, createdAt: [String], startedAt: [String]? = nil,
    challenges: [Challenge] = []
  ) {
    let paths =
      [event, eventID, deliveryID ?? [], livemode ?? [], createdAt, startedAt ?? []] + challenges.map(\.place)
    query = JSONFieldQuery(paths)
    isEmpty = paths.allSatisfy(\.isEmpty)
    self.liveValue = liveValue.map { ByteString($0) }
    self.challenges = challenges
  }

  init(_ facts: Provider.Facts) {
    self.init(
      event: facts.eventPath, eventID: facts.eventIDPath, deliveryID: facts.deliveryIDPath,
      livemode: facts.livemodePath, liveValue: facts.liveValue, createdAt: facts.createdAtPath,
      startedAt: facts.startedAtPath, challenges: facts.challenges)
  }

  func read(_ body: [UInt8]) -> Fields {
    guard !isEmpty else { return Fields() }
    let tokens = query.tokens(in: body)
    func value(_ place: Int) -> JSONFieldValue? { tokens[place].map { JSONFieldValue($0, in: body) } }
    return Fields(
      event: value(0)?.string ?? challenge(value).map { ByteString($0.event) },
      eventID: value(1)?.string, deliveryID: value(2)?.string,
      livemode: value(3).flatMap(isLive), createdAt: value(4).flatMap(Timestamp.init(_:)),
      startedAt: value(5).flatMap(Timestamp.init(_:)))
  }

  /// The times alone, as they are in `read`.
  func times(in body: [UInt8]) -> (createdAt: Timestamp?, startedAt: Timestamp?) {
    guard !isEmpty else { return (nil, nil) }
    let tokens = query.tokens(in: body)
    func time(_ place: Int) -> Timestamp? {
      tokens[place].flatMap { Timestamp(JSONFieldValue($0, in: body)) }
    }
    return (time(4), time(5))
  }

  /// The challenge that a body is; nil for an event.
  func challenge(in body: [UInt8]) -> Challenge? {
    guard !challenges.isEmpty else { return nil }
    let values = query.fields(in: body).values
    return challenge { values[$0] }
  }

  /// The first challenge that the values at the query's places speak of, where they name no other event.
  private func challenge(_ value: (Int) -> JSONFieldValue?) -> Challenge? {
    guard !challenges.isEmpty else { return nil }
    let event = value(0)?.string
    return challenges.enumerated().first { place, challenge in
      challenge.isMeant(by: value(Self.firstChallenge + place))
        && (event.map { $0 == ByteString(challenge.event) } ?? true)
    }?.element
  }

  private func isLive(_ value: JSONFieldValue) -> Bool? {
    guard let liveValue else { return value.bool }
    if let flag = value.bool { return ByteString(flag ? "true" : "false") == liveValue }
    return value.string.map { $0 == liveValue }
  }

  /// For requests of no provider that is known.
  static let unknown = EnvelopeQuery(
    event: ["event"], eventID: ["id"], livemode: ["livemode"], createdAt: ["created_at"])
}

/// Whether an event is about live data: a provider without the notion is neither live nor test.
public enum Livemode: String, Sendable, CaseIterable {
  case live, test
  case notApplicable = "n/a"

  /// The value in files: true, false, or null.
  public var flag: Bool? {
    switch self {
    case .live: true
    case .test: false
    case .notApplicable: nil
    }
  }

  public init(_ flag: Bool?) {
    self = flag.map { $0 ? .live : .test } ?? .notApplicable
  }
}
