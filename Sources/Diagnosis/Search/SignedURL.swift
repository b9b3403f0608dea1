internal import JSON
internal import Webhooks

/// A URL that a sender may have signed, in two parts: what is reached, and what is asked for there.
struct SignedURL: Sendable, Equatable {
  /// As `https://hooks.example.test`.
  let base: [UInt8]
  /// As `/in?a=1`.
  let target: [UInt8]

  var bytes: [UInt8] { base + target }

  private init(_ base: [UInt8], _ target: [UInt8]) {
    (self.base, self.target) = (base, target)
  }

  /// What the verifier takes it for.
  init(of request: Request, at address: PublicAddress) {
    let (url, target) = (address.url(of: request), request.target)
    let isWhole = url.count >= target.count && url.suffix(target.count).elementsEqual(target)
    let size = isWhole ? url.count - target.count : 0
    self.init(Array(url[..<size]), Array(url[size...]))
  }

  /// A header's value of more bytes than this is no host.
  private static let hostLimit = 256
  /// A sender that names hosts without end gains no more candidates than this.
  private static let limit = 256

  /// What the sender may have posted to instead, the likeliest first.
  func others(for request: Request) -> [SignedURL] {
    let bases = self.bases(for: request)
    let targets = self.targets(for: request)
    let one = bases.map { SignedURL($0, target) } + targets.map { SignedURL(base, $0) }
    let both = bases.flatMap { base in targets.map { SignedURL(base, $0) } }
    return (one + both + [SignedURL([], target)]).prefix(Self.limit).reduce(into: []) { kept, url in
      if url != self, !kept.contains(url) { kept.append(url) }
    }
  }

  /// The same host by the other protocol, then what the headers say, each with and without a port.
  private func bases(for request: Request) -> [[UInt8]] {
    let mark = Array("://".utf8)
    let own = base.indices.first { base[$0...].starts(with: mark) }.map { Array(base[($0 + mark.count)...]) }
    let named = ["X-Forwarded-Host", "X-Original-Host", "Host"].flatMap { name in
      request.headers.all(name).prefix(4).flatMap { $0.bytes.split(separator: UInt8(ascii: ",")) }
    }.map { Array($0.trimmingSpaces) }
    let hosts = ([own].compactMap(\.self) + named).filter { !$0.isEmpty && $0.count <= Self.hostLimit }
    let ports = hosts.flatMap { host -> [[UInt8]] in
      let bare = Self.withoutPort(host)
      return bare.map { [host, $0] } ?? [host, host + Array(":443".utf8), host + Array(":80".utf8)]
    }
    return ports.flatMap { host in ["https", "http"].map { Array($0.utf8) + mark + host } }
  }

  private static func withoutPort(_ host: [UInt8]) -> [UInt8]? {
    guard let colon = host.lastIndex(of: UInt8(ascii: ":")), host[(colon + 1)...].allSatisfy(\.isASCIIDigit)
    else { return nil }
    return Array(host[..<colon])
  }

  /// What proxies and routers make of a path: a slash at its end, no query, percent signs decoded, a part in front
  /// taken off.
  private func targets(for request: Request) -> [[UInt8]] {
    let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    let (path, query) = (Array(target[..<mark]), Array(target[mark...]))
    let slash = UInt8(ascii: "/")
    let toggled = path.last == slash ? Array(path.dropLast()) : path + [slash]
    let original = ["X-Original-URI", "X-Original-URL", "X-Forwarded-Uri", "X-Rewrite-URL"].compactMap {
      request.headers.first($0).map { Array($0.bytes) }
    }
    let prefixed = request.headers.first("X-Forwarded-Prefix").map { Array($0.bytes) + target }
    let decoded = PercentCoding.decoded(target[...], plusIsSpace: false)
    let found = [path, toggled + query, toggled] + original + [prefixed, decoded].compactMap(\.self)
    return found.filter { $0 != target && $0.count <= max(2048, target.count + 2) }
  }
}

extension SignedURL {
  /// The URL in printable characters, cut off where it is long.
  var words: String { Printable.short(String(decoding: bytes, as: UTF8.self), limit: 120) }

  /// The part that `--public-url` takes, in printable characters.
  var baseWords: String { Printable.short(String(decoding: base, as: UTF8.self), limit: 50) }
}
