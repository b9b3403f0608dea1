public import Webhooks

/// An answer to what is not taken as a request: the response for the sender, the incident for the user.
public struct Refusal: Sendable, Equatable {
  public var response: Response
  public var reason: Incident.Reason
  /// One sentence for the user; what it quotes is as received.
  public var detail: String
  /// What becomes of the connection, which the server decides.
  private(set) var persistence = Persistence.close

  public init(_ response: Response, _ reason: Incident.Reason, _ detail: String) {
    self.response = response
    self.reason = reason
    self.detail = detail
  }

  init(_ status: Int, _ reason: Incident.Reason, _ detail: String) {
    self.init(Response(status), reason, detail)
  }

  static func malformed(_ detail: String) -> Refusal { Refusal(400, .badRequest, detail) }

  static let overloaded = Refusal(
    503, .notStored, "the bodies being received together exceed the memory set aside for them")

  static func tooLarge(_ detail: String) -> Refusal { Refusal(413, .tooLarge, detail) }
}

extension Refusal {
  /// Why a request with this head is not taken; nil if it is, as far as the head tells.
  init?(_ head: RequestHead, maxBody: Int, _ service: (RequestHead) -> Refusal?) {
    guard
      let refusal = head.fault.map(Self.malformed) ?? Self.method(head, service)
        ?? Self.expectation(head.facts) ?? Self.length(head.facts, maxBody: maxBody)
    else { return nil }
    self = refusal
  }

  /// The service's refusal, with what becomes of the connection.
  private static func method(_ head: RequestHead, _ service: (RequestHead) -> Refusal?) -> Refusal? {
    let isConnect = head.method == "CONNECT"
    // What follows it is not HTTP.
    let connect = isConnect ? Refusal(501, .upgradeRefused, "") : nil
    guard var refusal = service(head) ?? connect else { return nil }
    if isConnect || head.facts.asksUpgrade {
      refusal.reason = .upgradeRefused
      refusal.detail = "\(head.summary) asks to switch protocols, which is not supported"
      return refusal
    }
    // A body that belongs to no request is not waited for.
    refusal.persistence = head.facts.announcesBody ? .close : Persistence(head)
    if head.method == "HEAD" { refusal.response = refusal.response.withoutBody }
    return refusal
  }

  private static func expectation(_ facts: HeadFacts) -> Refusal? {
    guard facts.expectation == .other else { return nil }
    return Refusal(417, .expectationFailed, "the only supported Expect value is 100-continue")
  }

  private static func length(_ facts: HeadFacts, maxBody: Int) -> Refusal? {
    guard let length = facts.length, length > maxBody else { return nil }
    return .tooLarge("the announced body of \(length) bytes exceeds the limit of \(maxBody) (--max-body)")
  }
}

extension RequestReader.Fault {
  var refusal: Refusal {
    switch self {
    case .malformed(let sentence): .malformed(sentence)
    case .tooLarge: Refusal(431, .headersTooLarge, "the request header is larger than the limit")
    }
  }
}
