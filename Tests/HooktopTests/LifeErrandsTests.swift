import Receiver
import Synchronization
import Testing
import Webhooks

@testable import Monitor
@testable import hooktop

/// The steps of the story, done out of their order or after its end.
@Suite(.timeLimit(.minutes(1))) struct LifeErrandsTests {
  /// Keeps what is told.
  private final class Told: Sendable {
    private let messages = Mutex<[Message]>([])

    func add(_ message: Message) { messages.withLock { $0.append(message) } }

    var all: [Message] { messages.withLock { $0 } }

    /// What came of a step; nil until it has ended.
    func end(of step: LifeStep) -> LifeProgress? {
      for case .life(step, let progress) in all where !progress.isGoing { return progress }
      return nil
    }
  }

  private let told = Told()
  private let rules = AnswerRules()
  private let receiver: WebhookReceiver
  private let errands: LifeErrands

  init() throws {
    let journal = Journal()
    receiver = try WebhookReceiver.start(
      .init(host: "127.0.0.1", port: 0), providers: .builtIn,
      verifier: Verifier(keyring: Keyring(), tolerance: 300), rules: rules, journal: journal)
    errands = LifeErrands(
      receiver: receiver, journal: journal, rules: rules, providers: .builtIn, tell: told.add)
  }

  private func end(of step: LifeStep) async throws -> LifeProgress {
    errands.begin(step, at: receiver.address)
    while true {
      if let progress = told.end(of: step) { return progress }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test("a step before its time fails in words", arguments: LifeStep.allCases.dropFirst())
  func early(step: LifeStep) async throws {
    #expect(try await end(of: step) == .failed("an earlier step has not come to its end"))
    #expect(rules.armed.isEmpty)
    errands.close()
    _ = receiver.stop()
  }

  @Test("the sandbox's secret for Parable is the receiver's and the screen's; the story's end ends the rules")
  func start() async throws {
    guard case .done(let words, nil) = try await end(of: .start) else {
      Issue.record("\(told.all)")
      return
    }
    #expect(words.contains("It listens on http://127.0.0.1:"))
    #expect(receiver.keyring.secrets.map(\.label) == ["parable"])
    let isTold = told.all.contains {
      if case .rekeyed(let ring) = $0 { ring.secrets.count == 1 } else { false }
    }
    #expect(isTold)
    rules.arm(try AnswerRule("drop", providers: .builtIn, zone: .utc))
    errands.close()
    #expect(rules.armed.isEmpty)
    _ = receiver.stop()
  }

  @Test("the menu of a provider is about the story's sandbox, and what it rotates is the story's secret")
  func menu() async throws {
    #expect(errands.apis.fault(.parlay) == "The story's sandbox has not started yet: press ;")
    #expect(throws: LifeError.self) { try errands.access }
    _ = try await end(of: .start)
    #expect(errands.apis.fault(.parlay) == nil && errands.apis.isSandbox(.parlay))
    guard case .done = try await end(of: .register) else {
      Issue.record("\(told.all)")
      return
    }
    #expect(receiver.keyring.secrets.map(\.label).count == 2)
    let old = try #require(receiver.keyring.secrets.last)
    let menu = ProviderErrands(
      access: { [errands] _ in try errands.access }, saved: SavedSecretWatch(nil, providers: .builtIn),
      takeSecret: { [errands] in try errands.takeSecret($0, of: $1) })
    let id = try errands.webhook.text
    let order = ProviderOrder(number: 1, call: .rotate, provider: .parlay, webhook: id, delivery: nil)
    guard case .done(let words) = await menu.perform(order, isWanted: { true }, tell: { _ in }) else {
      Issue.record("not rotated")
      return
    }
    #expect(words == "\(id) has a new signing secret, which is used from now on.")
    let new = try #require(receiver.keyring.secrets.last)
    #expect(!new.isSame(as: old) && new.retiredAt == nil)
    #expect(receiver.keyring.secrets.contains { $0.isSame(as: old) && $0.retiredAt != nil })
    guard case .done = try await end(of: .test), case .done = try await end(of: .rotate) else {
      Issue.record("\(told.all)")
      return
    }
    errands.close()
    #expect(errands.apis.fault(.parlay)?.hasPrefix("The story has ended") == true)
    #expect(errands.apis.fault(Provider("acme", title: "A", scheme: Provider.parlay.scheme)) != nil)
    _ = receiver.stop()
  }

  @Test("after the end no sandbox is started")
  func late() async throws {
    errands.close()
    guard case .failed = try await end(of: .start) else {
      Issue.record("a sandbox that nobody ends")
      return
    }
    #expect(receiver.keyring.isEmpty)
    _ = receiver.stop()
  }
}
