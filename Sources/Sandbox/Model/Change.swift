internal import JSON
internal import Sender
internal import Webhooks

/// Something that changes in the sandbox's state: the only way in which it does, so that a file of changes holds all of it.
enum Change: Sendable {
  /// The API key that calls are made with.
  case keyed(String)
  /// An endpoint is new, or other than it was.
  case opened(Endpoint)
  case closed(String)
  case captured(Capture)
  /// An event came about, and is to be delivered; or was, and still is.
  case happened(Happening, [Shipment])
  /// A delivery was put into the queue of a paused endpoint.
  case held(UInt64, since: Timestamp)
  /// An attempt failed, and another one is due.
  case failed(UInt64, due: Timestamp)
  case ended(UInt64, ShipmentEnd)
  case answered(KeptAnswer)
}

extension Change {
  /// A line of a state file: changes that belong together, so that either all of them are in the file or none.
  static func line(_ changes: [Change]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("changes") { writer in
        for change in changes { writer.object { change.write(to: &$0) } }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter) {
    switch self {
    case .keyed(let key): writer.field("api_key", key)
    case .opened(let endpoint): writer.object("endpoint") { endpoint.write(to: &$0) }
    case .closed(let id): writer.field("closed", id)
    case .captured(let capture): writer.object("capture") { capture.write(to: &$0) }
    case .happened(let happening, let shipments):
      writer.object("event") { happening.write(to: &$0) }
      writer.array("deliveries") { writer in
        for shipment in shipments { writer.object { shipment.write(to: &$0) } }
      }
    case .held(let number, let since):
      writer.field("held", number)
      writer.field("since", since.microseconds)
    case .failed(let number, let due):
      writer.field("failed", number)
      writer.field("due", due.microseconds)
    case .ended(let number, let end):
      writer.field("ended", number)
      writer.field("dropped", end == .dropped)
    case .answered(let answer): writer.object("answer") { answer.write(to: &$0) }
    }
  }
}

extension Endpoint {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("provider", provider.name)
    writer.field("url", url.text)
    writer.field("name", name)
    writer.array("events") { writer in for event in events { writer.element(event) } }
    writer.field("created_at", createdAt.microseconds)
    writer.field("secret", ByteString(secret.bytes))
    writer.field("paused", isPaused)
    writer.field("dropped", dropped)
  }
}

extension Capture {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("sequence", sequence)
    writer.field("id", id)
    writer.field("document", base64: document)
    guard let rename else { return }
    writer.object("rename") { writer in
      writer.field("from", rename.from)
      writer.field("to", rename.to)
      writer.field("at", rename.at.microseconds)
    }
  }
}

extension Happening {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("number", number)
    writer.field("provider", provider.name)
    writer.field("type", type)
    writer.field("id", id)
    if let body { writer.field("body", base64: body) } else { writer.field("size", size) }
  }
}

extension Shipment {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("number", number)
    writer.field("endpoint", endpoint)
    writer.field("chain", chain)
    writer.field("failures", failures)
    writer.field("due", due.microseconds)
    if let heldSince { writer.field("held_since", heldSince.microseconds) }
  }
}

extension KeptAnswer {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("key", base64: Array(key))
    writer.field("fingerprint", base64: fingerprint)
    writer.field("status", status)
    writer.field("body", base64: body)
    writer.field("at", at.microseconds)
  }
}
