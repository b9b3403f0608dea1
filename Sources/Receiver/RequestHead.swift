public import JSON
public import Webhooks

/// The head of a request as it was read, before it is known whether the request is taken.
public struct RequestHead: Sendable, Equatable {
  public let method: String
  public let target: ByteString
  /// The 1 of `HTTP/1.1`; no other major version is read.
  let minorVersion: Int
  public let headers: Headers
  /// What `headers` say about the message.
  let facts: HeadFacts

  /// - Parameter facts: of `headers`, where they are known already.
  init(
    method: String = "POST", target: ByteString = "/", minorVersion: Int = 1, headers: Headers,
    facts: HeadFacts? = nil
  ) {
    self.method = method
    self.target = target
    self.minorVersion = minorVersion
    self.headers = headers
    self.facts = facts ?? HeadFacts(headers)
  }

  var version: Request.Version { minorVersion == 0 ? .http10 : .http11 }

  /// Why the head can't be trusted to say where its body ends, or whom it is for; nil if it can.
  ///
  /// A proxy in front could read such a message with another end than this receiver does, and so smuggle a second
  /// request into the first one's body.
  var fault: String? {
    if minorVersion > 0, facts.hosts != 1 {
      return "HTTP/1.1 requires exactly one Host header; the request has \(facts.hosts)"
    }
    if facts.hosts > 1 { return "the request has \(facts.hosts) Host headers; one is allowed" }
    if !facts.areHostsValid { return "the Host header holds a character that a host name can't have" }
    if facts.codings > 0, facts.lengths > 0 {
      return "the request has both Content-Length and Transfer-Encoding"
    }
    if facts.codings > 0, minorVersion == 0 { return "HTTP/1.0 does not allow Transfer-Encoding" }
    if facts.codings > 0, !facts.isChunked {
      return "the only supported Transfer-Encoding is chunked, given once"
    }
    if facts.lengths > 1 || (facts.lengths == 1 && facts.length == nil) {
      return "Content-Length must be a single number"
    }
    return nil
  }

  /// Method and target, short enough for a line of text.
  public var summary: String {
    target.count <= 80 ? "\(method) \(target)" : "\(method) \(target.cut(to: 80))…"
  }
}

/// What becomes of a connection after an answer, which the answer says.
enum Persistence: Int, CaseIterable {
  /// It stays open, as HTTP/1.1 has it without a word.
  case open
  /// It stays open, and HTTP/1.0 must be told so.
  case openByRequest
  case close

  init(_ head: RequestHead) {
    if head.facts.asksClose || head.facts.asksUpgrade {
      self = .close
    } else if head.minorVersion == 0 {
      self = head.facts.asksKeepAlive ? .openByRequest : .close
    } else {
      self = .open
    }
  }
}
