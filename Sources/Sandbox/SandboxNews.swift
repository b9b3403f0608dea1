public import JSON
internal import Sender
public import Webhooks

/// What happens in a sandbox, for whoever watches it. No secret and no key is in it.
public enum SandboxNews: Sendable {
  /// A call was answered; the time it took is in milliseconds.
  case call(at: Timestamp, method: String, target: ByteString, status: Int, milliseconds: Double)
  case attempt(AttemptRecord)
  /// Deliveries were dropped from the queue of a paused webhook.
  case dropped(endpoint: String, count: Int)
  /// Something that a receiver must be able to take happens among the made-up events.
  case surprise(String)
  /// Something reached the server that is no request.
  case incident(String, status: Int?)

  /// As a line of NDJSON.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { write(to: &$0) }
    writer.endLine()
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter) {
    switch self {
    case .call(let at, let method, let target, let status, let milliseconds):
      writer.field("kind", "call")
      writer.field("at", at.iso8601)
      writer.field("method", method)
      writer.field("target", target)
      writer.field("status", status)
      writer.field("milliseconds", milliseconds, decimals: 3)
    case .attempt(let record):
      writer.field("kind", "delivery")
      writer.field("provider", record.provider.name)
      writer.field("webhook", record.endpoint)
      writer.field("url", record.url)
      record.write(to: &writer)
    case .dropped(let endpoint, let count):
      writer.field("kind", "dropped")
      writer.field("webhook", endpoint)
      writer.field("count", count)
    case .surprise(let words):
      writer.field("kind", "surprise")
      writer.field("detail", words)
    case .incident(let detail, let status):
      writer.field("kind", "incident")
      writer.field("detail", detail)
      writer.field("status", status)
    }
  }
}
