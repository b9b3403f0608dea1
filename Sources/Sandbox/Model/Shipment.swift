internal import Webhooks

/// One event as it is delivered: to every endpoint that it goes to, and at every attempt.
struct Happening: Sendable {
  /// The number that tells it from all others of this sandbox.
  let number: UInt64
  let provider: Provider
  let type: String
  /// `evt_…`, or the id of a capture.
  let id: String
  /// The body; nil for a capture, whose document is rendered when it is first sent.
  let body: [UInt8]?
  /// The size of the body, or of the capture's document, in bytes.
  let size: Int

  init(number: UInt64, provider: Provider, type: String, id: String, body: [UInt8]) {
    self.init(number, provider, type, id, body, size: body.count)
  }

  /// A capture's, which is rendered later.
  init(number: UInt64, provider: Provider, type: String, id: String, documentSize: Int) {
    self.init(number, provider, type, id, nil, size: documentSize)
  }

  private init(
    _ number: UInt64, _ provider: Provider, _ type: String, _ id: String, _ body: [UInt8]?, size: Int
  ) {
    self.number = number
    self.provider = provider
    self.type = type
    self.id = id
    self.body = body
    self.size = size
  }

  /// What it takes in memory, in bytes.
  var cost: Int { size + 200 }
}

/// The delivery of one event to one endpoint, from when it came about until it is accepted, given up or dropped.
struct Shipment: Sendable {
  enum Phase: Sendable {
    /// Its next attempt is not due.
    case waiting
    /// It is due and waits for its turn.
    case ready
    /// It stands in the queue of a paused endpoint.
    case held
    /// An attempt is on its way.
    case running
  }

  let number: UInt64
  let endpoint: String
  let happening: Happening
  /// The id that all attempts share, for a provider that has one of that kind.
  let chain: String
  /// How many attempts failed.
  var failures = 0
  /// When the next attempt is due.
  var due: Timestamp
  /// When it was put into the queue of a paused endpoint.
  var heldSince: Timestamp?
  /// When the first attempt was signed, and over which body.
  var signedAt: Timestamp?
  var body: [UInt8]?
  var phase = Phase.waiting

  init(number: UInt64, endpoint: String, happening: Happening, chain: String, due: Timestamp) {
    self.number = number
    self.endpoint = endpoint
    self.happening = happening
    self.chain = chain
    self.due = due
    body = happening.body
  }
}

/// How a delivery ended.
enum ShipmentEnd: Sendable, Equatable {
  case accepted, givenUp
  /// It stood in the queue of a paused endpoint for too long.
  case dropped
}
