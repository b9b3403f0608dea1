internal import JSON

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
    }
  }

  /// Adds the line of a delivery.
  public mutating func write(_ delivery: Delivery) {
    json.object { line in
      line.field("kind", SessionRecord.Kind.delivery.rawValue)
      line.field("sequence", delivery.sequence)
      line.field("received_at", delivery.receivedAt.iso8601)
      line.write(delivery.envelope)
      line.write(delivery.verdict)
      line.field("duplicate", delivery.isDuplicate)
      line.field("attempt", delivery.attempt)
      line.write(delivery.request)
      line.object("answer") {
        $0.field("status", delivery.answer.status)
        $0.field("milliseconds", delivery.answer.milliseconds, decimals: 3)
      }
    }
    json.endLine()
  }

  /// Adds the line of an incident.
  public mutating func write(_ incident: Incident) {
    json.object { line in
      line.field("kind", SessionRecord.Kind.incident.rawValue)
      line.field("received_at", incident.receivedAt.iso8601)
      line.field("reason", incident.reason.rawValue)
      line.field("detail", incident.detail)
      line.field("peer", incident.peer.orNil)
      if let status = incident.status {
        line.object("answer") { $0.field("status", status) }
      } else {
        line.null("answer")
      }
    }
    json.endLine()
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ envelope: Envelope) {
    field("provider", envelope.provider?.name)
    field("event", envelope.event)
    field("event_id", envelope.eventID)
    field("delivery_id", envelope.deliveryID)
    field("dedupe_key", envelope.dedupeKey)
    field("livemode", envelope.livemode.flag)
  }

  fileprivate mutating func write(_ verdict: Verdict) {
    object("verdict") {
      $0.field("status", verdict.status.rawValue)
      $0.field("reason", verdict.reason.rawValue)
      $0.field("age_seconds", verdict.ageSeconds, decimals: 6)
      $0.field("secret", verdict.secret)
      if let tolerance = verdict.tolerance { $0.field("tolerance_seconds", tolerance, decimals: 6) }
    }
  }

  fileprivate mutating func write(_ request: Request) {
    object("request") { line in
      line.field("method", request.method)
      line.field("target", request.target)
      line.field("version", request.version.rawValue)
      line.array("headers") { list in
        for header in request.headers {
          list.array {
            $0.element(header.name)
            $0.element(header.value)
          }
        }
      }
      line.field("body_base64", base64: request.body)
      line.field("body_size", request.body.count)
      line.field("peer", request.peer.orNil)
    }
  }
}

extension String {
  /// The text, or nil where it is empty: files say null for what does not exist.
  fileprivate var orNil: String? { isEmpty ? nil : self }
}
