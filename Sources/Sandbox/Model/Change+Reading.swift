internal import JSON
internal import Sender
internal import Webhooks

extension Change {
  /// The changes of a line; nil if it is not one, or holds something that this version does not know.
  static func changes(in line: [UInt8]) -> [Change]? {
    guard let elements = JSONObject(line)?["changes"]?.elements else { return nil }
    var changes: [Change] = []
    for element in elements {
      guard let object = element.object, let change = Change(object) else { return nil }
      changes.append(change)
    }
    return changes
  }

  private init?(_ object: JSONObject) {
    let change: Change? =
      if let key = object["api_key"]?.string {
        .keyed(key)
      } else if let id = object["closed"]?.string {
        .closed(id)
      } else if let endpoint = object["endpoint"]?.object {
        Endpoint(endpoint).map { .opened($0) }
      } else if let capture = object["capture"]?.object {
        Capture(capture).map { .captured($0) }
      } else if let answer = object["answer"]?.object {
        KeptAnswer(answer).map { .answered($0) }
      } else {
        Self.happened(object) ?? Self.progress(object)
      }
    guard let change else { return nil }
    self = change
  }

  private static func happened(_ object: JSONObject) -> Change? {
    guard let event = object["event"]?.object, let happening = Happening(event),
      let elements = object["deliveries"]?.elements
    else { return nil }
    let shipments = elements.compactMap { $0.object.flatMap { Shipment($0, of: happening) } }
    return shipments.count == elements.count ? .happened(happening, shipments) : nil
  }

  private static func progress(_ object: JSONObject) -> Change? {
    if let number = object.number("held"), let since = object.moment("since") {
      .held(number, since: since)
    } else if let number = object.number("failed"), let due = object.moment("due") {
      .failed(number, due: due)
    } else if let number = object.number("ended"), let isDropped = object["dropped"]?.bool {
      .ended(number, isDropped ? .dropped : .accepted)
    } else {
      nil
    }
  }
}

extension JSONObject {
  fileprivate func number(_ key: String) -> UInt64? { self[key]?.integer.flatMap { UInt64(exactly: $0) } }

  /// A number of things that there can be.
  fileprivate func count(_ key: String) -> Int? {
    number(key).flatMap { $0 <= UInt64(UInt32.max) ? Int($0) : nil }
  }

  /// A moment in microseconds; nil for one that is thousands of years away, which nothing can be added to.
  fileprivate func moment(_ key: String) -> Timestamp? {
    guard let integer = self[key]?.integer, integer.magnitude < 1 << 58 else { return nil }
    return Timestamp(microseconds: integer)
  }

  fileprivate var provider: Provider? { self["provider"]?.string.flatMap { Providers.builtIn[$0] } }
}

extension Endpoint {
  fileprivate init?(_ object: JSONObject) {
    guard let id = object["id"]?.string, let provider = object.provider,
      let url = object["url"]?.string.flatMap(AppURL.init),
      let events = object["events"]?.elements?.compactMap(\.string),
      let createdAt = object.moment("created_at"), let secret = object["secret"]?.string,
      let secret = try? SigningSecret(secret, label: id, provider: provider),
      let isPaused = object["paused"]?.bool, let dropped = object.count("dropped")
    else { return nil }
    self.init(
      id: id, url: url, name: object["name"]?.string, events: events, createdAt: createdAt, secret: secret,
      isPaused: isPaused, dropped: dropped)
  }
}

extension Capture {
  fileprivate init?(_ object: JSONObject) {
    guard let sequence = object.number("sequence"), let id = object["id"]?.string,
      let document = object["document"]?.bytes
    else { return nil }
    self.init(sequence: sequence, id: id, document: document)
    guard let rename = object["rename"]?.object else { return }
    guard let from = rename["from"]?.string, let to = rename["to"]?.string, let at = rename.moment("at")
    else {
      return nil
    }
    self.rename = Rename(from: from, to: to, at: at)
  }
}

extension Happening {
  fileprivate init?(_ object: JSONObject) {
    guard let number = object.number("number"), let provider = object.provider,
      let type = object["type"]?.string, let id = object["id"]?.string
    else { return nil }
    guard let body = object["body"]?.bytes else {
      guard let size = object.number("size"), size < 1 << 32 else { return nil }
      self.init(number: number, provider: provider, type: type, id: id, documentSize: Int(size))
      return
    }
    self.init(number: number, provider: provider, type: type, id: id, body: body)
  }
}

extension Shipment {
  fileprivate init?(_ object: JSONObject, of happening: Happening) {
    guard let number = object.number("number"), let endpoint = object["endpoint"]?.string,
      let chain = object["chain"]?.string, let failures = object.count("failures"),
      let due = object.moment("due")
    else { return nil }
    self.init(number: number, endpoint: endpoint, happening: happening, chain: chain, due: due)
    self.failures = failures
    heldSince = object.moment("held_since")
  }
}

extension KeptAnswer {
  fileprivate init?(_ object: JSONObject) {
    guard let key = object["key"]?.bytes, let fingerprint = object["fingerprint"]?.bytes,
      let status = object.number("status"), let body = object["body"]?.bytes, let at = object.moment("at")
    else { return nil }
    self.init(
      key: ByteString(key), fingerprint: fingerprint, status: Int(clamping: status), body: body, at: at)
  }
}
