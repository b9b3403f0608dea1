internal import JSON
internal import Sender
internal import Webhooks

/// Says when a made-up event is due, and gives each its own chance, so that a seed makes the same events again.
struct EventMaker: Sendable {
  /// How far it may be behind before it makes up for nothing, in seconds.
  private static let patience = 1.0

  private let rate: Double
  private let seed: UInt64
  /// The number of the next event.
  private var next: UInt64
  /// When it is due; nil before the first look at the clock, and where none is ever due.
  private(set) var due: Timestamp?

  /// - Parameter start: the number of the first event.
  init(_ rules: SandboxRules, from start: UInt64 = 0) {
    rate = rules.rate
    seed = rules.seed
    next = start
  }

  /// The chances of the events that are due.
  mutating func take(at now: Timestamp) -> [SplitMix64] {
    guard rate > 0 else { return [] }
    guard var due else {
      self.due = now.adding(1 / rate)
      return []
    }
    // After a sleep of the machine there is no burst.
    if due.adding(Self.patience) < now { due = now }
    var chances: [SplitMix64] = []
    while due <= now {
      chances.append(chance())
      due = due.adding(1 / rate)
    }
    self.due = due
    return chances
  }

  private mutating func chance() -> SplitMix64 {
    // Mixed, since the generators of neighbouring seeds would follow each other at one step's distance.
    var mixer = SplitMix64(seed: seed &+ next &* 0xd134_2543_de82_ef95)
    next += 1
    return SplitMix64(seed: mixer.next())
  }
}

extension SandboxCore {
  /// Makes the events that are due, and says which surprises there were among them.
  mutating func makeEvents(at now: Timestamp) -> [String] {
    var surprises: [String] = []
    for var chance in maker.take(at: now) {
      do throws(CallError) {
        let (changes, surprise) = try makeEvent(&chance, at: now)
        guard commit(changes) else { continue }
        if let surprise { surprises.append(surprise) }
      } catch {
        surprises.append("a made-up event was left out: \(error.message)")
      }
    }
    return surprises
  }

  private mutating func makeEvent(
    _ chance: inout SplitMix64, at now: Timestamp
  ) throws(CallError) -> (changes: [Change], surprise: String?) {
    let odds = rules.isChaotic ? 4 : 20
    if chance.oneIn(odds) { return try unknownEvent(&chance, at: now) }
    let isTwice = chance.oneIn(odds)
    if !isTwice, chance.oneIn(odds) { return try capturesOutOfOrder(&chance, at: now) }
    let hasParable = state.lanes[Endpoint.parableID] != nil
    if chance.oneIn(hasParable ? 4 : 8) {
      let changes = try capture(&chance, at: now, isTwice: isTwice)
      return (changes, isTwice && hasParable ? "a capture is pushed twice" : nil)
    }
    return try usualEvent(&chance, at: now, isTwice: isTwice)
  }

  private mutating func usualEvent(
    _ chance: inout SplitMix64, at now: Timestamp, isTwice: Bool
  ) throws(CallError) -> (changes: [Change], surprise: String?) {
    let kinds = SampleCatalogue.kinds(of: .parlay).filter { $0.isDocumented && $0.event != "webhook.test" }
    // What somebody listens to, so that there is something to see.
    let events = heardEvents()
    let heard = kinds.filter { events.contains($0.event) }
    guard let kind = (heard.isEmpty ? kinds : heard).randomElement(using: &chance) else { return ([], nil) }
    let happening = made(kind, &chance, at: now)
    let first = subscribers(of: kind.event).map { (id: $0, due: now) }
    let again = first.map {
      (id: $0.id, due: now.adding(rules.scaled(Double.random(in: 1...30, using: &chance))))
    }
    let changes = try deliver(happening, to: isTwice ? first + again : first, chain: chance.uuid(), at: now)
    return (changes, isTwice && !first.isEmpty ? "\(kind.event) \(happening.id) is delivered twice" : nil)
  }

  /// An event type that Parlay added later, which those who listen to analyses get unasked.
  private mutating func unknownEvent(
    _ chance: inout SplitMix64, at now: Timestamp
  ) throws(CallError) -> (changes: [Change], surprise: String?) {
    guard let kind = SampleCatalogue.kind("analysis.transcribed") else { return ([], nil) }
    let happening = made(kind, &chance, at: now)
    let listeners = state.order.filter {
      $0 != Endpoint.parableID && state.lanes[$0]?.endpoint.listensToAnalyses == true
    }
    let changes = try deliver(happening, to: listeners.map { ($0, now) }, chain: chance.uuid(), at: now)
    return (changes, listeners.isEmpty ? nil : "\(kind.event) is sent, which nobody subscribed to")
  }

  private func made(_ kind: SampleKind, _ chance: inout SplitMix64, at now: Timestamp) -> Happening {
    let sample = kind.sample(SampleOptions(livemode: chance.oneIn(2)), now: now, using: &chance)
    return Happening(
      number: state.nextNumber, provider: kind.provider, type: kind.event, id: sample.eventID,
      body: sample.body)
  }
}

extension SandboxCore {
  /// Parable pushes within about a minute: so much of one, at least and at most.
  private static let pushDelay = 2.0...45.0
  /// When a document is fixed, in seconds after its capture: after the push, if that succeeds at once.
  private static let renameDelay = 120.0
  private static let otherNames = ["Samira Rivera", "Noa Lindqvist", "Iris Okonkwo", "Tomás Vidal"]

  /// A capture that a call asks for, with a document of the caller's where that is given.
  mutating func capture(_ data: [UInt8]?, _ call: Call) throws(CallError) -> Decision {
    var chance = SplitMix64(seed: random.next())
    let changes = try capture(&chance, at: call.now, data: data)
    let isHeard = state.lanes[Endpoint.parableID] != nil
    let id = changes.compactMap { if case .captured(let capture) = $0 { capture.id } else { nil } }.first
    return Decision(response: .accepted(id ?? "", queued: isHeard ? 1 : 0), changes: changes)
  }

  /// A capture that enters the stream now, and is pushed a little later.
  /// - Parameters:
  ///   - place: how many captures enter the stream before it at the same moment.
  ///   - delay: until the push, in seconds of the provider's.
  private func capture(
    _ chance: inout SplitMix64, at now: Timestamp, data: [UInt8]? = nil, isTwice: Bool = false,
    place: UInt64 = 0, delay: Double? = nil
  ) throws(CallError) -> [Change] {
    guard let kind = SampleCatalogue.usual(of: .parable) else { return [] }
    let sample = kind.sample(now: now, using: &chance)
    var capture = Capture(
      sequence: state.captures.next + place, id: sample.eventID,
      document: data.map { Transcript.document($0, id: sample.eventID) } ?? Transcript.document(of: sample))
    let isRenamed = chance.oneIn(rules.isChaotic ? 1 : 3)
    if data == nil, isRenamed, let speaker = Transcript.speaker(in: capture.document) {
      let other = Self.otherNames.randomElement(using: &chance) ?? ""
      capture.rename = .init(from: speaker, to: other, at: now.adding(rules.scaled(Self.renameDelay)))
    }
    let usual = Double.random(in: Self.pushDelay, using: &chance)
    let push = (id: Endpoint.parableID, due: now.adding(rules.scaled(delay ?? usual)))
    let again = (id: push.id, due: push.due.adding(rules.scaled(10)))
    let happening = Happening(
      number: state.nextNumber + 2 * place, provider: .parable, type: kind.event, id: sample.eventID,
      documentSize: capture.document.count)
    let pushes = state.lanes[push.id] == nil ? [] : isTwice ? [push, again] : [push]
    return [.captured(capture)] + (try deliver(happening, to: pushes, chain: chance.uuid(), at: now))
  }

  /// Two captures of which the second is pushed first.
  private func capturesOutOfOrder(
    _ chance: inout SplitMix64, at now: Timestamp
  ) throws(CallError) -> (changes: [Change], surprise: String?) {
    let first = try capture(&chance, at: now, delay: Self.pushDelay.upperBound)
    let second = try capture(&chance, at: now, place: 1, delay: Self.pushDelay.lowerBound)
    let isHeard = state.lanes[Endpoint.parableID] != nil
    return (first + second, isHeard ? "two captures are pushed out of order" : nil)
  }
}
