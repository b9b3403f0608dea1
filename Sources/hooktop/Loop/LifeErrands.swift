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

  /// What the steps have led to so far.
  struct State {
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

  let receiver: WebhookReceiver
  private let journal: Journal
  let rules: AnswerRules
  let providers: Providers
  let tell: @Sendable (Message) -> Void
  let state = Mutex(State())

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

extension LifeErrands {
  /// The sandbox's API, which the screen's own menu of a provider is about.
  var apis: APIs {
    APIs(
      fault: { [self] provider in
        guard !provider.calls.isEmpty else { return "No API of \(provider.title) is known" }
        do { _ = try access } catch { return "\(error)" }
        return nil
      },
      isSandbox: { [self] _ in (try? access) != nil })
  }

  /// What the sandbox's API is called with.
  var access: APIAccess {
    get throws(LifeError) {
      let (access, isClosed) = state.withLock { ($0.access, $0.isClosed) }
      guard !isClosed else { throw .ended }
      guard let access else { throw .noSandbox }
      return access
    }
  }

  var webhook: APIID {
    get throws(LifeError) {
      guard let id = state.withLock({ $0.webhook }) else { throw .notStarted }
      return id
    }
  }

  /// Puts a rule in the place of what a step before has left of its own.
  func arm(_ rule: String) throws {
    _ = try webhook
    rules.disarmAll()
    rules.arm(try AnswerRule(rule, providers: providers, zone: .utc))
  }

  func answer(_ call: APICall) async throws -> APIResponse {
    guard let access = state.withLock({ $0.access }) else { throw LifeError.notStarted }
    return try await APIClient.perform(call, at: access)
  }

  /// Makes a call that has an event happen, and gives the event's id.
  func eventID(_ call: APICall) async throws -> String {
    guard let id = APIDocument(try await answer(call).body)?["id"]?.string else { throw LifeError.noID }
    return id.text
  }

  /// The attempts at an event that are kept, oldest first.
  func arrivals(of id: String) -> [Delivery] {
    journal.deliveries(before: .max, atMost: 1000).filter {
      $0.origin == .received && $0.envelope.eventID?.elementsEqual(id.utf8) == true
    }
  }

  /// Waits until so many attempts at an event have arrived.
  func arrivals(_ count: Int, of id: String) async throws -> [Delivery] {
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
enum LifeError: Error, CustomStringConvertible {
  case notStarted
  /// The sandbox has not been started yet, or is stopped.
  case noSandbox, ended
  case noID
  case late(Int, of: String)
  case verdict(Delivery)
  case notListed(String)

  var description: String {
    switch self {
    case .notStarted: "an earlier step has not come to its end"
    case .noSandbox: "The story's sandbox has not started yet: press ;"
    case .ended: "The story has ended, and its sandbox with it: start hooktop demo --life again"
    case .noID: "the sandbox's answer has no id"
    case .late(let count, let id): "attempt \(count) at \(id) has not arrived within 20 s"
    case .verdict(let delivery):
      "#\(delivery.sequence) arrived with another verdict: \(delivery.verdict.status.rawValue)"
    case .notListed(let id): "the pull API does not list \(id)"
    }
  }
}
