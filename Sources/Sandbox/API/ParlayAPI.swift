internal import DequeModule
internal import JSON
internal import Receiver
internal import Sender
internal import Webhooks

/// What Parlay's calls lead to.
enum ParlayAPI {
  static func register(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    let object = try call.object()
    let url = try core.url(object["url"])
    let events = try Self.events(object["enabled_events"])
    let name = try Self.name(object["name"])
    guard core.state.lanes.count < core.rules.limits.webhooks else {
      throw CallError(
        status: 422, code: "too_many_webhooks",
        message: "there are \(core.rules.limits.webhooks) webhooks; delete some first")
    }
    let id = "wh_" + core.random.token(20)
    let endpoint = Endpoint(
      id: id, url: url, name: name, events: events, createdAt: call.now,
      secret: try newSecret(&core, id))
    return Decision(
      response: .json(201, endpoint.registration), changes: [.opened(endpoint)])
  }

  static func list(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    var writer = JSONWriter()
    let lanes = core.state.order.compactMap { core.state.lanes[$0] }.filter {
      $0.endpoint.provider == .parlay
    }
    writer.object { writer in
      writer.array("data") { writer in for lane in lanes { writer.object { lane.write(to: &$0) } } }
    }
    return Decision(response: .json(200, writer.bytes))
  }

  static func show(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    Decision(response: .json(200, try core.lane(call).body))
  }

  static func change(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    var lane = try core.lane(call)
    let object = try call.object()
    if let value = object["url"] { lane.endpoint.url = try core.url(value) }
    if let value = object["enabled_events"] { lane.endpoint.events = try events(value) }
    if let value = object["name"] { lane.endpoint.name = try name(value) }
    if let value = object["paused"] {
      guard let isPaused = value.bool else { throw .invalid("paused", "paused is true or false") }
      lane.endpoint.isPaused = isPaused
    }
    return Decision(response: .json(200, lane.changed.body), changes: [.opened(lane.endpoint)])
  }

  static func delete(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    let lane = try core.lane(call)
    try call.ignoreBody()
    return Decision(response: Response(204), changes: [.closed(lane.endpoint.id)])
  }

  static func test(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    let lane = try core.lane(call)
    try call.ignoreBody()
    guard let kind = SampleCatalogue.kind("webhook.test") else { throw .noSuchPath }
    let happening = core.happening(of: kind, SampleOptions(), at: call.now)
    return try core.accepted(happening, for: [lane.endpoint.id], at: call.now)
  }

  static func rotate(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    var endpoint = try core.lane(call).endpoint
    try call.ignoreBody()
    endpoint.secret = try newSecret(&core, endpoint.id)
    return Decision(response: .json(200, endpoint.registration), changes: [.opened(endpoint)])
  }

  static func happen(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    let object = try call.object()
    guard let event = object["event"]?.string else {
      throw .invalid("event", "event is the type of the event, such as analysis.completed")
    }
    if let data = object["data"], data.object == nil { throw .invalid("data", "data is an object") }
    if let value = object["livemode"], value.bool == nil {
      throw .invalid("livemode", "livemode is true or false")
    }
    let data = object["data"]?.raw
    if Provider.parable.events.contains(event) { return try core.capture(data, call) }
    try check(event, "event")
    let isLive = object["livemode"]?.bool ?? false
    let happening = core.happening(of: event, data: data, isLive: isLive, at: call.now)
    let subscribers = core.subscribers(of: event)
    return try core.accepted(happening, for: subscribers, at: call.now)
  }
}

extension ParlayAPI {
  private static func events(_ value: JSONValue?) throws(CallError) -> [String] {
    guard let elements = value?.elements, !elements.isEmpty else {
      throw .invalid("enabled_events", "enabled_events is an array of one event type or more")
    }
    var events: [String] = []
    for element in elements {
      guard let event = element.string else {
        throw .invalid("enabled_events", "enabled_events holds something other than a string")
      }
      try check(event, "enabled_events")
      if !events.contains(event) { events.append(event) }
    }
    return events
  }

  private static func newSecret(_ core: inout SandboxCore, _ id: String) throws(CallError) -> SigningSecret {
    do {
      return try core.newSecret(of: .parlay, label: id)
    } catch {
      throw CallError(status: 503, code: "no_secret", message: "\(error)")
    }
  }

  private static func check(_ event: String, _ field: String) throws(CallError) {
    guard !Provider.parlay.events.contains(event) else { return }
    let known = Provider.parlay.events.joined(separator: ", ")
    throw .invalid(
      field, code: "unknown_event", "there is no event type \(event.prefix(80)); the known ones are \(known)")
  }

  private static func name(_ value: JSONValue?) throws(CallError) -> String? {
    guard let value, !value.isNull else { return nil }
    guard let name = value.string, name.utf8.count <= 256 else {
      throw .invalid("name", "name is a string of 256 bytes at most")
    }
    return name
  }
}

extension Endpoint {
  /// What a caller is told once: the only place where the secret stands.
  var registration: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      write(to: &writer)
      writer.field("signing_secret", ByteString(secret.bytes))
    }
    return writer.bytes
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("url", url.text)
    writer.field("name", name)
    writer.array("enabled_events") { writer in for event in events { writer.element(event) } }
    writer.field("created_at", createdAt.withMicrosecondsAndOffset)
  }
}

extension Lane {
  /// What a caller is told of a webhook, its secret not included.
  fileprivate var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { write(to: &$0) }
    return writer.bytes
  }

  /// The same once the change of its endpoint is made: a queue that is released is empty.
  fileprivate var changed: Lane {
    var lane = self
    if endpoint.isPaused { lane.held += lane.ready } else { lane.held = [] }
    return lane
  }

  fileprivate func write(to writer: inout JSONWriter) {
    endpoint.write(to: &writer)
    writer.field("paused", endpoint.isPaused)
    writer.field("queue_length", held.count)
    writer.field("dropped", endpoint.dropped)
    writer.array("last_deliveries") { writer in
      for attempt in log { writer.object { attempt.write(to: &$0) } }
    }
  }
}
