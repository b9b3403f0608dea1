internal import DequeModule
internal import HeapModule
internal import JSON
internal import Sender
internal import Webhooks

/// All that the sandbox knows: its webhooks, what is on its way to them, the captures, and what was answered.
///
/// It changes by `apply` alone; beside that, `takeDue` and `takeReady` only move deliveries that are waiting.
struct SandboxState: Sendable {
  /// When something is to be looked at again.
  private struct Timer: Comparable, Sendable {
    let at: Timestamp
    let number: UInt64

    static func < (left: Timer, right: Timer) -> Bool {
      (left.at, left.number) < (right.at, right.number)
    }
  }

  private(set) var apiKey = ""
  /// The ids of the endpoints, in the order they were registered.
  private(set) var order: [String] = []
  private(set) var lanes: [String: Lane] = [:]
  private(set) var shipments: [UInt64: Shipment] = [:]
  /// The events that are on their way, by their numbers, and how many deliveries there are of each.
  private var happenings: [UInt64: (happening: Happening, count: Int)] = [:]
  private(set) var captures: Captures
  private(set) var answers: KeptAnswers
  /// What the events on their way take in memory, in bytes.
  private(set) var bytes = 0
  /// Above all numbers of deliveries and events that there were.
  private(set) var nextNumber: UInt64 = 1
  private var timers = Heap<Timer>()
  /// When `takeDue` last looked.
  private var now = Timestamp(microseconds: 0)
  /// The ids of the endpoints that may begin an attempt, in turn.
  private var line: Deque<String> = []
  /// The endpoints that hear of an event type; nil if that is to be worked out anew.
  private var subscribers: [String: [String]]?
  private let rules: SandboxRules

  init(_ rules: SandboxRules) {
    self.rules = rules
    captures = Captures(limits: rules.limits)
    answers = KeptAnswers(life: rules.day, limits: rules.limits)
  }

  /// When `takeDue` has something to do; nil if nothing is waiting.
  var nextDue: Timestamp? { timers.min?.at }

  /// How many timers are set, those that were overtaken too.
  var timerCount: Int { timers.count }

  /// Whether an attempt may begin, as far as its endpoint goes.
  var hasWork: Bool { !line.isEmpty }

  /// The ids of Parlay's endpoints that subscribed to an event type.
  mutating func subscribers(of event: String) -> [String] {
    if let subscribers { return subscribers[event] ?? [] }
    var table: [String: [String]] = [:]
    for id in order where id != Endpoint.parableID {
      for event in lanes[id]?.endpoint.events ?? [] { table[event, default: []].append(id) }
    }
    subscribers = table
    return table[event] ?? []
  }

  /// The event types that somebody subscribed to.
  mutating func heardEvents() -> Set<String> {
    _ = subscribers(of: "")
    return Set(subscribers.map { $0.keys } ?? [:].keys)
  }

  mutating func apply(_ change: Change) {
    switch change {
    case .keyed(let key): apiKey = key
    case .opened(let endpoint): open(endpoint)
    case .closed(let id): close(id)
    case .captured(let capture): captures.add(capture)
    case .happened(let happening, let shipments): add(happening, shipments)
    case .held(let number, let since): hold(number, since: since)
    case .failed(let number, let due): postpone(number, to: due)
    case .ended(let number, let end): finish(number, end)
    case .answered(let answer): answers.keep(answer)
    }
  }

  /// What makes this state of an empty one.
  var changes: [Change] {
    let shipments = Dictionary(grouping: shipments.values, by: \.happening.number)
    return [.keyed(apiKey)] + order.compactMap { id in lanes[id].map { .opened($0.endpoint) } }
      + captures.all.map { .captured($0) } + answers.all.map { .answered($0) }
      + shipments.values.sorted { $0[0].happening.number < $1[0].happening.number }.map {
        .happened($0[0].happening, $0.sorted { $0.number < $1.number })
      }
  }
}

extension SandboxState {
  private mutating func open(_ endpoint: Endpoint) {
    subscribers = nil
    guard var lane = lanes[endpoint.id] else {
      order.append(endpoint.id)
      lanes[endpoint.id] = Lane(endpoint)
      return
    }
    let wasPaused = lane.endpoint.isPaused
    lane.endpoint = endpoint
    let moved = endpoint.isPaused ? lane.ready : wasPaused ? lane.held : []
    if endpoint.isPaused { lane.ready = [] } else { lane.held = [] }
    lanes[endpoint.id] = lane
    for number in moved {
      if endpoint.isPaused { hold(number, since: shipments[number]?.due) } else { makeReady(number) }
    }
  }

  private mutating func close(_ id: String) {
    guard let lane = lanes.removeValue(forKey: id) else { return }
    subscribers = nil
    order.removeAll { $0 == id }
    for number in lane.all {
      guard let shipment = shipments.removeValue(forKey: number) else { continue }
      release(shipment.happening)
    }
  }

  private mutating func add(_ happening: Happening, _ new: [Shipment]) {
    nextNumber = max(nextNumber, happening.number + 1)
    for shipment in new where lanes[shipment.endpoint] != nil {
      nextNumber = max(nextNumber, shipment.number + 1)
      retain(happening)
      shipments[shipment.number] = shipment
      lanes[shipment.endpoint]?.all.insert(shipment.number)
      if let since = shipment.heldSince, lanes[shipment.endpoint]?.endpoint.isPaused == true {
        hold(shipment.number, since: since)
      } else {
        postpone(shipment.number, to: shipment.due, hasFailed: false)
      }
    }
  }

  private mutating func hold(_ number: UInt64, since: Timestamp?) {
    guard let since, let endpoint = shipments[number]?.endpoint else { return }
    shipments[number]?.phase = .held
    shipments[number]?.heldSince = since
    lanes[endpoint]?.held.append(number)
    look(at: number, when: since.adding(rules.day))
  }

  private mutating func postpone(_ number: UInt64, to due: Timestamp, hasFailed: Bool = true) {
    guard shipments[number] != nil else { return }
    if hasFailed { shipments[number]?.failures += 1 }
    shipments[number]?.phase = .waiting
    shipments[number]?.heldSince = nil
    shipments[number]?.due = due
    look(at: number, when: due)
  }

  /// Has a delivery looked at again at a time.
  private mutating func look(at number: UInt64, when time: Timestamp) {
    timers.insert(Timer(at: time, number: number))
    // Overtaken ones would else stay until their time, a day away for each pause of each delivery.
    guard timers.count > 4 * shipments.count + 1024 else { return }
    timers = Heap(
      shipments.values.compactMap { shipment in
        nextLook(at: shipment).map { Timer(at: $0, number: shipment.number) }
      })
  }

  private func nextLook(at shipment: Shipment) -> Timestamp? {
    switch shipment.phase {
    case .waiting: shipment.due
    case .ready: nil
    case .held: shipment.heldSince?.adding(rules.day)
    case .running: lanes[shipment.endpoint]?.lastStart.adding(rules.limits.orderPatience)
    }
  }

  private mutating func finish(_ number: UInt64, _ end: ShipmentEnd) {
    guard let shipment = shipments.removeValue(forKey: number) else { return }
    release(shipment.happening)
    lanes[shipment.endpoint]?.all.remove(number)
    guard end == .dropped else { return }
    lanes[shipment.endpoint]?.endpoint.dropped += 1
    // The first one, as a rule: what is removed elsewhere costs the length of the queue.
    if lanes[shipment.endpoint]?.held.first == number {
      lanes[shipment.endpoint]?.held.removeFirst()
    } else {
      lanes[shipment.endpoint]?.held.removeAll { $0 == number }
    }
  }

  private mutating func retain(_ happening: Happening) {
    if happenings[happening.number] == nil { bytes += happening.cost }
    happenings[happening.number, default: (happening, 0)].count += 1
  }

  private mutating func release(_ happening: Happening) {
    happenings[happening.number]?.count -= 1
    guard happenings[happening.number]?.count == 0 else { return }
    happenings[happening.number] = nil
    bytes -= happening.cost
  }
}

extension SandboxState {
  /// Makes ready what is due, and gives the changes that are due with it: what goes into the queue of a paused endpoint,
  /// and what is dropped from one.
  mutating func takeDue(at now: Timestamp) -> [Change] {
    self.now = now
    var changes: [Change] = []
    while let timer = timers.min, timer.at <= now {
      timers.removeMin()
      guard let shipment = shipments[timer.number] else { continue }
      // A timer whose time is another one has been overtaken by what came since.
      switch shipment.phase {
      case .waiting where shipment.due == timer.at:
        if lanes[shipment.endpoint]?.endpoint.isPaused == true {
          changes.append(.held(timer.number, since: shipment.due))
        } else {
          makeReady(timer.number)
        }
      case .held where shipment.heldSince?.adding(rules.day) == timer.at:
        changes.append(.ended(timer.number, .dropped))
      case .running: queue(shipment.endpoint)
      default: break
      }
    }
    return changes
  }

  private mutating func makeReady(_ number: UInt64) {
    guard let endpoint = shipments[number]?.endpoint else { return }
    shipments[number]?.phase = .ready
    shipments[number]?.heldSince = nil
    lanes[endpoint]?.ready.append(number)
    queue(endpoint)
  }

  private mutating func queue(_ id: String) {
    guard let lane = lanes[id], !lane.isInLine, lane.hasTurn(at: now, rules.limits) else { return }
    lanes[id]?.isInLine = true
    line.append(id)
  }

  /// Takes deliveries whose attempts are to begin, each endpoint in its turn.
  mutating func takeReady(atMost limit: Int) -> [Shipment] {
    var taken: [Shipment] = []
    while taken.count < limit, let id = line.popFirst() {
      lanes[id]?.isInLine = false
      if let number = lanes[id]?.ready.popFirst(), shipments[number] != nil {
        lanes[id]?.running += 1
        lanes[id]?.lastStart = now
        shipments[number]?.phase = .running
        look(at: number, when: now.adding(rules.limits.orderPatience))
        if let shipment = shipments[number] { taken.append(shipment) }
      }
      queue(id)
    }
    return taken
  }

  /// Keeps what the first attempt was made with, which is of use to later ones only.
  mutating func note(_ number: UInt64, signedAt: Timestamp, body: [UInt8]) {
    guard shipments[number]?.signedAt == nil else { return }
    shipments[number]?.signedAt = signedAt
    shipments[number]?.body = body
  }

  /// Takes the end of an attempt, whatever became of its delivery.
  mutating func endAttempt(to id: String, _ record: AttemptRecord) {
    guard lanes[id] != nil else { return }
    lanes[id]?.running -= 1
    lanes[id]?.hangs = record.error == Exchange.Failure.timeout.rawValue
    lanes[id]?.log.prepend(record)
    if lanes[id]?.log.count ?? 0 > rules.limits.log { lanes[id]?.log.removeLast() }
    queue(id)
  }
}
