import JSON
import Webhooks

/// Assembles the requests of one connection, and returns the action for each part.
///
/// It does no input or output, asks for at most one answer to each request, and ignores everything after a refusal that
/// closes the connection.
struct RequestAssembly {
  enum Action: Equatable {
    case nothing
    /// Tell the sender to go on with its body.
    case proceed
    case deliver(IncomingRequest, Persistence, at: Moment)
    case refuse(Refusal)
    /// Close without an answer, and keep the incident where there is one.
    case hangUp(Incident.Reason, String)
    case closeQuietly
  }

  enum Stage: Equatable {
    /// No head is complete: the connection is new or idle, or a head is on its way.
    case betweenRequests
    case inBody
    /// The request has its answer, and its end is waited for.
    case answered
    /// The last answer is given; nothing counts any more.
    case closed
  }

  /// A part of the protocol that took too long, or too much.
  enum Overdue: Equatable {
    case header, body, idle, unread
    /// More bytes have come than a header and a body of any allowed size can take, whatever they are cut into.
    case padding
  }

  private let maxBody: Int
  private let peer: String
  private var request = IncomingRequest.placeholder
  private var persistence = Persistence.open
  /// How long the body is by the head, in bytes; 0 where that does not tell.
  private var announced = 0
  private(set) var stage = Stage.betweenRequests
  /// How many heads have been read.
  private(set) var heads = 0

  /// - Parameter maxBody: the largest body that is taken, in bytes.
  init(maxBody: Int, peer: String) {
    self.maxBody = maxBody
    self.peer = peer
  }

  /// - Parameter service: why the service does not take the request; nil if it does.
  mutating func begin(
    _ head: RequestHead, refusedBy service: (RequestHead) -> Refusal? = { _ in nil }
  ) -> Action {
    guard stage == .betweenRequests else { return .nothing }
    heads += 1
    let facts = head.facts
    if let refusal = Refusal(head, maxBody: maxBody, service) { return refuse(refusal) }
    stage = .inBody
    persistence = Persistence(head)
    announced = facts.length ?? 0
    request = IncomingRequest(
      Request(
        method: head.method, target: head.target, version: head.version, headers: head.headers, body: [],
        peer: peer))
    let waits = facts.expectation == .proceed && head.minorVersion > 0 && facts.announcesBody
    return waits ? .proceed : .nothing
  }

  /// - Parameter tooLarge: what a sender is told whose body turns out to be too large.
  mutating func append(
    _ bytes: some Collection<UInt8>, tooLarge: @autoclosure () -> Response = Response(413)
  ) -> Action {
    guard stage == .inBody else { return .nothing }
    guard bytes.count <= maxBody - request.bodySize else {
      let response = tooLarge()
      return refuse(
        Refusal(
          request.head.method == "HEAD" ? response.withoutBody : response, .tooLarge,
          "the body exceeds the limit of \(maxBody) bytes (--max-body)"))
    }
    request.append(bytes, of: announced)
    return .nothing
  }

  /// Takes the end of a request; its trailers never count as header fields.
  /// - Parameters:
  ///   - isLast: whether a trailer speaks of the connection: some would heed it, and close.
  ///   - now: read where a request is delivered.
  mutating func end(isLast: Bool = false, at now: @autoclosure () -> Moment) -> Action {
    switch stage {
    case .betweenRequests, .closed: return .nothing
    case .answered:
      stage = .betweenRequests
      return .nothing
    case .inBody:
      if isLast { persistence = .close }
      stage = persistence == .close ? .closed : .betweenRequests
      var complete = IncomingRequest.placeholder
      swap(&complete, &request)
      return .deliver(complete, persistence, at: now())
    }
  }

  /// Takes the reader's word that what came is not HTTP as it should be.
  mutating func fail(_ refusal: Refusal) -> Action {
    switch stage {
    case .closed: return .nothing
    case .answered: return close(.closeQuietly)
    case .betweenRequests, .inBody: return refuse(refusal)
    }
  }

  /// Takes the end of the connection in the middle of a request.
  mutating func breakOff() -> Action {
    switch stage {
    case .closed: .nothing
    case .answered: close(.closeQuietly)
    case .betweenRequests:
      close(.hangUp(.aborted, "the sender closed the connection in the middle of a header"))
    case .inBody:
      close(
        .hangUp(.aborted, "the sender closed the connection after \(request.bodySize) bytes of body"))
    }
  }

  /// Takes the loss of the connection itself, with a sentence on what broke it.
  mutating func lose(_ sentence: String) -> Action {
    switch stage {
    case .closed: .nothing
    case .answered: close(.closeQuietly)
    case .betweenRequests, .inBody: close(.hangUp(.aborted, sentence))
    }
  }

  mutating func expire(_ overdue: Overdue) -> Action {
    guard stage != .closed else { return .nothing }
    switch overdue {
    case .idle: return close(.closeQuietly)
    case .unread: return close(.hangUp(.timeout, "the sender does not read its answers"))
    case .padding: return fail(.malformed("the request never ends: the data is neither header nor body"))
    case .header: return fail(Refusal(408, .timeout, "timed out waiting for the rest of the header"))
    case .body:
      return fail(
        Refusal(
          408, .timeout, "timed out waiting for the rest of the body: \(request.bodySize) bytes received"))
    }
  }

  private mutating func refuse(_ refusal: Refusal) -> Action {
    stage = refusal.persistence == .close ? .closed : .answered
    request = .placeholder
    return .refuse(refusal)
  }

  private mutating func close(_ action: Action) -> Action {
    stage = .closed
    request = .placeholder
    return action
  }
}
