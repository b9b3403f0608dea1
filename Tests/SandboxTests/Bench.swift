import JSON
import Receiver
import Sender
import Synchronization
import Testing
import Webhooks

@testable import Sandbox

/// A sandbox without a network: its time stands still until it is moved, and its attempts end as a test says.
struct Bench {
  static let key = "pk_sandbox_test"
  static let start = Timestamp("2026-04-24T18:53:17.867123+00:00") ?? Timestamp(microseconds: 0)

  var core: SandboxCore
  var now = Bench.start
  let journal = Lines()

  /// - Parameter adjust: changes the rules, which make no events and take a minute for a minute.
  init(_ adjust: (inout SandboxRules) -> Void = { _ in }) {
    var rules = SandboxRules(seed: 7)
    (rules.rate, rules.timeScale) = (0, 1)
    adjust(&rules)
    core = SandboxCore(rules, random: SplitMix64(seed: 1), journal: journal)
    let isKept = core.commit([.keyed(Self.key)])
    #expect(isKept)
  }

  /// The lines of the state file.
  var lines: [[UInt8]] { journal.all }

  /// Makes a call.
  /// - Parameters:
  ///   - json: the body, which goes as JSON where no header says otherwise.
  ///   - idempotent: the Idempotency-Key.
  mutating func call(
    _ method: String, _ target: String, _ json: String = "", key: String? = Bench.key,
    idempotent: String? = nil, type: String? = "application/json"
  ) -> Response {
    var headers = Headers()
    if let key { headers.append(.init("Authorization", "Bearer \(key)")) }
    if let idempotent { headers.append(.init("Idempotency-Key", idempotent)) }
    if let type, !json.isEmpty { headers.append(.init("Content-Type", type)) }
    let request = Request(
      method: method, target: ByteString(target), headers: headers, body: Array(json.utf8))
    return core.answer(request, at: now)
  }

  /// Registers a webhook, and gives its id and its secret.
  mutating func register(
    _ events: [String] = ["analysis.completed"], url: String = "http://127.0.0.1:9/hook"
  ) throws -> (id: String, secret: String) {
    let list = events.map { "\"\($0)\"" }.joined(separator: ",")
    let made = call("POST", "/v1/webhooks", #"{"url":"\#(url)","enabled_events":[\#(list)]}"#)
    #expect(made.status == 201)
    let id = try #require(made.text("id"))
    return (id, try #require(made.text("signing_secret")))
  }

  /// Moves the time, and gives the attempts that begin then.
  mutating func wait(_ seconds: Double = 0) -> [Departure] {
    now = now.adding(seconds)
    return core.step(at: now, wall: now).sent
  }

  /// Ends an attempt with a status.
  @discardableResult
  mutating func settle(_ departure: Departure, _ status: Int) -> AttemptRecord {
    core.settle(departure, AttemptOutcome(.status(status), milliseconds: 1), at: now)
  }

  /// What is shown of a webhook.
  mutating func shown(_ id: String) -> Response { call("GET", "/v1/webhooks/\(id)") }
}

extension Response {
  var object: JSONObject? { JSONObject(body) }
  func text(_ key: String) -> String? { object?[key]?.string }
  func number(_ key: String) -> Int64? { object?[key]?.integer }
  /// Status, code and field of an error.
  var error: String {
    let error = object?["error"]?.object
    return "\(status) \(error?["code"]?.string ?? "-") \(error?["field"]?.string ?? "null")"
  }
}

/// A state file in memory.
final class Lines: SandboxJournal {
  struct Full: Error {}

  private let state = Mutex<(lines: [[UInt8]], isFull: Bool, limit: Int, bound: Int)>(
    ([], false, 1000, .max))

  var all: [[UInt8]] { state.withLock { $0.lines.map { Array($0.dropLast()) } } }

  /// Whether nothing more can be written.
  var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  /// How many lines there may be.
  var bound: Int {
    get { state.withLock { $0.bound } }
    set { state.withLock { $0.bound = newValue } }
  }

  var isOvergrown: Bool { state.withLock { $0.lines.count > min($0.limit, $0.bound - 1) } }

  func replace(with lines: some Sequence<[UInt8]>) {
    let lines = Array(lines)
    state.withLock { ($0.lines, $0.limit) = (lines, 2 * lines.count + 1000) }
  }

  func renew(with lines: some Sequence<[UInt8]> & Sendable) { replace(with: lines) }

  func append(_ line: [UInt8]) throws {
    try state.withLock { state in
      guard !state.isFull, state.lines.count < state.bound else { throw Full() }
      state.lines.append(line)
    }
  }
}
