internal import JSON
internal import Receiver
internal import Sender
internal import Webhooks

/// The state with what decisions about it are made by: the rules, chance, and the file of changes.
struct SandboxCore: Sendable {
  private(set) var state: SandboxState
  let rules: SandboxRules
  /// Gives ids and secrets.
  var random: any RandomNumberGenerator & Sendable
  var maker: EventMaker
  /// Attempts on their way.
  var running = 0
  private let journal: (any SandboxJournal)?
  private let fingerprints: MACKey?

  init(
    _ rules: SandboxRules, random: any RandomNumberGenerator & Sendable, journal: (any SandboxJournal)? = nil
  ) {
    state = SandboxState(rules)
    self.rules = rules
    self.random = random
    maker = EventMaker(rules)
    self.journal = journal
    fingerprints = MACKey(Array("idempotency".utf8))
  }

  /// Answers a call, and makes what it leads to.
  mutating func answer(_ request: Request, at now: Timestamp) -> Response {
    var call = Call(request, at: now)
    do throws(CallError) {
      let route = try Route.of(&call)
      try authorise(call)
      guard request.body.count <= rules.limits.call else { throw .tooLarge(limit: rules.limits.call) }
      guard let key = try call.idempotencyKey() else { return try make(try route.decide(&self, call)) }
      let fingerprint = call.fingerprint(with: fingerprints)
      if let kept = state.answers.find(key, at: now) {
        guard kept.fingerprint == fingerprint else { throw .keyReused }
        return kept.response
      }
      var decision = try route.decide(&self, call)
      let (status, body) = (decision.response.status, decision.response.body)
      decision.changes.append(
        .answered(KeptAnswer(key: key, fingerprint: fingerprint, status: status, body: body, at: now)))
      return try make(decision)
    } catch {
      return error.response
    }
  }

  private func authorise(_ call: Call) throws(CallError) {
    guard let key = call.apiKey, ConstantTime.areEqual(key, Array(state.apiKey.utf8)) else {
      throw .unauthorized
    }
  }

  private mutating func make(_ decision: Decision) throws(CallError) -> Response {
    guard commit(decision.changes) else { throw .notStored }
    return decision.response
  }

  /// Writes changes to the file, and then makes them; does neither and returns false if they can't be written.
  mutating func commit(_ changes: [Change]) -> Bool {
    guard !changes.isEmpty else { return true }
    if let journal {
      // Before, since the file goes on with what is appended from here.
      if journal.isOvergrown { journal.renew(with: lines) }
      do { try journal.append(Change.line(changes)) } catch { return false }
    }
    restore(changes)
    return true
  }

  /// The lines of a file that holds what there is, and not how that came about.
  var lines: StateLines { StateLines(state: state) }

  /// Makes changes that are in the file.
  mutating func restore(_ changes: [Change]) {
    for change in changes { state.apply(change) }
  }
}

extension SandboxCore {
  /// Makes ready what is due, and takes what is to be sent; gives the endpoints that deliveries were dropped of, too.
  /// - Parameter wall: what attempts are signed at.
  mutating func step(at now: Timestamp, wall: Timestamp) -> (sent: [Departure], dropped: [String]) {
    let changes = state.takeDue(at: now)
    let dropped = changes.compactMap { change -> String? in
      guard case .ended(let number, .dropped) = change else { return nil }
      return state.shipments[number]?.endpoint
    }
    // What has become of a queue does not depend on whether that can be written.
    if !commit(changes) { restore(changes) }
    let taken = state.takeReady(atMost: rules.limits.running - running)
    running += taken.count
    return (taken.compactMap { departure(of: $0, at: now, wall: wall) }, dropped)
  }

  private mutating func departure(of shipment: Shipment, at now: Timestamp, wall: Timestamp) -> Departure? {
    guard let endpoint = state.lanes[shipment.endpoint]?.endpoint else { return nil }
    let isChained = endpoint.provider.deliveryIDNamesChain
    let deliveryID = isChained ? shipment.chain : random.uuid()
    let body = shipment.body ?? capture(shipment, at: now)
    let signedAt = rules.signsAnew ? wall : shipment.signedAt ?? wall
    state.note(shipment.number, signedAt: signedAt, body: body)
    return Departure(
      shipment: shipment, endpoint: endpoint, deliveryID: deliveryID, body: body, signedAt: signedAt, at: now)
  }

  /// What a capture's first attempt holds: the document as it is then.
  private func capture(_ shipment: Shipment, at now: Timestamp) -> [UInt8] {
    let document = state.captures[shipment.happening.id]?.document(at: now) ?? Array("{}".utf8)
    return Transcript.envelope(document, deliveryID: shipment.chain, at: now)
  }

  /// Takes what came of an attempt, and gives what is to be shown of it.
  mutating func settle(_ departure: Departure, _ outcome: AttemptOutcome, at now: Timestamp) -> AttemptRecord
  {
    running -= 1
    let number = departure.number
    let isKnown = state.shipments[number] != nil
    let gap =
      outcome.result.isAccepted || !isKnown
      ? nil : rules.gap(after: departure.attempt, of: departure.provider, outcome.result)
    let due = gap.map { now.adding($0) }
    let record = AttemptRecord(departure, outcome, next: due)
    state.endAttempt(to: departure.endpoint, record)
    guard isKnown else { return record }
    let end = outcome.result.isAccepted ? ShipmentEnd.accepted : .givenUp
    let change = due.map { Change.failed(number, due: $0) } ?? .ended(number, end)
    if !commit([change]) { restore([change]) }
    return record
  }

  mutating func subscribers(of event: String) -> [String] { state.subscribers(of: event) }

  mutating func heardEvents() -> Set<String> { state.heardEvents() }
}

extension SandboxCore {
  func lane(_ call: Call) throws(CallError) -> Lane {
    guard call.id != Endpoint.parableID, let lane = state.lanes[call.id] else {
      throw .notFound("webhook", call.id)
    }
    return lane
  }

  func url(_ value: JSONValue?) throws(CallError) -> AppURL {
    guard let text = value?.string, text.utf8.count <= 2048, let url = AppURL(text) else {
      throw .invalid("url", code: "invalid_url", "url is an http or https URL, such as http://127.0.0.1:4747")
    }
    guard rules.allows(url) else {
      throw .invalid(
        "url", code: "url_not_allowed",
        "only URLs of this machine by the loopback are posted to; start hooktop sandbox with --allow-remote for others"
      )
    }
    return url
  }

  mutating func newSecret(of provider: Provider, label: String) throws(SecretError) -> SigningSecret {
    try SigningSecret((provider.secretPrefix ?? "") + random.token(40), label: label, provider: provider)
  }

  /// A made-up event of a kind.
  mutating func happening(of kind: SampleKind, _ options: SampleOptions, at now: Timestamp) -> Happening {
    var samples = SplitMix64(seed: random.next())
    let sample = kind.sample(options, now: now, using: &samples)
    return Happening(
      number: state.nextNumber, provider: kind.provider, type: kind.event, id: sample.eventID,
      body: sample.body)
  }

  /// An event of Parlay's, with data of the caller's where that is given.
  mutating func happening(
    of event: String, data: [UInt8]?, isLive: Bool, at now: Timestamp
  ) -> Happening {
    if data == nil, let kind = SampleCatalogue.kind(event) {
      return happening(of: kind, SampleOptions(livemode: isLive), at: now)
    }
    let id = "evt_" + random.token(24)
    let head =
      #"{"id":"\#(id)","event":"\#(event)","livemode":\#(isLive),"created_at":"\#(now.withMicrosecondsAndOffset)","data":"#
    let body = Array(head.utf8) + (data ?? Array("{}".utf8)) + [UInt8(ascii: "}")]
    return Happening(number: state.nextNumber, provider: .parlay, type: event, id: id, body: body)
  }

  /// Has an event delivered to endpoints, and says to how many.
  mutating func accepted(
    _ happening: Happening, for endpoints: [String], at now: Timestamp
  ) throws(CallError) -> Decision {
    let changes = try deliver(
      happening, to: endpoints.map { ($0, now) }, chain: random.uuid(), at: now)
    return Decision(response: .accepted(happening.id, queued: endpoints.count), changes: changes)
  }

  /// The changes that have an event delivered; none if nobody is to hear of it.
  /// - Parameters:
  ///   - endpoints: each with the time of its first attempt.
  ///   - chain: the id that all attempts share, for a provider that has one of that kind.
  func deliver(
    _ happening: Happening, to endpoints: [(id: String, due: Timestamp)], chain: String, at now: Timestamp
  ) throws(CallError) -> [Change] {
    guard !endpoints.isEmpty else { return [] }
    guard state.shipments.count + endpoints.count <= rules.limits.deliveries,
      state.bytes + happening.cost <= rules.limits.bodies
    else { throw .full }
    let shipments = endpoints.enumerated().map { place, endpoint in
      var shipment = Shipment(
        number: happening.number + UInt64(place), endpoint: endpoint.id, happening: happening, chain: chain,
        due: endpoint.due)
      // At once, so that whoever asks for the queue next sees it there.
      let isPaused = state.lanes[endpoint.id]?.endpoint.isPaused == true
      if isPaused, endpoint.due <= now { shipment.heldSince = now }
      return shipment
    }
    return [.happened(happening, shipments)]
  }
}

extension Response {
  static func accepted(_ id: String, queued: Int) -> Response {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("id", id)
      writer.field("queued", queued)
    }
    return .json(202, writer.bytes)
  }
}

/// The lines that make a state of an empty one, each made when it is asked for: all of them are as large as the state.
struct StateLines: Sequence, Sendable {
  let state: SandboxState

  func makeIterator() -> some IteratorProtocol<[UInt8]> {
    state.changes.lazy.map { Change.line([$0]) }.makeIterator()
  }
}

/// Keeps the lines of a sandbox's changes, so that another run can go on from them.
public protocol SandboxJournal: Sendable {
  /// Takes lines that hold all that there is, in place of those before.
  func replace(with lines: some Sequence<[UInt8]>) throws
  /// Does the same while the caller goes on: what is appended from now on stands behind them. Where it fails, the lines
  /// before stay, and it is overgrown again some time later.
  func renew(with lines: some Sequence<[UInt8]> & Sendable)
  /// Whether most of it is about what is over.
  var isOvergrown: Bool { get }
  /// Adds a line; none of it is kept where that fails.
  func append(_ line: [UInt8]) throws
}
