internal import Glibc
internal import JSON
internal import NIOCore
internal import Webhooks

/// Calls providers' APIs over HTTP and HTTPS, and tries again what may succeed later.
public struct APIClient: Sendable {
  /// How long a call is waited for, and how often it is tried again; all in seconds.
  public struct Patience: Sendable, Equatable {
    public var connect = 5
    public var answer = 30
    /// The pauses before each further attempt, where the API names no longer one.
    public var pauses = [0.5, 1, 2]
    /// The longest pause that the API can ask for: a longer one is left to the user.
    public var longestPause = 60.0
    /// The most that is read of an answer, in bytes: a transcript of some hours fits.
    public var largestAnswer = 32 << 20
    public init() {}
  }

  /// Waits for so many seconds, until its task is cancelled.
  public typealias Sleep = @Sendable (Double) async throws -> Void

  private let client: AppClient
  private let patience: Patience
  private let sleep: Sleep

  /// Runs `body` with a client, and closes its connections afterwards.
  public static func open<Value>(
    patience: Patience = Patience(),
    sleep: @escaping Sleep = { try await Task.sleep(for: .seconds($0)) },
    _ body: (APIClient) async -> Value
  ) async -> Value {
    let client = APIClient(patience, sleep)
    let value = await body(client)
    await client.client.closed()
    return value
  }

  /// Makes one call with a client of its own.
  public static func perform(
    _ call: APICall, at access: APIAccess,
    sleep: @escaping Sleep = { try await Task.sleep(for: .seconds($0)) },
    retrying: (APIRetry) -> Void = { _ in }, reaching: (Bool) -> Void = { _ in }
  ) async throws(APIError) -> APIResponse {
    try await open(sleep: sleep) { client async -> Result<APIResponse, APIError> in
      do throws(APIError) {
        return .success(
          try await client.perform(call, at: access, retrying: retrying, reaching: reaching))
      } catch {
        return .failure(error)
      }
    }.get()
  }

  private init(_ patience: Patience, _ sleep: @escaping Sleep) {
    self.patience = patience
    self.sleep = sleep
    client = AppClient(connections: 1, patience: .seconds(Int64(patience.connect)))
  }

  /// Makes a call. Its attempts have one Idempotency-Key, so that the API carries it out once.
  /// - Parameters:
  ///   - retrying: is told before each pause.
  ///   - reaching: is told before and after each attempt whether the API may have carried out the call by then.
  public func perform(
    _ call: APICall, at access: APIAccess, retrying: (APIRetry) -> Void = { _ in },
    reaching: (Bool) -> Void = { _ in }
  ) async throws(APIError) -> APIResponse {
    var random = SystemRandomNumberGenerator()
    let request = Self.request(call, access, idempotencyKey: random.uuid())
    var (attempt, mayBeDone) = (0, false)
    while true {
      reaching(true)
      let outcome = await outcome(of: request)
      mayBeDone = mayBeDone || outcome.mayBeDone
      reaching(mayBeDone)
      guard let wait = pause(after: outcome, attempt) else { return try result(outcome, of: call, access) }
      attempt += 1
      retrying(
        APIRetry(number: attempt, count: patience.pauses.count, seconds: wait, reason: outcome.words))
      do { try await sleep(wait) } catch { throw .cancelled }
    }
  }

  /// Returns nil where the base address and the path make no URL.
  private static func request(_ call: APICall, _ access: APIAccess, idempotencyKey: String) -> AppRequest? {
    var headers: Headers = [
      .init("Authorization", "Bearer \(access.key)"), .init("Accept", "application/json"),
      .init("User-Agent", "hooktop"), .init("Idempotency-Key", idempotencyKey),
    ]
    if call.body != nil { headers.append(.init("Content-Type", "application/json")) }
    return AppURL(access.url + call.path).map { url in
      AppRequest(Request(method: call.method.rawValue, headers: headers, body: call.body ?? []), to: url)
    }
  }

  /// Makes one attempt.
  private func outcome(of request: AppRequest?) async -> Outcome {
    guard let request else { return .failed(.badURL) }
    let limits = ResponseReader.Limits(kept: patience.largestAnswer, read: patience.largestAnswer)
    let reply = await client.reply(to: request, limits: limits, within: Double(patience.answer))
    guard reply.fault == nil, let response = reply.response else { return .failed(reply.fault ?? .closed) }
    let wait = response.headers.first("Retry-After").map(\.text)
    return .answered(
      APIResponse(status: response.status, body: response.body),
      retryAfter: wait.flatMap { RetryAfter.seconds($0, now: .now()) })
  }
}

extension APIClient {
  /// What came of one attempt.
  private enum Outcome {
    case answered(APIResponse, retryAfter: Double?)
    case failed(ClientFault)

    /// Whether another attempt may fare better.
    var isPassing: Bool {
      switch self {
      case .answered(let response, _): response.status == 429 || response.status >= 500
      case .failed(let fault): fault.isPassing
      }
    }

    /// Whether the API may have carried out the call.
    var mayBeDone: Bool {
      switch self {
      case .answered(let response, _): response.isAccepted || response.status >= 500
      case .failed(let fault): fault.isAfterRequest
      }
    }

    var words: String {
      switch self {
      case .answered(let response, _): "answered \(response.status)"
      case .failed(let fault): fault.words
      }
    }
  }

  /// How long to wait for the next attempt, in seconds; nil if there is none.
  private func pause(after outcome: Outcome, _ attempt: Int) -> Double? {
    guard outcome.isPassing, attempt < patience.pauses.count, !Task.isCancelled else { return nil }
    guard case .answered(_, let asked?) = outcome else { return patience.pauses[attempt] }
    return asked > patience.longestPause ? nil : max(patience.pauses[attempt], asked)
  }

  private func result(
    _ outcome: Outcome, of call: APICall, _ access: APIAccess
  ) throws(APIError) -> APIResponse {
    switch outcome {
    case .answered(let response, let asked):
      guard response.isAccepted else {
        let words = APIWords.said(response.body, hiding: access.key)
        throw .refused(call: call, status: response.status, words: words, retryAfter: asked)
      }
      guard response.body.isUTF8 else { throw .unreadable(call: call, detail: "it is not UTF-8") }
      return response
    case .failed(.cancelled): throw .cancelled
    case .failed(.notHTTP): throw .unreadable(call: call, detail: "it is not HTTP")
    case .failed(.tooLarge): throw .unreadable(call: call, detail: "it is too large")
    case .failed(let fault) where fault.isAfterRequest:
      throw .noAnswer(call: call, url: access.url, detail: fault.words)
    case .failed(let fault): throw .unreachable(url: access.url, detail: fault.words)
    }
  }
}

/// What an API has answered.
public struct APIResponse: Sendable, Equatable {
  /// The HTTP status.
  public let status: Int
  public let body: [UInt8]

  public var isAccepted: Bool { (200..<300).contains(status) }
}

/// A further attempt at a call, which is about to be made.
public struct APIRetry: Sendable, Equatable {
  /// From 1, of `count`.
  public let number: Int
  public let count: Int
  /// How long it is waited for.
  public let seconds: Double
  /// What came of the attempt before, in a few words.
  public let reason: String

  /// `answered 503; trying again in 2 s (1 of 3)`.
  public var words: String {
    "\(reason); trying again in \(Durations.words(seconds)) (\(number) of \(count))"
  }
}

extension ClientFault {
  /// Whether another attempt may fare better.
  fileprivate var isPassing: Bool {
    switch self {
    case .refused, .unknownHost, .connectTimedOut, .timedOut, .closed, .queueFull, .other: true
    case .badURL, .untrusted, .notHTTP, .tooLarge, .unsendable, .cancelled: false
    }
  }

  /// Whether the request may have been carried out.
  fileprivate var isAfterRequest: Bool {
    switch self {
    case .timedOut, .closed, .other: true
    default: false
    }
  }

  /// What happened, in a few words that quote nothing of the request.
  fileprivate var words: String {
    switch self {
    case .badURL: "not a URL"
    case .refused: "nothing listens there"
    case .unknownHost: "the host has no address"
    case .connectTimedOut: "no connection in time"
    case .timedOut: "timed out"
    case .closed: "the connection was closed"
    case .untrusted(let detail): detail
    case .notHTTP: "not HTTP"
    case .tooLarge: "too large"
    case .unsendable: "the request can't be sent"
    case .queueFull: "too many calls at once"
    case .cancelled: "stopped"
    case .other(let detail): detail
    }
  }
}

/// The field by which an API says when to try again.
enum RetryAfter {
  /// How long to wait, in seconds; nil for what can't be read (RFC 9110, 10.2.3).
  static func seconds(_ value: String, now: Timestamp) -> Double? {
    if value.utf8.allSatisfy(\.isASCIIDigit), let seconds = Double(value) { return seconds }
    guard let date = value.wholeMatch(of: date), let month = months.firstIndex(of: String(date.2)) else {
      return nil
    }
    var fields = tm()
    fields.tm_mday = Int32(date.1) ?? 0
    fields.tm_mon = Int32(month)
    fields.tm_year = (Int32(date.3) ?? 0) - 1900
    fields.tm_hour = Int32(date.4) ?? 0
    fields.tm_min = Int32(date.5) ?? 0
    fields.tm_sec = Int32(date.6) ?? 0
    return max(0, Double(timegm(&fields)) - now.seconds)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  private static var date:
    Regex<(Substring, Substring, Substring, Substring, Substring, Substring, Substring)>
  {
    #/[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT/#
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
