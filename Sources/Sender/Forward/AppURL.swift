public import JSON
internal import Webhooks

/// Where an app takes its deliveries: one URL for all of them, or one host that each delivery's own target is sent to.
public struct AppURL: Sendable, Hashable {
  /// The URL as it was given.
  public let text: String
  /// Scheme, host and port: `http://127.0.0.1:3000`.
  let origin: String
  /// Host and port, as the URL has them.
  let authority: String
  /// Whether it is spoken to over TLS.
  let isSecure: Bool
  /// The path and query that every delivery is sent to; nil: its own target.
  private let target: String?

  /// Returns nil for what is no http or https URL.
  public init?(_ text: String) {
    // A fragment is the client's business, and is never sent.
    let url = text.prefix { $0 != "#" }
    guard WebURL.canBeOpened(String(url)), let scheme = url.firstRange(of: "://"),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.hasPrefix(":"), !authority.contains("@") else { return nil }
    self.text = text
    self.authority = String(authority)
    isSecure = url[..<scheme.lowerBound].lowercased() == "https"
    origin = String(url[..<authority.endIndex])
    let path = rest[authority.endIndex...]
    target = path.isEmpty ? nil : path.hasPrefix("?") ? "/\(path)" : String(path)
  }

  /// The host, an IPv6 address without its brackets, and the port.
  var endpoint: (host: String, port: Int) {
    let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
    let port = colon.flatMap { Int(authority[authority.index(after: $0)...]) } ?? (isSecure ? 443 : 80)
    let host = authority[..<(colon ?? authority.endIndex)]
    return (host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host), port)
  }

  /// Whether its host is this machine by the loopback, whatever name servers say: `localhost`, 127.0.0.0/8 or `::1`.
  public var isLoopback: Bool {
    let host = endpoint.host
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    // Written in any other way, as with zeros in front, some take it for another address.
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
  }

  /// Whether what listens on a port of this machine gets what is sent there. A name is looked up where the port is the
  /// same.
  /// - Parameter host: what is listened on: an address of this machine or its name, or `0.0.0.0` or `::` for all of them.
  public func leads(to host: String, port: Int) -> Bool {
    let own = endpoint
    guard own.port == port else { return false }
    return HostAddresses(of: own.host).reach(HostAddresses(of: host))
  }

  /// The path and query that a delivery with this target of its own is sent to.
  func target(for own: ByteString) -> ByteString {
    let own = Self.originForm(own)
    guard let target else { return own }
    guard let mark = own.firstIndex(of: UInt8(ascii: "?")), mark + 1 < own.endIndex else {
      return ByteString(target)
    }
    let separator = UInt8(ascii: target.contains("?") ? "&" : "?")
    return ByteString(Array(target.utf8) + [separator] + own[(mark + 1)...])
  }

  /// The URL that a delivery with this target of its own is sent to.
  public func address(for own: ByteString) -> [UInt8] { Array(origin.utf8) + target(for: own) }

  /// The path and query of a target, which may be a whole URL (RFC 9112, 3.2.2).
  private static func originForm(_ target: ByteString) -> ByteString {
    let slash = UInt8(ascii: "/")
    guard target.first != slash else { return target }
    guard let scheme = target.firstIndex(of: UInt8(ascii: ":")),
      target[scheme...].starts(with: Array("://".utf8))
    else { return ByteString("/") }
    let authority = target[(scheme + 3)...]
    guard let path = authority.firstIndex(where: { $0 == slash || $0 == UInt8(ascii: "?") }) else {
      return ByteString("/")
    }
    return authority[path] == slash
      ? ByteString(Array(authority[path...])) : ByteString([slash] + authority[path...])
  }
}
