internal import Webhooks

/// What a payload is written from: the ids of one event, its time, and the randomness for the rest.
struct SampleDraft {
  let event: String
  let options: SampleOptions
  let now: Timestamp
  let eventID: String
  let deliveryID: String
  var random: SplitMix64

  init(kind: SampleKind, options: SampleOptions, now: Timestamp, random: SplitMix64) {
    event = kind.event
    self.options = options
    self.now = now
    self.random = random
    eventID = kind.provider.eventIDPrefix + self.random.token(24)
    deliveryID = self.random.uuid()
  }

  /// `data` with the note of the options, where there is one.
  func noted(_ data: SampleJSON) -> SampleJSON {
    options.note.map { data.setting("note", to: .string($0)) } ?? data
  }

  /// A random UUID as a JSON value.
  mutating func uuid() -> SampleJSON { .string(random.uuid()) }

  /// A random id that begins with `prefix`, as a JSON value.
  mutating func id(_ prefix: String) -> SampleJSON { .string(prefix + random.token(16)) }
}

extension Provider {
  /// What the ids of the provider's events begin with: a transcript is known by its capture.
  fileprivate var eventIDPrefix: String { eventIDPath == ["id"] ? "evt_" : "cap_" }
}

extension Timestamp {
  /// `2026-04-24T18:53:17.867123+00:00`, as Parlay writes it.
  var withMicrosecondsAndOffset: String { String(iso8601.dropLast()) + "+00:00" }

  /// `2026-07-02T18:09:41.000Z`, as Parable writes it.
  var withMilliseconds: String { String(iso8601.dropLast(4)) + "Z" }

  /// The moment `seconds` later.
  func adding(_ seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64((seconds * 1e6).rounded()))
  }
}
