internal import JSON
internal import Monitor
internal import Receiver
internal import Sandbox
internal import Sender
internal import Synchronization
internal import Webhooks

/// Does the steps of the story that `hooktop demo --life` tells: a sandbox in this process, whose API is called over HTTP,
/// and the receiver, which is watched by what it keeps.
final class LifeErrands: Sendable {
  /// How many times as fast as documented the sandbox tries again.
  static let timeScale = 600.0
  /// How long an arrival is waited for.
  private static let patience = Duration.seconds(20)
  /// The event that is answered 500, which no other step makes.
  private static let retried = "playbook.published"
  private static let queued = ["analysis.completed", "analysis.failed", "persona.assigned"]

  private struct State {
    var sandbox: SandboxServer?
    var access: APIAccess?
    var webhook: APIID?
    /// Parlay's signing secret as it was made.
    var secret: SigningSecret?
    var secretText = ""
    /// The events that a paused webhook has not delivered.
    var waiting: [String] = []
    var missed: String?
    var task: Task<Void, Never>?
    var isClosed = false
  }

  private let receiver: WebhookReceiver
  private let journal: Journal
  private let rules: AnswerRules
  private let providers: Providers
  private let tell: @Sendable (Message) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - providers: with the schedules that the sandbox keeps.
  ///   - tell: is called by any thread.
  init(
    receiver: WebhookReceiver, journal: Journal, rules: AnswerRules, providers: Providers,
    tell: @escaping @Sendable (Message) -> Void
  ) {
    self.receiver = receiver
    self.journal = journal
    self.rules = rules
    self.providers = providers
    self.tell = tell
  }

  /// Begins a step, and tells what comes of it.
  /// - Parameter url: where the receiver is.
  func begin(_ step: LifeStep, at url: String) {
    let task = Task.detached {
      let progress: LifeProgress
      do { progress = try await self.perform(step, url) } catch { progress = .failed("\(error)") }
      self.tell(.life(step, progress))
    }
    state.withLock { $0.task = task }
  }

  /// Ends what is going on, the sandbox, and the rules that the story has armed.
  func close() {
    let sandbox = state.withLock { state in
      state.task?.cancel()
      state.isClosed = true
      return state.sandbox.take()
    }
    guard let sandbox else { return }
    rules.disarmAll()
    sandbox.stop()
  }

  private func perform(_ step: LifeStep, _ url: String) async throws -> LifeProgress {
    switch step {
    case .start: try start(url)
    case .register: try await register(url)
    case .test: try await test()
    case .breakSecret: try await breakSecret()
    case .fixSecret: try await fixSecret()
    case .rotate: try await rotate()
    case .pause: try await pause()
    case .resume: try await resume()
    case .retries: try await retries()
    case .missed: try await missCapture()
    case .catchUp: try await catchUp()
    }
  }
}

/// The secret: made, broken, whole again, rotated.
extension LifeErrands {
  private func start(_ url: String) throws -> LifeProgress {
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

  private func register(_ url: String) async throws -> LifeProgress {
    let events = Self.queued + [Self.retried]
    let call = APICall.registerWebhook(url: url, name: "hooktop demo", events: events)
    let made = try MadeSecret(try await answer(call), of: call)
    guard let id = made.id else { throw LifeError.noID }
    state.withLock { $0.webhook = id }
    let secret = try keep(made.secret, of: id)
    use { $0.secrets.append(secret) }
    return .done("\(id) is registered; the fingerprint of its secret is \(secret.fingerprint).")
  }

  private func test() async throws -> LifeProgress {
    try await verified(try await eventID(.testWebhook(webhook)))
  }

  private func breakSecret() async throws -> LifeProgress {
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

  private func fixSecret() async throws -> LifeProgress {
    guard let whole = state.withLock({ $0.secret }) else { throw LifeError.notStarted }
    let half = receiver.keyring.secrets.first { $0.label == whole.label && !$0.isSame(as: whole) }
    if let half { replace(half, by: whole) }
    return try await verified(try await eventID(.makeEvent(Self.queued[0])))
  }

  private func rotate() async throws -> LifeProgress {
    let id = try webhook
    let old = state.withLock { $0.secret }
    let call = APICall.rotateWebhook(id)
    let made = try MadeSecret(try await answer(call), of: call, known: id)
    let rotation = Rotation(from: old, to: try keep(made.secret, of: id), at: .now())
    receiver.changeKeyring { $0.take([rotation]) }
    tell(.rotated([rotation]))
    return try await verified(try await eventID(.makeEvent(Self.queued[0])))
  }

  /// Keeps a secret that the API has made.
  private func keep(_ text: String, of id: APIID) throws -> SigningSecret {
    var secret = try SigningSecret(
      text, label: "\(Provider.parlay.name)/\(id.text.prefix(40))", provider: .parlay)
    secret.webhook = id.text
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
  private func pause() async throws -> LifeProgress {
    let id = try webhook
    _ = try await answer(.pauseWebhook(id, true))
    var events: [String] = []
    for event in Self.queued { events.append(try await eventID(.makeEvent(event))) }
    state.withLock { [events] in $0.waiting = events }
    let count = APIDocument(try await answer(.showWebhook(id)).body)?["queue_length"]?.words.text ?? "?"
    let arrived = events.count { !arrivals(of: $0).isEmpty }
    return .done("\(count) deliveries wait in the queue; \(arrived) of the three arrived.")
  }

  private func resume() async throws -> LifeProgress {
    let events = state.withLock { $0.waiting }
    _ = try await answer(.pauseWebhook(try webhook, false))
    var last: [Delivery] = []
    for id in events { last += try await arrivals(1, of: id).prefix(1) }
    let times = last.map(\.receivedAt.seconds)
    let burst = Durations.milliseconds(((times.max() ?? 0) - (times.min() ?? 0)) * 1000)
    return .done(
      "All \(last.count) arrived within \(burst).", delivery: last.map(\.sequence).max())
  }

  private func retries() async throws -> LifeProgress {
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

  private func missCapture() async throws -> LifeProgress {
    try arm("provider:\(Provider.parable.name) : drop")
    let id = try await eventID(.makeEvent(Provider.parable.events[0]))
    state.withLock { $0.missed = id }
    guard let delivery = try await arrivals(1, of: id).first else { throw LifeError.noID }
    return .done(
      "The push of \(id) got no answer; Parable retries it for a day.", delivery: delivery.sequence)
  }

  private func catchUp() async throws -> LifeProgress {
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

extension LifeErrands {
  private var webhook: APIID {
    get throws(LifeError) {
      guard let id = state.withLock({ $0.webhook }) else { throw .notStarted }
      return id
    }
  }

  /// Puts a rule in the place of what a step before has left of its own.
  private func arm(_ rule: String) throws {
    _ = try webhook
    rules.disarmAll()
    rules.arm(try AnswerRule(rule, providers: providers, zone: .utc))
  }

  private func answer(_ call: APICall) async throws -> APIResponse {
    guard let access = state.withLock({ $0.access }) else { throw LifeError.notStarted }
    return try await APIClient.open { client async -> Result<APIResponse, APIError> in
      do throws(APIError) {
        return .success(try await client.perform(call, at: access))
      } catch {
        return .failure(error)
      }
    }.get()
  }

  /// Makes a call that has an event happen, and gives the event's id.
  private func eventID(_ call: APICall) async throws -> String {
    guard let id = APIDocument(try await answer(call).body)?["id"]?.string else { throw LifeError.noID }
    return id.text
  }

  /// The attempts at an event that are kept, oldest first.
  private func arrivals(of id: String) -> [Delivery] {
    journal.deliveries(before: .max, atMost: 1000).filter {
      $0.origin == .received && $0.envelope.eventID?.elementsEqual(id.utf8) == true
    }
  }

  /// Waits until so many attempts at an event have arrived.
  private func arrivals(_ count: Int, of id: String) async throws -> [Delivery] {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let found = arrivals(of: id)
      if found.count >= count { return found }
      guard ContinuousClock.now < deadline else { throw LifeError.late(count, of: id) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// Why a step of the story did not come to its end.
private enum LifeError: Error, CustomStringConvertible {
  case notStarted
  case noID
  case late(Int, of: String)
  case verdict(Delivery)
  case notListed(String)

  var description: String {
    switch self {
    case .notStarted: "an earlier step has not come to its end"
    case .noID: "the sandbox's answer has no id"
    case .late(let count, let id): "attempt \(count) at \(id) has not arrived within 20 s"
    case .verdict(let delivery):
      "#\(delivery.sequence) arrived with another verdict: \(delivery.verdict.status.rawValue)"
    case .notListed(let id): "the pull API does not list \(id)"
    }
  }
}
