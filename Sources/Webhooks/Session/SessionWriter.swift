public import JSON

private typealias Field = SessionField

/// Writes deliveries and incidents as the lines of a session: NDJSON, the one format of files and pipes.
///
/// It gathers lines, so that many go out in one write; the caller takes `bytes` and clears the writer.
public struct SessionWriter: Sendable {
  private var json = JSONWriter()

  public init() {}

  /// The lines written since the last `clear`, each with its newline.
  public var bytes: [UInt8] { json.bytes }

  /// Forgets the lines and keeps the room for the next ones.
  public mutating func clear() { json.clear() }

  /// Adds the line of a delivery or an incident.
  public mutating func write(_ record: SessionRecord) {
    switch record {
    case .delivery(let delivery): write(delivery)
    case .incident(let incident): write(incident)
    case .exchange(let exchange, let sequence): write(exchange, of: sequence)
    }
  }

  /// Adds the line of a delivery.
  public mutating func write(_ delivery: Delivery) { _ = write(delivery, withBody: true) }

  /// Adds the line of a delivery without its body. Returns the place in `bytes` where that belongs, in base64.
  public mutating func writeWithoutBody(_ delivery: Delivery) -> Int { write(delivery, withBody: false) }

  private mutating func write(_ delivery: Delivery, withBody: Bool) -> Int {
    var place = 0
    json.object { line in
      line.field(Field.kind.key, SessionRecord.Kind.delivery.rawValue)
      line.field(Field.sequence.key, delivery.sequence)
      line.field(Field.receivedAt.key, delivery.receivedAt.iso8601)
      line.write(delivery.envelope)
      line.write(delivery.verdict, withTolerance: true)
      line.field(Field.duplicate.key, delivery.isDuplicate)
      line.field(Field.attempt.key, delivery.attempt)
      place = line.write(delivery.request, withBody: withBody)
      line.write(delivery.answer)
      if let replayOf = delivery.replayOf { line.field(Field.replayOf.key, replayOf) }
      if let endpoint = delivery.endpoint { line.field(Field.endpoint.key, endpoint.name) }
    }
    json.endLine()
    return place
  }

  /// Adds the line of an incident.
  public mutating func write(_ incident: Incident) {
    json.object { line in
      line.field(Field.kind.key, SessionRecord.Kind.incident.rawValue)
      line.field(Field.receivedAt.key, incident.receivedAt.iso8601)
      line.field(Field.incidentReason.key, incident.reason.rawValue)
      line.field(Field.detail.key, incident.detail)
      line.field(Field.incidentPeer.key, incident.peer.orNil)
      if let status = incident.status {
        line.object(Field.answer.key) { $0.field(Field.answerStatus.key, status) }
      } else {
        line.null(Field.answer.key)
      }
      guard let received = incident.received else { return }
      line.field(Field.firstBytes.key, base64: received.bytes)
      line.field(Field.bytesReceived.key, received.count)
    }
    json.endLine()
  }
}

extension SessionWriter {
  /// Adds the line of an exchange about the delivery of a number.
  public mutating func write(_ exchange: Exchange, of sequence: UInt64) {
    json.object { line in
      line.field(Field.kind.key, SessionRecord.Kind.exchange.rawValue)
      line.field(Field.sequence.key, sequence)
      line.field(Field.at.key, exchange.at.iso8601)
      line.field(Field.why.key, exchange.purpose.rawValue)
      line.field(Field.url.key, exchange.url)
      line.write(exchange.response)
      line.field(Field.error.key, exchange.failure?.rawValue)
      line.object(Field.times.key) {
        $0.field(Field.connect.key, exchange.milliseconds.connect, decimals: 3)
        $0.field(Field.firstByte.key, exchange.milliseconds.firstByte, decimals: 3)
        $0.field(Field.total.key, exchange.milliseconds.total, decimals: 3)
      }
    }
    json.endLine()
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ answer: Answer?) {
    if let answer, let status = answer.status {
      object(Field.answer.key) {
        $0.field(Field.answerStatus.key, status)
        $0.field(Field.milliseconds.key, answer.milliseconds, decimals: 3)
      }
    } else {
      null(Field.answer.key)
    }
    if let rule = answer?.rule { field(Field.rule.key, rule.text) }
  }

  fileprivate mutating func write(_ response: Exchange.Response?) {
    guard let response else { return null(Field.response.key) }
    object(Field.response.key) { line in
      line.field(Field.responseStatus.key, response.status)
      line.write(response.headers, as: Field.responseHeaders.key)
      line.field(Field.responseBody.key, base64: response.body)
      line.field(Field.responseBodySize.key, response.bodySize)
    }
  }

  private mutating func write(_ headers: Headers, as key: StaticString) {
    array(key) { list in
      for header in headers {
        list.array {
          $0.element(header.name)
          $0.element(header.value)
        }
      }
    }
  }

  fileprivate mutating func write(_ envelope: Envelope) {
    field(Field.provider.key, envelope.provider?.name)
    field(Field.event.key, envelope.event)
    field(Field.eventID.key, envelope.eventID)
    field(Field.deliveryID.key, envelope.deliveryID)
    field(Field.dedupeKey, envelope.dedupeKey)
    field(Field.livemode.key, envelope.livemode.flag)
  }

  /// Writes a verdict as a field of the object that is open; with its tolerance where that is asked for and known.
  public mutating func write(_ verdict: Verdict, withTolerance: Bool) {
    object(Field.verdict.key) {
      $0.field(Field.status.key, verdict.status.rawValue)
      $0.field(Field.verdictReason.key, verdict.reason.rawValue)
      $0.field(Field.age.key, verdict.ageSeconds, decimals: 6)
      $0.field(Field.secret.key, verdict.secret)
      guard withTolerance, let tolerance = verdict.tolerance else { return }
      $0.field(Field.tolerance.key, tolerance, decimals: 6)
    }
  }

  /// Returns where the body ends in the text, or belongs.
  fileprivate mutating func write(_ request: Request, withBody: Bool) -> Int {
    var place = 0
    object(Field.request.key) { line in
      line.field(Field.method.key, request.method)
      line.field(Field.target.key, request.target)
      line.field(Field.version.key, request.version.rawValue)
      line.write(request.headers, as: Field.headers.key)
      line.field(Field.body.key, base64: withBody ? request.body : [])
      // Before the quotation mark.
      place = line.bytes.count - 1
      line.field(Field.bodySize.key, request.body.count)
      line.field(Field.requestPeer.key, request.peer.orNil)
    }
    return place
  }
}

extension String {
  /// The text, or nil if it is empty: files say null for what does not exist.
  fileprivate var orNil: String? { isEmpty ? nil : self }
}
