internal import Diagnosis
internal import Monitor
internal import Sender
internal import Synchronization
internal import Webhooks

/// Does what the user orders on the screen, on threads of its own: replays, checks, and calls of providers' APIs. What
/// comes of it are messages.
final class Errands: Sendable {
  /// How many are done at once.
  private static let limit = 32

  private struct State {
    var running = 0
    var providers: Providers
    var tolerance: Double
    /// The checks and the replays of several deliveries that are to go on, by their numbers.
    var ongoing: Set<Int> = []
    /// The calls of APIs on their way, by their numbers.
    var calls: [Int: Task<Void, Never>] = [:]
  }

  private let journal: Journal
  private let mail: Mailbox
  private let sender = AppSender()
  private let providing: ProviderErrands
  private let state: Mutex<State>

  /// - Parameters:
  ///   - journal: takes what is sent as new deliveries.
  ///   - providing: calls the providers' APIs.
  ///   - mail: gets what comes of the orders.
  init(
    journal: Journal, providers: Providers, tolerance: Double, providing: ProviderErrands,
    mail: Mailbox
  ) {
    self.providing = providing
    self.journal = journal
    state = Mutex(State(providers: providers, tolerance: tolerance))
    self.mail = mail
  }

  /// What has come of the orders since it was last asked.
  func takeResults() -> [Message] { mail.take() }

  /// Knows these senders from now on.
  func change(_ providers: Providers, tolerance: Double) {
    state.withLock { ($0.providers, $0.tolerance) = (providers, tolerance) }
  }

  /// Ends what is on its way.
  func close() {
    state.withLock { state in
      state.ongoing = []
      for call in state.calls.values { call.cancel() }
    }
    sender.close()
  }

  private func tell(_ message: Message) { mail.add(message) }

  /// Does work beside the screen; false if too much is being done already.
  private func begin(_ work: @escaping @Sendable () async -> Void) -> Bool {
    let hasRoom = state.withLock { state in
      guard state.running < Self.limit else { return false }
      state.running += 1
      return true
    }
    guard hasRoom else { return false }
    Task.detached {
      await work()
      self.state.withLock { $0.running -= 1 }
    }
    return true
  }
}

extension Errands {
  /// Sends a delivery again, as a new one that is verified with these secrets.
  func replay(_ order: ReplayOrder, _ keyring: Keyring) -> [Message] {
    let sequence = order.delivery.sequence
    guard let url = AppURL(order.url) else {
      return [.replayed(of: sequence, .failed("\(order.url) is not an http or https URL"))]
    }
    let isBegun = begin { self.tell(.replayed(of: sequence, await self.result(of: order, url, keyring))) }
    let reason = "\(Self.limit) requests are on their way already: wait for one of them"
    return isBegun ? [] : [.replayed(of: sequence, .failed(reason))]
  }

  /// Sends several deliveries again, each after the last one's answer, and tells of each.
  func replay(_ order: BatchOrder, _ keyring: Keyring) -> [Message] {
    state.withLock { _ = $0.ongoing.insert(order.number) }
    let isBegun = begin {
      for replay in order.replays where self.isOngoing(order.number) {
        let result: ReplayResult =
          if let url = AppURL(replay.url) {
            await self.result(of: replay, url, keyring)
          } else {
            .failed("\(replay.url) is not an http or https URL")
          }
        self.tell(.batch(number: order.number, .done(result)))
      }
      self.stop(order.number)
      self.tell(.batch(number: order.number, .finished))
    }
    guard !isBegun else { return [] }
    stop(order.number)
    let reason = "Too many requests are on their way already: wait, then press r again"
    return [.batch(number: order.number, .finished), .noticed(reason)]
  }

  private func isOngoing(_ number: Int) -> Bool { state.withLock { $0.ongoing.contains(number) } }

  /// Sends a delivery again, and waits for what comes of it.
  func result(of order: ReplayOrder, _ keyring: Keyring) async -> ReplayResult {
    guard let url = AppURL(order.url) else { return .failed("\(order.url) is not an http or https URL") }
    return await result(of: order, url, keyring)
  }

  private func result(of order: ReplayOrder, _ url: AppURL, _ keyring: Keyring) async -> ReplayResult {
    let arrival = arrival(of: order, keyring)
    do {
      // Kept first, as what arrives is.
      let delivery = try journal.append(arrival)
      let exchange = await sender.send(arrival.request, to: url, for: .replay)
      journal.append(exchange, to: delivery.sequence)
      return .sent(sequence: delivery.sequence, exchange)
    } catch {
      return .failed("it could not be recorded: \(error)")
    }
  }

  private func arrival(of order: ReplayOrder, _ keyring: Keyring) -> Arrival {
    var request = order.edited ?? order.delivery.request
    if let secret = order.secret, let provider = order.delivery.envelope.provider {
      request = request.signed(with: secret, as: provider, at: .now())
    }
    request.peer = ""
    let (providers, tolerance) = state.withLock { ($0.providers, $0.tolerance) }
    let endpoint = order.delivery.endpoint
    let now = Timestamp.now()
    let verifier = Verifier(keyring: keyring, tolerance: tolerance)
    let (envelope, verdict) = verifier.judge(request, among: providers, on: endpoint, at: now)
    return Arrival(
      receivedAt: now, request: request, envelope: envelope, verdict: verdict,
      answer: Answer(status: nil, milliseconds: 0), origin: .replay(of: order.delivery.sequence),
      endpoint: endpoint)
  }
}

extension Errands {
  /// Sends the probes of a check one after the other, and tells of each.
  func check(_ order: CheckOrder) -> [Message] {
    guard let url = AppURL(order.url) else {
      return refused(order, "\(order.url) is not an http or https URL")
    }
    state.withLock { _ = $0.ongoing.insert(order.number) }
    if begin({ await self.run(order, url) }) { return [] }
    stop(order.number)
    return refused(order, "Too many requests are on their way already: wait, then press C again")
  }

  /// The end of a check that was not begun, so that nobody waits for it, and why.
  private func refused(_ order: CheckOrder, _ reason: String) -> [Message] {
    var progress = CheckProgress(number: order.number)
    progress.isFinished = true
    return [.noticed(reason), .checked(progress)]
  }

  func stop(_ number: Int) {
    state.withLock { state in
      state.ongoing.remove(number)
      state.calls.removeValue(forKey: number)?.cancel()
    }
  }

  private func run(_ order: CheckOrder, _ url: AppURL) async {
    let checker = Checker(
      url, request: order.delivery.request, secret: order.secret, as: order.provider,
      among: state.withLock { $0.providers })
    var progress = CheckProgress(number: order.number)
    await checker.run(leavingOut: { progress.report.leaveOut($0) }) { probe, draft, exchange in
      if progress.report.isAppGone(after: exchange) {
        progress.failure = exchange.failure
        return false
      }
      _ = progress.report.add(probe, draft, status: exchange.status)
      progress.exchanges.append(exchange)
      // For the delivery's own pane as well.
      journal.append(exchange, to: order.delivery.sequence)
      tell(.checked(progress))
      return isOngoing(order.number)
    }
    checker.close()
    progress.isFinished = state.withLock { $0.ongoing.remove(order.number) } != nil
    tell(.checked(progress))
  }
}

extension Errands {
  /// Calls the API of a delivery's provider; the user can end it while it is on its way.
  func call(_ order: ProviderOrder) -> [Message] {
    state.withLock { state in
      state.ongoing.insert(order.number)
      let task = Task.detached { await self.perform(order) }
      // The answer to a rotation holds a secret that nobody shows again: it is waited for in any case, and saved.
      if order.call != .rotate { state.calls[order.number] = task }
    }
    return []
  }

  private func perform(_ order: ProviderOrder) async {
    let number = order.number
    let step = await providing.perform(order, isWanted: { self.isOngoing(number) }) {
      self.tell(.called(number: number, $0))
    }
    state.withLock { state in
      state.ongoing.remove(number)
      state.calls.removeValue(forKey: number)
    }
    tell(.called(number: number, step))
  }
}

/// What other threads have to tell the main loop, until that takes it.
final class Mailbox: Sendable {
  private let messages = Mutex<[Message]>([])
  private let wake: @Sendable () -> Void

  /// - Parameter wake: is called by any thread whenever there is something to take.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  func add(_ message: Message) {
    messages.withLock { $0.append(message) }
    wake()
  }

  func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
