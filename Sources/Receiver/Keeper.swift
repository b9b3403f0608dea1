import Dispatch
import Webhooks

/// Keeps verified deliveries, sends them on to apps, and knows what their senders are told.
struct Keeper: Sendable {
  /// How long a sender is left without an answer that is meant to get none.
  private static let longestWait = Duration.seconds(3600)

  private let journal: Journal
  private let answerPolicy: AnswerPolicy
  private let explains: Bool
  private let forwarding: (any Forwarding)?
  private let rules: AnswerRules
  /// Where what apps answered is recorded: a slow disk must not hold up the exchanges with other apps.
  private let recording = DispatchQueue(label: "exchanges with apps")

  init(
    journal: Journal, answerPolicy: AnswerPolicy, explains: Bool, forwarding: (any Forwarding)?,
    rules: AnswerRules
  ) {
    self.journal = journal
    self.answerPolicy = answerPolicy
    self.explains = explains
    self.forwarding = forwarding
    self.rules = rules
  }

  /// What the sender of a delivery is told; nil if that is up to an app, or to a rule.
  func answer(for verdict: Verdict, _ challenge: ChallengeAnswer?, _ moment: Moment) -> Answer? {
    guard answerPolicy != .forward || forwarding == nil, rules.armed.isEmpty else { return nil }
    return Answer(
      status: challenge?.status ?? answerPolicy.status(for: verdict), milliseconds: moment.milliseconds,
      rule: challenge == nil ? nil : .challenge)
  }

  /// Keeps a delivery, sends it on, and says how it is answered.
  /// - Parameter moment: when it came.
  func keep(_ arrival: Arrival, _ moment: Moment) -> AnswerPlan {
    guard let answer = arrival.answer else { return hold(arrival, moment) }
    do {
      // Kept first, answered then: a sender that was told 200 will not send it again.
      let delivery = try journal.append(arrival)
      if isTaken(delivery) { forward(delivery) }
      return .now(response(to: delivery, answer, with: arrival.challenge))
    } catch {
      return .now(refuse(error, peer: arrival.request.peer))
    }
  }

  /// Does the same where the sender waits for a reply already.
  func keep(_ arrival: Arrival, _ moment: Moment, answering reply: Reply) {
    let plan = keep(arrival, moment)
    reply.releaseBody()
    carryOut(plan, reply)
  }

  /// Returns once all that apps have answered is recorded and told; false if that takes too long.
  func stop() -> Bool {
    let done = DispatchSemaphore(value: 0)
    recording.async { done.signal() }
    return done.wait(timeout: .now() + 2) == .success
  }

  private func carryOut(_ plan: AnswerPlan, _ reply: Reply) {
    switch plan {
    case .now(let response): reply(response)
    case .later(let response, let delay):
      DispatchQueue.global().asyncAfter(deadline: .now() + delay / .seconds(1)) { reply(response) }
    case .elsewhere(_, _, let start): start(reply)
    case .drop: reply(nil)
    }
  }

  /// Keeps a delivery whose answer a rule or an app decides, or else the verdict, as it turns out.
  private func hold(_ arrival: Arrival, _ moment: Moment) -> AnswerPlan {
    let delivery = journal.hold(arrival)
    let rule = rules.take(for: delivery)
    let challenge = rule?.replacesAnswer == true ? nil : arrival.challenge
    let isTaken = isTaken(delivery)
    guard isTaken, answerPolicy == .forward, rule?.decidesStatus != true else {
      let status = rule?.status ?? challenge?.status ?? answerPolicy.status(for: delivery.verdict)
      let (plan, isStored) = settle(delivery, status: status, moment, by: rule, with: challenge)
      if isTaken, isStored { forward(delivery) }
      return plan
    }
    return .elsewhere(within: Self.longestWait, fallback: Response(504)) { reply in
      reply.releaseBody()
      // From here on the app decides: no fallback may contradict what is recorded.
      _ = reply.claim()
      exchange(delivery) { exchange in
        let status = exchange.gatewayStatus
        // What an app writes does not get to the sender, who asks for a certain text: the app decides whether to give it.
        let challenge = status.isAcceptedStatus ? challenge : nil
        let settled = settle(
          delivery, status: challenge?.status ?? status, moment, by: rule, with: challenge, after: exchange)
        carryOut(settled.plan, reply)
      }
    }
  }

  private func settle(
    _ delivery: Delivery, status: Int, _ moment: Moment, by rule: AnswerRule?,
    with challenge: ChallengeAnswer?,
    after exchange: Exchange? = nil
  ) -> (plan: AnswerPlan, isStored: Bool) {
    let answer = Answer(
      status: rule?.isSilent == true ? nil : status,
      milliseconds: moment.milliseconds + (rule?.delay ?? 0) * 1000,
      rule: rule?.name ?? (challenge == nil ? nil : .challenge))
    do {
      try journal.settle(delivery, answer, after: exchange)
      return (plan(for: response(to: delivery, answer, by: rule, with: challenge), by: rule), true)
    } catch {
      let refusal = refuse(error, peer: delivery.request.peer)
      let refused = Answer(status: refusal.status, milliseconds: answer.milliseconds)
      journal.append(.answered(refused), to: delivery.sequence)
      return (.now(refusal), false)
    }
  }

  /// How a rule has a response given.
  private func plan(for response: Response, by rule: AnswerRule?) -> AnswerPlan {
    guard let rule else { return .now(response) }
    guard !rule.hangs else { return .later(nil, after: Self.longestWait) }
    let delay = Duration.seconds(rule.delay)
    if delay > .zero { return .later(rule.isSilent ? nil : response, after: delay) }
    return rule.isSilent ? .drop : .now(response)
  }

  /// Whether an app is to get a delivery.
  private func isTaken(_ delivery: Delivery) -> Bool { forwarding?.takes(delivery) == true }

  /// Sends a delivery on where nobody waits for what the app says.
  private func forward(_ delivery: Delivery) {
    journal.append(.asked, to: delivery.sequence)
    exchange(delivery) { journal.append($0, to: delivery.sequence) }
  }

  /// Sends a delivery on; `done` may wait for the disk.
  private func exchange(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void) {
    let (isRecorded, recording) = (journal.isRecorded, recording)
    forwarding?.forward(delivery) { exchange in
      if isRecorded { recording.async { done(exchange) } } else { done(exchange) }
    }
  }

  /// The answer to a delivery that could not be recorded.
  private func refuse(_ error: any Error, peer: String) -> Response {
    journal.append(.notStored("a delivery", error, at: .now(), peer: peer, status: 503))
    return Response(503)
  }

  /// The answer: to a challenge what that asks for, else where it is asked for the verdict in words, none of which were
  /// received.
  private func response(
    to delivery: Delivery, _ answer: Answer, by rule: AnswerRule? = nil, with challenge: ChallengeAnswer?
  ) -> Response {
    let status = answer.status ?? 200
    if let challenge {
      let type = challenge.contentType.map { [(name: "Content-Type", value: $0)] } ?? []
      return Response(status, fields: type, body: challenge.body)
    }
    let text = rule?.body ?? (explains ? explanation(of: delivery) : nil)
    guard let text else { return Response(status) }
    return Response(
      status, fields: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
  }

  private func explanation(of delivery: Delivery) -> String {
    let verdict = delivery.verdict
    let summary = verdict.reason.summary(under: delivery.envelope.provider?.scheme)
    return "hooktop: \(verdict.status.rawValue): \(summary)\n"
  }
}
