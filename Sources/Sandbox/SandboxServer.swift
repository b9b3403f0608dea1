internal import JSON
internal import Receiver
public import Sender
internal import Webhooks

/// The sandbox at work: its API on a port of this machine, and the deliveries that it makes.
///
/// It runs on threads of its own from `start` to `stop`.
public final class SandboxServer: Sendable {
  /// What the API is called with.
  public let apiKey: String
  /// The signing secret of Parable's endpoint, in the run that provisioned it.
  public let parableSecret: String?
  private let server: HTTPServer
  private let desk: Desk

  /// The largest body of a call that is read to its end, so that it can be refused in words.
  private static let largestBody = 8 << 20

  private init(_ server: HTTPServer, _ desk: Desk, apiKey: String, parableSecret: String?) {
    self.server = server
    self.desk = desk
    self.apiKey = apiKey
    self.parableSecret = parableSecret
  }

  /// Goes on from the changes of an earlier run, listens, and returns once calls are taken.
  /// - Parameters:
  ///   - parable: where captures are pushed to; nil: where an earlier run did, if there is one.
  ///   - lines: what the journal holds.
  ///   - journal: keeps what changes, before anybody is told of it; nil if nothing outlives this run.
  ///   - tell: is called by any thread.
  /// - Throws: `ReceiverError`, `SandboxError`, and what the journal throws.
  public static func start(
    host: String, port: Int, rules: SandboxRules, parable: AppURL? = nil, restoring lines: [[UInt8]] = [],
    journal: (any SandboxJournal)? = nil, tell: @escaping @Sendable (SandboxNews) -> Void
  ) throws -> SandboxServer {
    let clock = SandboxClock()
    var core = SandboxCore(rules, random: SystemRandomNumberGenerator(), journal: journal)
    try core.restore(lines, at: clock.now)
    try journal?.replace(with: core.lines)
    let secret = try core.provision(parable, at: clock.now)
    let apiKey = core.state.apiKey
    let desk = Desk(core, clock: clock, tell: tell)
    let service = SandboxService(desk, limit: rules.limits.call, tell: tell)
    var configuration = HTTPServer.Configuration(host: host, port: port)
    configuration.maxBody = largestBody
    let server = try HTTPServer.start(configuration, service: service)
    desk.open()
    return SandboxServer(server, desk, apiKey: apiKey, parableSecret: secret)
  }

  /// Where it can be reached: `http://127.0.0.1:4800`, with the real port.
  public var address: String { server.address }

  /// Takes no more calls, and ends what is on its way.
  public func stop() {
    _ = server.stop()
    desk.close()
  }
}

extension SandboxCore {
  /// Takes what an earlier run left, and gives a new sandbox its API key.
  fileprivate mutating func restore(_ lines: [[UInt8]], at now: Timestamp) throws(SandboxError) {
    for (place, line) in lines.enumerated() {
      guard let changes = Change.changes(in: line) else { throw .unreadableState(line: place + 1) }
      restore(changes)
    }
    // Else the same seed would make events of the same ids again, which receivers take for repeats.
    if !lines.isEmpty { maker = EventMaker(rules, from: UInt64(clamping: now.microseconds)) }
    if state.apiKey.isEmpty { restore([.keyed("pk_sandbox_" + random.token(32))]) }
  }

  /// Has captures pushed to a URL; gives the secret where the endpoint is new.
  fileprivate mutating func provision(_ url: AppURL?, at now: Timestamp) throws -> String? {
    guard let url else { return nil }
    if var endpoint = state.lanes[Endpoint.parableID]?.endpoint {
      endpoint.url = url
      guard commit([.opened(endpoint)]) else { throw SandboxError.notStored }
      return nil
    }
    let id = Endpoint.parableID
    let secret = try newSecret(of: .parable, label: id)
    let endpoint = Endpoint(
      id: id, url: url, name: nil, events: Provider.parable.events, createdAt: now, secret: secret)
    guard commit([.opened(endpoint)]) else { throw SandboxError.notStored }
    return ByteString(secret.bytes).text
  }
}

/// Why a sandbox can't start.
public enum SandboxError: Error, Equatable, CustomStringConvertible {
  case unreadableState(line: Int)
  case notStored

  public var description: String {
    switch self {
    case .unreadableState(let line):
      "line \(line) of the state file is not what hooktop sandbox writes: give --state another file, or a new one"
    case .notStored: "the state file can't be written: make room, or give --state another file"
    }
  }
}

/// Hands the requests of the server to the desk.
private struct SandboxService: HTTPService {
  private let desk: Desk
  private let limit: Int
  private let tell: @Sendable (SandboxNews) -> Void

  init(_ desk: Desk, limit: Int, tell: @escaping @Sendable (SandboxNews) -> Void) {
    self.desk = desk
    self.limit = limit
    self.tell = tell
  }

  /// Refuses a body that is too large without waiting for it.
  func refusal(of head: RequestHead) -> Refusal? {
    guard let length = head.headers.first("Content-Length").flatMap({ Int($0.text) }), length > limit else {
      return nil
    }
    return Refusal(
      CallError.tooLarge(limit: limit).response, .tooLarge,
      "\(head.summary): the announced body of \(length) bytes exceeds the limit of \(limit)")
  }

  var tooLarge: Response { CallError.tooLarge(limit: limit).response }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    .now(desk.answer(request.joined()))
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    tell(.incident(detail, status: status))
  }
}
