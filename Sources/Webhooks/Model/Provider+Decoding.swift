extension Provider: Decodable {
  private enum Key: String, CodingKey {
    case name, title, signature, event, id, delivery, livemode, retries, events, sends, samples, challenges
    case eventHeader = "event-header"
    case deliveryHeader = "delivery-header"
    case idHeader = "id-header"
    case secretVariables = "secret-variables"
    case userAgent = "user-agent"
    case secretPrefix = "secret-prefix"
    case otherPrefixes = "other-prefixes"
    case createdAt = "created-at"
    case startedAt = "started-at"
    case sharesDelivery = "attempts-share-delivery-id"
    case answerWithin = "answer-within"
    case bodies = "documented-bodies"
    case verifiers = "sample-verifiers"
  }

  /// Reads a sender's facts: places of the body as `body.data.id`, spans of time as `30s`, `5m` or `2h`, and the
  /// fields that it always sends as `Content-Type: application/json`.
  public init(from decoder: any Decoder) throws {
    let facts = try decoder.container(keyedBy: Key.self)
    let name = try facts.decode(String.self, forKey: .name)
    try self.init(name, scheme: facts.decode(SignatureScheme.self, forKey: .signature)) { provider in
      func read<Value: Decodable>(_ key: Key, _ take: (inout Provider.Facts, Value) -> Void) throws {
        if let value = try facts.decodeIfPresent(Value.self, forKey: key) { take(&provider, value) }
      }
      try read(.title) { $0.title = $1 }
      try read(.secretPrefix) { $0.secretPrefix = $1 }
      try read(.otherPrefixes) { $0.otherPrefixes = $1 }
      try read(.eventHeader) { $0.eventHeader = $1 }
      try read(.deliveryHeader) { $0.deliveryHeader = $1 }
      try read(.idHeader) { $0.eventIDHeader = $1 }
      try read(.secretVariables) { $0.secretVariables = $1 }
      try read(.samples) { $0.samples = $1 }
      try read(.userAgent) { $0.userAgentPrefix = $1 }
      try read(.event) { (facts, path: BodyPath) in facts.eventPath = path.keys }
      try read(.id) { (facts, path: BodyPath) in facts.eventIDPath = path.keys }
      try read(.delivery) { (facts, path: BodyPath) in facts.deliveryIDPath = path.keys }
      try read(.createdAt) { (facts, path: BodyPath) in facts.createdAtPath = path.keys }
      try read(.startedAt) { (facts, path: BodyPath) in facts.startedAtPath = path.keys }
      try read(.livemode) { (facts, place: LivemodePlace) in
        facts.livemodePath = place.at.keys
        facts.liveValue = place.live
      }
      try read(.sharesDelivery) { $0.deliveryIDNamesChain = $1 }
      try read(.answerWithin) { (facts, span: Span) in facts.answerDue = span.seconds }
      try read(.retries) { (facts, spans: [Span]) in facts.retrySchedule = spans.map { Double($0.seconds) } }
      try read(.events) { $0.events = $1 }
      try read(.bodies) { $0.documentedBodies = $1 }
      try read(.verifiers) { $0.sampleVerifiers = $1 }
      try read(.challenges) { $0.challenges = $1 }
      try read(.sends) { (facts, lines: [FieldLine]) in facts.constantFields = lines.map(\.field) }
    }
    guard scheme.kind == .hmac || !self.challenges.contains(where: \.isSigned) else {
      throw DecodingError.dataCorruptedError(
        forKey: .challenges, in: facts,
        debugDescription: "expected no $hmac: only a secret of kind hmac can make one")
    }
  }
}

/// A place in a body, written as `body.data.id`, or `none`.
struct BodyPath: Decodable {
  let keys: [String]

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts[0] == "body", !parts.contains("") else { return nil }
    keys = Array(parts.dropFirst())
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let text = try value.decode(String.self)
    guard let path = text == Self.none.text ? Self.none : BodyPath(text) else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "expected a place in the body, such as body.data.id, or none")
    }
    self = path
  }

  /// What stands nowhere in the body.
  private static let none = BodyPath([])

  init(_ keys: [String]) { self.keys = keys }

  /// The place as it is written.
  var text: String { keys.isEmpty ? "none" : (["body"] + keys).joined(separator: ".") }
}

/// Where the body says whether an event is live: a path to true or false, or also the text that means live, as in
/// `{"at": "body.environment", "live": "production"}`.
private struct LivemodePlace: Decodable {
  let at: BodyPath
  let live: String?

  private enum Key: String, CodingKey {
    case at, live
  }

  init(from decoder: any Decoder) throws {
    guard let place = try? decoder.container(keyedBy: Key.self) else {
      at = try BodyPath(from: decoder)
      live = nil
      return
    }
    at = try place.decode(BodyPath.self, forKey: .at)
    live = try place.decodeIfPresent(String.self, forKey: .live)
  }
}

/// A header field, written as `Content-Type: application/json`.
private struct FieldLine: Decodable {
  let field: Headers.Field

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let parts = try value.decode(String.self).split(separator: ":", maxSplits: 1)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "expected a header such as Content-Type: application/json")
    }
    field = Headers.Field(String(parts[0]), String(parts[1].drop { $0 == " " }))
  }
}

/// A span of time, written as `30s`, `5m`, `2h` or `1d`.
private struct Span: Decodable {
  let seconds: Int

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let text = try value.decode(String.self)
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
      (0...100_000) ~= count
    else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "expected a span of time such as 30s, 5m or 2h")
    }
    seconds = count * unit
  }
}
