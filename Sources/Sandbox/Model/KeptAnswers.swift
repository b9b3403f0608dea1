internal import DequeModule
internal import JSON
internal import Receiver
internal import Sender
internal import Webhooks

/// What was answered to a call with an idempotency key.
struct KeptAnswer: Sendable {
  let key: ByteString
  /// Tells whether another call of that key is the same: a digest of its method, target and body.
  let fingerprint: [UInt8]
  let status: Int
  let body: [UInt8]
  let at: Timestamp

  var response: Response { .json(status, body) }
}

/// The answers that are given again where their idempotency key comes again, for a day of the sandbox's time.
struct KeptAnswers: Sendable {
  private var answers: [ByteString: KeptAnswer] = [:]
  private var order: Deque<(key: ByteString, at: Timestamp)> = []
  private let life: Double
  private let limit: Int

  /// - Parameters:
  ///   - life: how long one is kept, in seconds.
  ///   - limit: how many are kept; the oldest go first.
  init(life: Double, limit: Int) {
    self.life = life
    self.limit = limit
  }

  /// All that are kept, the oldest first.
  var all: [KeptAnswer] {
    order.compactMap { entry in answers[entry.key].flatMap { $0.at == entry.at ? $0 : nil } }
  }

  /// What was answered to the key; nil where nothing was, or too long ago.
  func find(_ key: ByteString, at now: Timestamp) -> KeptAnswer? {
    answers[key].flatMap { $0.at.adding(life) > now ? $0 : nil }
  }

  mutating func keep(_ answer: KeptAnswer) {
    answers[answer.key] = answer
    order.append((answer.key, answer.at))
    while let oldest = order.first, order.count > limit || oldest.at.adding(life) <= answer.at {
      order.removeFirst()
      // A key that was used again has a later place as well.
      if answers[oldest.key]?.at == oldest.at { answers[oldest.key] = nil }
    }
  }
}

extension Response {
  /// A response whose body is JSON; without a type where it has none.
  static func json(_ status: Int, _ body: [UInt8], fields: [(name: String, value: String)] = []) -> Response {
    let type = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
    return Response(status, fields: type + fields, body: body)
  }
}
