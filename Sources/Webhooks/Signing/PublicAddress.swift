public import JSON

/// Where senders reach the receiver, for the few whose signature covers the URL that they post to.
public enum PublicAddress: Sendable, Equatable {
  /// Where the request says that it was sent to; `isSecure` if the receiver speaks TLS itself.
  case received(isSecure: Bool)
  /// Where the user says: the URL without a path, as `https://hooks.example.test`.
  case fixed(ByteString)

  /// Returns the URL that the sender posted to: the address, and the request's target.
  ///
  /// A proxy's `X-Forwarded-Proto` and `X-Forwarded-Host` go before `Host`. All of it is the sender's word: who can't
  /// sign gains nothing by another URL.
  public func url(of request: Request) -> [UInt8] {
    switch self {
    case .fixed(let base): return Array(base) + request.target
    case .received(let isSecure):
      let target = request.target
      guard target.first == UInt8(ascii: "/") else { return Array(target) }
      let own = ByteString(isSecure ? "https" : "http")
      let scheme = Self.first("X-Forwarded-Proto", of: request) ?? own
      let host = Self.first("X-Forwarded-Host", of: request) ?? request.headers.first("Host") ?? ""
      return Array(scheme) + Array("://".utf8) + Array(host) + target
    }
  }

  /// What the first of several proxies says, which is the one that the sender reached.
  private static func first(_ name: String, of request: Request) -> ByteString? {
    guard let value = request.headers.first(name) else { return nil }
    let first = value.bytes.prefix { $0 != UInt8(ascii: ",") }.trimmingSpaces
    return first.isEmpty ? nil : ByteString(first)
  }
}
