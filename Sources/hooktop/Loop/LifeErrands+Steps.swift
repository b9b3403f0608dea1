internal import JSON
internal import Monitor
internal import Receiver
internal import Sandbox
internal import Sender
internal import Synchronization
internal import Webhooks

/// The secret: made, broken, whole again, rotated.
extension LifeErrands {
  /// The event that is answered 500, which no other step makes.
  private static let retried = "playbook.published"
  private static let queued = ["analysis.completed", "analysis.failed", "persona.assigned"]

  func start(_ url: String) throws -> LifeProgress {
    var sandboxRules = SandboxRules(seed: 1)
    (sandboxRules.timeScale, sandboxRules.rate) = (Self.timeScale, 0)
    let sandbox = try SandboxServer.start(
      host: "127.0.0.1", port: 0, rules: sandboxRules, parable: AppURL(url), tell: { _ in })
    let access = try APIAccess(url: sandbox.address, key: Array(sandbox.apiKey.utf8))
    let isLate = state.withLock { state in
      guard !state.isClosed else { return true }
      (state.sandbox, state.access) = (sandbox, access)
      return false
    }
    guard !isLate else {
      sandbox.stop()
      throw CancellationError()
    }
    if let text = sandbox.parableSecret {
      let secret = try SigningSecret(text, label: Provider.parable.name, provider: .parable)
      use { $0.secrets.append(secret) }
    }
    return .done("It listens on \(sandbox.address); Parable's endpoint leads here, and its secret is known.")
  }

  func register(_ url: String) async throws -> LifeProgress {
    let events = Self.queued + [Self.retried]
    let call = APICall.registerWebhook(url: url, name: "hooktop demo", events: events)
    let made = try MadeSecret(try await answer(call), of: call)
    guard let id = made.id else { throw LifeError.noID }
    state.withLock { $0.webhook = id }
    let secret = try keep(made.secret, of: id)
    use { $0.secrets.append(secret) }
    return .done("\(id) is registered; the fingerprint of its secret is \(secret.fingerprint).")
  }

  func test() async throws -> LifeProgress {
    try await verified(try await eventID(.testWebhook(webhook)))
  }

  func breakSecret() async throws -> LifeProgress {
    let (whole, text) = state.withLock { ($0.secret, $0.secretText) }
    guard let whole else { throw LifeError.notStarted }
    let prefix = Provider.parlay.secretPrefix ?? ""
    let half = try SigningSecret(
      String(text.dropFirst(prefix.count)), label: whole.label, provider: .parlay)
    replace(whole, by: half)
    let id = try await eventID(.makeEvent(Self.queued[0]))
    guard let delivery = try await arrivals(1, of: id).first else { throw LifeError.noID }
    guard delivery.verdict.status.isFailure else { throw LifeError.verdict(delivery) }
    return .done(
      "#\(delivery.sequence) is refused: \(delivery.verdict.status.rawValue).", delivery: delivery.sequence)
  }

  func fixSecret() async throws -> LifeProgress {
    guard let whole = state.withLock({ $0.secret }) else { throw LifeError.notStarted }
    let half = receiver.keyring.secrets.first { $0.label == whole.label && !$0.isSame(as: whole) }
    if let half { replace(half, by: whole) }
    return try await verified(try await eventID(.makeEvent(Self.queued[0])))
  }

  func rotate() async throws -> LifeProgress {
    let id = try webhook
    let call = APICall.rotateWebhook(id)
    let made = try MadeSecret(try await answer(call), of: call, known: id)
    try takeSecret(made.secret, of: id)
    return try await verified(try await eventID(.makeEvent(Self.queued[0])))
  }

  /// Uses a secret that the API has put in the place of the one before.
  func takeSecret(_ text: String, of id: APIID) throws {
    let old = state.withLock { $0.secret }
    let rotation = Rotation(from: old, to: try keep(text, of: id), at: .now())
    receiver.changeKeyring { $0.take([rotation]) }
    tell(.rotated([rotation]))
  }

  /// Keeps a secret that the API has made.
  private func keep(_ text: String, of id: APIID) throws -> SigningSecret {
    let secret = try SavedSecrets.secret(text, of: .parlay, id)
    state.withLock { ($0.secret, $0.secretText) = (secret, text) }
    return secret
  }

  private func replace(_ old: SigningSecret, by new: SigningSecret) {
    use { keyring in
      for index in keyring.secrets.indices where keyring.secrets[index].isSame(as: old) {
        keyring.secrets[index] = new
      }
    }
  }

  /// Changes the secrets of the receiver, and then of the screen.
  private func use(_ change: (inout Keyring) -> Void) {
    receiver.changeKeyring(change)
    tell(.rekeyed(receiver.keyring))
  }

  /// Waits for an event, which is to be signed with a secret that is known.
  private func verified(_ id: String) async throws -> LifeProgress {
    guard let delivery = try await arrivals(1, of: id).first else { throw LifeError.noID }
    guard delivery.verdict.status == .valid else { throw LifeError.verdict(delivery) }
    return .done(
      "#\(delivery.sequence) arrived and is valid: \(delivery.envelope.event?.text ?? "-").",
      delivery: delivery.sequence)
  }
}

/// The queue, the retries, and what was missed.
extension LifeErrands {
  func pause() async throws -> LifeProgress {
    let id = try webhook
    _ = try await answer(.pauseWebhook(id, true))
    var events: [String] = []
    for event in Self.queued { events.append(try await eventID(.makeEvent(event))) }
    state.withLock { [events] in $0.waiting = events }
    let count = APIDocument(try await answer(.showWebhook(id)).body)?["queue_length"]?.words.text ?? "?"
    let arrived = events.count { !arrivals(of: $0).isEmpty }
    return .done("\(count) deliveries wait in the queue; \(arrived) of the three arrived.")
  }

  func resume() async throws -> LifeProgress {
    let events = state.withLock { $0.waiting }
    _ = try await answer(.pauseWebhook(try webhook, false))
    var last: [Delivery] = []
    for id in events { last += try await arrivals(1, of: id).prefix(1) }
    let times = last.map(\.receivedAt.seconds)
    let burst = Durations.milliseconds(((times.max() ?? 0) - (times.min() ?? 0)) * 1000)
    return .done(
      "All \(last.count) arrived within \(burst).", delivery: last.map(\.sequence).max())
  }

  func retries() async throws -> LifeProgress {
    try arm("type:\(Self.retried) : status 500 x3")
    let id = try await eventID(.makeEvent(Self.retried))
    let due = providers.all.first { $0 == .parlay }?.retrySchedule.prefix(3) ?? []
    var attempts: [Delivery] = []
    for (place, gap) in due.enumerated() {
      attempts = try await arrivals(place + 1, of: id)
      tell(
        .life(
          .retries,
          .going("attempt \(place + 1) of 4 got a 500; the next one is due in \(Durations.words(gap))")))
    }
    attempts = try await arrivals(due.count + 1, of: id)
    guard let last = attempts.last else { throw LifeError.noID }
    guard last.verdict.status == .valid else { throw LifeError.verdict(last) }
    let gaps = zip(attempts, attempts.dropFirst()).map { $1.receivedAt.seconds - $0.receivedAt.seconds }
    return .done(
      "Retries were due after \(Self.list(due)), and came after \(Self.list(gaps)).", delivery: last.sequence)
  }

  func missCapture() async throws -> LifeProgress {
    try arm("provider:\(Provider.parable.name) : drop")
    let id = try await eventID(.makeEvent(Provider.parable.events[0]))
    state.withLock { $0.missed = id }
    guard let delivery = try await arrivals(1, of: id).first else { throw LifeError.noID }
    return .done(
      "The push of \(id) got no answer; Parable retries it for a day.", delivery: delivery.sequence)
  }

  func catchUp() async throws -> LifeProgress {
    rules.disarmAll()
    guard let id = state.withLock({ $0.missed }) else { throw LifeError.notStarted }
    let list = APIDocument(try await answer(.listCaptures(after: nil)).body)?.items ?? []
    guard let capture = list.first(where: { $0["id"]?.string?.text == id }) else {
      throw LifeError.notListed(id)
    }
    let title = capture["title"]?.string?.text ?? "-"
    return .done(
      "\(id) is listed: \(title).", delivery: arrivals(of: id).first?.sequence)
  }

  private static func list(_ seconds: some Sequence<Double>) -> String {
    seconds.map { Durations.words($0) }.joined(separator: ", ")
  }
}
