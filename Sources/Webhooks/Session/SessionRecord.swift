internal import JSON

/// What one line of a session holds.
public enum SessionRecord: Sendable {
  case delivery(Delivery)
  case incident(Incident)
  /// An exchange about the delivery of this number, which has come before it.
  case exchange(Exchange, of: UInt64)

  /// The words that tell the lines apart, in the field `kind`.
  enum Kind: String, CaseIterable {
    case delivery, incident, exchange
  }
}

extension SessionRecord {
  /// How the lines begin that are written here.
  public static let starts = Kind.allCases.map {
    Array("{\"\(SessionField.kind.key)\":\"\($0.rawValue)\"".utf8)
  }

  /// Returns whether `line` has the fields that one of a session is known by, whatever is wrong with their values.
  public static func isLikely(_ line: [UInt8]) -> Bool {
    guard let fields = try? SessionFields(line), let kind = try? fields.word(.kind) as Kind else {
      return false
    }
    let due: [SessionField] =
      switch kind {
      case .delivery: [.sequence, .receivedAt, .status, .body]
      case .incident: [.receivedAt, .incidentReason, .detail]
      case .exchange: [.sequence, .at, .why, .url, .total]
      }
    return due.allSatisfy { (try? fields.isNull($0)) != nil }
  }

  /// Reads one line of a session, with or without its newline; fields that it does not know are passed over.
  /// - Parameters:
  ///   - number: the line's number in its file, from 1.
  ///   - verifier: judges a delivery at its own arrival; nil leaves it the recorded verdict.
  public init(
    line: [UInt8], number: Int = 1, providers: Providers, verifier: Verifier? = nil
  ) throws(SessionError) {
    let fields = try SessionFields(line)
    switch try fields.word(.kind) as Kind {
    case .delivery: self = .delivery(try fields.delivery(line: number, providers, verifier))
    case .incident: self = .incident(try fields.incident())
    case .exchange:
      self = .exchange(try fields.exchange(), of: try fields.integer(.sequence, 1...UInt64.max))
    }
  }
}

extension SessionFields {
  fileprivate func delivery(
    line: Int, _ providers: Providers, _ verifier: Verifier?
  ) throws(SessionError) -> Delivery {
    var envelope = try envelopeWithoutTexts(providers)
    let (event, eventID) = (try keptIfNotNull(.event), try keptIfNotNull(.eventID))
    let deliveryID = try keptIfNotNull(.deliveryID)
    envelope.livemode = Livemode(try isNull(.livemode) ? nil : try bool(.livemode))
    var (request, target) = try requestWithoutTarget()
    let sequence: UInt64 = try integer(.sequence, 1...UInt64.max)
    let receivedAt = try value(.receivedAt) { Timestamp($0) }
    let (recorded, secret) = try verdict()
    let texts = together([event, eventID, deliveryID, secret, target])
    (envelope.event, envelope.eventID, envelope.deliveryID) = (texts[0], texts[1], texts[2])
    request.target = texts[4] ?? request.target
    envelope.takeTimes(of: request.body)
    let (isDuplicate, attempt) = (try bool(.duplicate), try integer(.attempt, 1...Int.max))
    let answer = try answer()
    let origin = Origin.recorded(line: line, replayOf: try integerIfPresent(.replayOf, 1...UInt64.max))
    let endpoint = try textIfPresent(.endpoint).map { Endpoint($0) }
    let verdict =
      verifier?.verify(request, provider: envelope.provider, endpoint: endpoint, at: receivedAt)
      ?? Verdict(
        recorded: recorded.reason, ageSeconds: recorded.age, tolerance: recorded.tolerance, secret: texts[3],
        request: request, provider: envelope.provider)
    return Delivery(
      sequence: sequence, receivedAt: receivedAt, request: request, envelope: envelope, verdict: verdict,
      isDuplicate: isDuplicate, attempt: attempt, answer: answer, origin: origin, endpoint: endpoint)
  }

  private func answer() throws(SessionError) -> Answer {
    let isSilent = try isNull(.answer)
    return Answer(
      status: isSilent ? nil : try integer(.answerStatus, 100...999),
      milliseconds: isSilent ? 0 : try decimal(.milliseconds, 0...1e12),
      rule: try textIfPresent(.rule).map { RuleName($0) })
  }

  fileprivate func incident() throws(SessionError) -> Incident {
    Incident(
      receivedAt: try value(.receivedAt) { Timestamp($0) },
      reason: try word(.incidentReason), detail: try text(.detail),
      peer: try optionalText(.incidentPeer) ?? "",
      status: try isNull(.answer) ? nil : try integer(.answerStatus, 100...999),
      received: try received())
  }

  private func received() throws(SessionError) -> Incident.Received? {
    guard try isPresent(.firstBytes) else { return nil }
    return Incident.Received(
      try base64(.firstBytes), of: try integer(.bytesReceived, 0...Int.max))
  }

  fileprivate func exchange() throws(SessionError) -> Exchange {
    Exchange(
      at: try value(.at) { Timestamp($0) }, purpose: try word(.why), url: try text(.url),
      response: try response(), failure: try isNull(.error) ? nil : try word(.error),
      milliseconds: Exchange.Times(
        connect: try decimalIfPresent(.connect, 0...1e12),
        firstByte: try decimalIfPresent(.firstByte, 0...1e12), total: try decimal(.total, 0...1e12)))
  }

  private func response() throws(SessionError) -> Exchange.Response? {
    guard try !isNull(.response) else { return nil }
    guard try isList(.responseHeaders) else { throw .unexpected(.responseHeaders) }
    return Exchange.Response(
      status: try integer(.responseStatus, 100...999), headers: responseHeaders,
      body: try base64(.responseBody), bodySize: try integer(.responseBodySize, 0...Int.max))
  }

  private func envelopeWithoutTexts(_ providers: Providers) throws(SessionError) -> Envelope {
    Envelope(provider: try isNull(.provider) ? nil : try value(.provider) { providers.named($0) })
  }

  /// The request of a delivery's line.
  func request() throws(SessionError) -> Request {
    var (request, target) = try requestWithoutTarget()
    request.target = together([target])[0] ?? request.target
    return request
  }

  private func requestWithoutTarget() throws(SessionError) -> (Request, target: KeptText) {
    guard try isList(.headers) else { throw .unexpected(.headers) }
    let body = try base64(.body)
    let size = try integer(.bodySize, 0...Int.max)
    guard size == body.count else { throw .bodySize(stated: size, actual: body.count) }
    let target = try kept(.target)
    guard try value(.target, { HTTPText.isTarget($0) }) else { throw .unexpected(.target) }
    guard try value(.method, { HTTPText.isToken($0) }) else { throw .unexpected(.method) }
    let request = Request(
      method: try text(.method), version: try word(.version), headers: headers, body: body,
      peer: try optionalText(.requestPeer) ?? "")
    return (request, target)
  }

  private struct RecordedVerdict {
    let reason: Verdict.Reason
    let age: Double?
    let tolerance: Double?
  }

  /// The verdict of arrival, and the label of the secret.
  private func verdict() throws(SessionError) -> (RecordedVerdict, secret: KeptText) {
    let status: Verdict.Status = try word(.status)
    let reason: Verdict.Reason = try word(.verdictReason)
    guard reason.status == status else { throw .verdictDisagrees(status: status, reason: reason) }
    // The bounds are what a `t` of 15 digits can give.
    let age = try isNull(.age) ? nil : try decimal(.age, -1e15...1e15)
    let tolerance = try decimalIfPresent(.tolerance, 0...Double.greatestFiniteMagnitude)
    return (RecordedVerdict(reason: reason, age: age, tolerance: tolerance), try keptIfNotNull(.secret))
  }
}

extension Verdict {
  /// The verdict of a recorded delivery as it was at arrival, with the facts that its header still shows.
  ///
  /// How many secrets were tried is not recorded. `inWindow` is nil if neither the reason nor the recorded tolerance
  /// tells.
  init(
    recorded reason: Reason, ageSeconds: Double?, tolerance: Double? = nil, secret: ByteString?,
    request: borrowing Request, provider: Provider?
  ) {
    self.init(reason)
    self.ageSeconds = ageSeconds
    self.secret = secret
    self.tolerance = tolerance
    inWindow = status == .valid ? true : status == .stale ? false : nil
    if inWindow == nil, let tolerance, let ageSeconds {
      inWindow =
        provider?.withScheme { $0.takes(age: ageSeconds, within: tolerance) }
        ?? (abs(ageSeconds) <= tolerance)
    }
    macMatches = secret != nil || status == .valid || status == .stale ? true : nil
    if status == .mismatch { macMatches = false }
    guard let provider else { return }
    let (reading, unit) = provider.withScheme { ($0.read(request), $0.timeUnit.perSecond) }
    guard reading.isPresent else { return }
    timestamp = reading.time.map { $0 / unit }
    signatureCount = reading.signatureCount
    usableSignatureCount = reading.usableCount
    if status == .malformed || status == .unchecked {
      faultOffset = (reading.fault ?? reading.unusable)?.offset
    }
  }
}

/// Writes what arrives to where it lasts, before any sender is told that it is kept.
public protocol Recorder: Sendable {
  /// Returns once `record` would outlive this process; throws where it would not.
  /// - Parameter body: the delivery's, where it was encoded beforehand.
  func record(_ record: SessionRecord, body: EncodedBody?) throws
}

/// A large body as it stands in a session's line. To encode it is nearly all of the work, and the only part that can be
/// done before the delivery has its place among the others.
public struct EncodedBody: Sendable {
  /// In bytes; bodies up to this size are encoded with their line, and written in one piece with it.
  static let smallBody = 64 << 10

  /// In base64.
  public let text: [UInt8]

  /// Returns nil for a small body.
  public init?(_ body: [UInt8]) {
    guard body.count > Self.smallBody else { return nil }
    text = Base64.encoded(body)
  }
}
