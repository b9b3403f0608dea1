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

  /// What it takes in memory, in bytes.
  var cost: Int { key.count + fingerprint.count + body.count }
}

/// The answers that are given again where their idempotency key comes again, for a day of the sandbox's time.
struct KeptAnswers: Sendable {
  private var answers: [ByteString: KeptAnswer] = [:]
  private var order: Deque<(key: ByteString, at: Timestamp)> = []
  private var bytes = 0
  private let life: Double
  private let limits: SandboxRules.Limits

  /// - Parameters:
  ///   - life: how long one is kept, in seconds.
  ///   - limits: how many are kept, and how many bytes; the oldest go first.
  init(life: Double, limits: SandboxRules.Limits) {
    self.life = life
    self.limits = limits
  }

  /// All that are kept, the oldest first.
  var all: [KeptAnswer] {
    order.compactMap { entry in answers[entry.key].flatMap { $0.at == entry.at ? $0 : nil } }
  }

  /// What was answered to the key; nil if nothing was, or too long ago.
  func find(_ key: ByteString, at now: Timestamp) -> KeptAnswer? {
    answers[key].flatMap { $0.at.adding(life) > now ? $0 : nil }
  }

  mutating func keep(_ answer: KeptAnswer) {
    bytes += answer.cost - (answers[answer.key]?.cost ?? 0)
    answers[answer.key] = answer
    order.append((answer.key, answer.at))
    while let oldest = order.first, isTooMuch || oldest.at.adding(life) <= answer.at {
      order.removeFirst()
      // A key that was used again has a later place as well.
      guard let kept = answers[oldest.key], kept.at == oldest.at else { continue }
      answers[oldest.key] = nil
      bytes -= kept.cost
    }
  }

  private var isTooMuch: Bool {
    order.count > limits.answers || (bytes > limits.answerBytes && order.count > 1)
  }
}

extension Response {
  /// A response whose body is JSON; without a type where it has none.
  static func json(_ status: Int, _ body: [UInt8], fields: [(name: String, value: String)] = []) -> Response {
    let type = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
    return Response(status, fields: type + fields, body: body)
  }
}
