public import JSON

/// One HTTP request as it stood on the wire: what a signature is checked against.
public struct Request: Sendable, Equatable {
  /// The versions of HTTP that are received.
  public enum Version: String, Sendable, CaseIterable {
    case http10 = "1.0"
    case http11 = "1.1"
  }

  public var method: String
  public var target: ByteString
  public var version: Version
  public var headers: Headers
  /// The body with transfer coding taken off and nothing else changed.
  public var body: [UInt8]
  /// The sender's address and port, as `127.0.0.1:51234`.
  public var peer: String

  public init(
    method: String = "POST", target: ByteString = "/", version: Version = .http11,
    headers: Headers, body: [UInt8], peer: String = ""
  ) {
    self.method = method
    self.target = target
    self.version = version
    self.headers = headers
    self.body = body
    self.peer = peer
  }

  /// The bytes that the request holds in memory: body, header fields and target.
  public var byteCount: Int {
    body.count + target.count + headers.byteCount
  }
}
