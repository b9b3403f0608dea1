import Foundation
import Receiver
import Sender
import Synchronization
import Testing
import Webhooks

@testable import Monitor
@testable import hooktop

/// Calls of a provider's API that were ordered on the screen, with a real server that answers late or not at all.
@Suite(.timeLimit(.minutes(1))) struct ProviderErrandsTests {
  /// Answers all requests alike, and counts them.
  private final class Service: HTTPService {
    let seen = Atomic(0)
    private let answer: AnswerPlan

    init(_ answer: AnswerPlan) { self.answer = answer }

    func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
      seen.add(1, ordering: .relaxed)
      return answer
    }

    func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {}
  }

  /// The errands with a server and a folder for secrets, which go with the test.
  private final class Bench {
    let service: Service
    let errands: Errands
    let saved: SavedSecrets
    let watch: SavedSecretWatch
    private let server: HTTPServer
    private let root = FileManager.default.temporaryDirectory.appending(path: "hooktop-errands-\(UUID())")
      .path

    /// - Parameter old: a secret that is saved already.
    init(_ answer: AnswerPlan, old: String? = nil) throws {
      service = Service(answer)
      server = try HTTPServer.start(.init(host: "127.0.0.1", port: 0), service: service)
      saved = try SavedSecrets(state: Array(root.utf8), home: nil)
      if let old, let id = APIID("wh_1".utf8) { _ = try saved.save(old, of: .parlay, id) }
      watch = SavedSecretWatch(saved, providers: .builtIn)
      let address = server.address
      let apis = KnownAPIs { name in
        Array((name.hasSuffix("URL") ? address : "pk_sandbox_0123456789").utf8)
      }
      errands = Errands(
        journal: Journal(), providers: .builtIn, tolerance: 300,
        providing: ProviderErrands(access: apis.access, saved: watch), mail: Mailbox {})
    }

    deinit {
      errands.close()
      _ = server.stop()
      try? FileManager.default.removeItem(atPath: root)
    }

    var secret: String? {
      APIID("wh_1".utf8).flatMap { FileManager.default.contents(atPath: saved.path(of: .parlay, $0)) }
        .map { String(decoding: $0, as: UTF8.self) }
    }

    func order(
      _ call: ProviderCall, webhook: String = "wh_1", body: String = "{}", of provider: Provider = .parlay
    ) {
      let request = Request(headers: Headers([.init(provider.eventHeader, "e")]), body: Array(body.utf8))
      let delivery = Delivery(
        sequence: 1, receivedAt: .now(), request: request,
        envelope: Envelope(reading: request, providers: .builtIn), verdict: Verdict(.ok), isDuplicate: false,
        attempt: 1, answer: nil)
      let order = ProviderOrder(
        number: 1, call: call, provider: provider, webhook: webhook, delivery: delivery)
      _ = errands.call(order)
    }

    /// Waits for something that is looked at again and again.
    func wait(_ what: String, until condition: () -> Bool) async throws {
      let start = ContinuousClock.now
      while !condition() {
        guard start.duration(to: .now) < .seconds(20) else { throw Late(what: what) }
        try await Task.sleep(for: .milliseconds(5))
      }
    }

    /// The steps that have come, the last one among them.
    func steps() async throws -> [ProviderStep] {
      var steps: [ProviderStep] = []
      try await wait("the last step") {
        for case .called(_, let step) in errands.takeResults() { steps.append(step) }
        return steps.last?.isLast == true
      }
      return steps
    }
  }

  private struct Late: Error { let what: String }

  private func words(_ step: ProviderStep?) -> String {
    switch step {
    case .done(let words), .failed(let words), .retrying(let words): words
    case .fetched(let bytes): String(decoding: bytes, as: UTF8.self)
    case nil: ""
    }
  }

  @Test("the answer to a rotation that the user has cancelled is waited for, and its secret saved")
  func rotation() async throws {
    let body = Array(#"{"id":"wh_1","signing_secret":"whsec_late"}"#.utf8)
    let bench = try Bench(.later(Response(200, body: body), after: .milliseconds(300)))
    bench.order(.rotate)
    try await bench.wait("the request") { bench.service.seen.load(ordering: .relaxed) == 1 }
    bench.errands.stop(1)
    try await bench.wait("the secret") { bench.secret == "whsec_late\n" }
    let last = words(try await bench.steps().last)
    #expect(last.contains("wh_1 has a new signing secret") && !last.contains("whsec_"))
  }

  @Test("any other call ends at once where the user cancels it")
  func cancelled() async throws {
    let bench = try Bench(.later(nil, after: .seconds(30)))
    bench.order(.pause)
    try await bench.wait("the request") { bench.service.seen.load(ordering: .relaxed) == 1 }
    bench.errands.stop(1)
    #expect(words(try await bench.steps().last) == "stopped before an answer came")
  }

  @Test(
    "what is cancelled between two attempts is not tried again, a rotation too",
    arguments: [ProviderCall.test, .rotate])
  func retries(call: ProviderCall) async throws {
    let bench = try Bench(.now(Response(503)))
    bench.order(call)
    var told: [Message] = []
    try await bench.wait("the first pause") {
      told += bench.errands.takeResults()
      return !told.isEmpty
    }
    bench.errands.stop(1)
    #expect(words(try await bench.steps().last) == "stopped before an answer came")
    #expect(bench.service.seen.load(ordering: .relaxed) == 1)
  }

  @Test("where a new secret could not be saved, none is made")
  func unsaved() async throws {
    let bench = try Bench(.now(Response(200)))
    _ = FileManager.default.createFile(atPath: String(bench.saved.folder.dropLast(16)), contents: nil)
    bench.order(.rotate)
    let last = words(try await bench.steps().last)
    #expect(last.contains("can't be saved in") && !last.contains("--save"))
    #expect(bench.service.seen.load(ordering: .relaxed) == 0)
  }

  @Test("a new secret that can't be saved all the same is used for as long as hooktop runs, which is said")
  func lost() async throws {
    let body = Array(#"{"id":"wh_1","signing_secret":"whsec_new"}"#.utf8)
    let bench = try Bench(.now(Response(200, body: body)), old: "whsec_old")
    let path = bench.saved.path(of: .parlay, try #require(APIID("wh_1".utf8)))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    bench.order(.rotate)
    let last = words(try await bench.steps().last)
    #expect(last.contains("used but lost when hooktop ends") && last.contains("rotate it again"), "\(last)")
    #expect(!last.contains("--save") && !last.contains("whsec_"), "\(last)")
    var keyring = Keyring()
    let isRenewed = bench.watch.renew(&keyring)
    let fingerprints = try ["whsec_old", "whsec_new"].map {
      try SigningSecret($0, label: "x", provider: .parlay).fingerprint
    }
    let told = bench.watch.untold
    #expect(
      told.map(\.old?.fingerprint) == [fingerprints[0]] && told.map(\.new.fingerprint) == [fingerprints[1]])
    #expect(isRenewed && keyring.secrets.map(\.fingerprint) == [fingerprints[1]])
  }

  @Test("what the API calls a secret and can't be one is said not to be used")
  func useless() async throws {
    let body = Array(#"{"id":"wh_1","signing_secret":"whsec_a\nb"}"#.utf8)
    let bench = try Bench(.now(Response(200, body: body)))
    bench.order(.rotate)
    let last = words(try await bench.steps().last)
    #expect(last.contains("can't use; rotate it again") && !last.contains("whsec_"), "\(last)")
    #expect(bench.secret == nil && bench.watch.untold.isEmpty)
  }

  @Test("two rotations of a webhook are not made at once: the later could be saved first")
  func twice() async throws {
    let body = Array(#"{"id":"wh_1","signing_secret":"whsec_x"}"#.utf8)
    let bench = try Bench(.now(Response(200, body: body)))
    try bench.saved.prepare()
    let id = try #require(APIID("wh_1".utf8))
    var lock: SavedSecretLock? = try bench.saved.lock(of: .parlay, id)
    bench.order(.rotate)
    let refused = words(try await bench.steps().last)
    #expect(refused.contains("is being rotated already"), "\(refused)")
    #expect(bench.service.seen.load(ordering: .relaxed) == 0 && lock != nil)
    lock = nil
    bench.order(.rotate)
    let done = words(try await bench.steps().last)
    #expect(done.contains("is saved in") && bench.secret == "whsec_x\n", "\(done)")
    lock = try bench.saved.lock(of: .parlay, id)
  }

  @Test(
    "what a delivery does not name can't be asked about",
    arguments: [
      (ProviderCall.test, "../x", "{}", Provider.parlay, "this is not a webhook's id: press w and name it"),
      (
        .refetch, "", #"{"data":{"id":"a/b"}}"#, .parable,
        "the delivery has no data.id to fetch its capture by"
      ),
      (.resend, "", "{}", .parlay, "the delivery has no event and data that could be sent again"),
    ])
  func nameless(call: ProviderCall, webhook: String, body: String, provider: Provider, reason: String)
    async throws
  {
    let bench = try Bench(.now(Response(200)))
    bench.order(call, webhook: webhook, body: body, of: provider)
    #expect(words(try await bench.steps().last) == reason)
    #expect(bench.service.seen.load(ordering: .relaxed) == 0)
  }

  @Test("a capture is given as it came")
  func fetched() async throws {
    let bench = try Bench(.now(Response(200, body: Array(#"{"id":"cap_1"}"#.utf8))))
    bench.order(.refetch, body: #"{"data":{"id":"cap_1"}}"#, of: .parable)
    #expect(words(try await bench.steps().last) == #"{"id":"cap_1"}"#)
  }

  @Test("an event that nobody has subscribed to is said to go to nobody", arguments: [0, 2])
  func resent(queued: Int) async throws {
    let bench = try Bench(.now(Response(202, body: Array(#"{"id":"evt_1","queued":\#(queued)}"#.utf8))))
    bench.order(.resend, body: #"{"event":"webhook.test","data":{}}"#)
    #expect(words(try await bench.steps().last).contains("to nobody") == (queued == 0))
  }
}
