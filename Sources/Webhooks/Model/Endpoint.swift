public import JSON

/// A path of the receiver that has a name of its own, such as `staging`: told apart from others by what is sent there.
///
/// Every kept delivery holds its endpoint: one object for all of them. Two of one name are the same.
public final class Endpoint: Sendable {
  public let name: String
  /// Its name as UTF-8.
  public let nameBytes: ByteString
  /// The sender whose deliveries are expected there; nil if any are.
  public let provider: Provider?
  /// The paths that lead there, as written.
  public let path: String
  private let glob: Glob

  /// - Parameter path: the paths that lead there, `*` for any characters.
  public init(_ name: String, path: String = "*", provider: Provider? = nil) {
    self.name = name
    nameBytes = ByteString(name)
    self.path = path
    glob = Glob(path)
    self.provider = provider
  }

  /// Whether a request with this target is sent there; its query counts for nothing.
  func takes(_ target: ByteString) -> Bool {
    let path = target.firstIndex(of: UInt8(ascii: "?")).map { ByteString(Array(target[..<$0])) } ?? target
    return glob.matches(path)
  }
}

extension Endpoint {
  /// Its sender where `headers` may be that one's, though they may speak of another one as well; nil for others.
  ///
  /// Headers that speak of another sender only are believed: a delivery that went to the wrong place is to be seen as
  /// what it is.
  func sender(of headers: Headers) -> Provider? {
    guard let provider, provider.scheme.headers.contains(where: headers.contains) else { return nil }
    return provider
  }
}

extension Endpoint: Hashable {
  public func hash(into hasher: inout Hasher) { hasher.combine(nameBytes) }

  public static func == (left: Endpoint, right: Endpoint) -> Bool {
    left === right || left.nameBytes == right.nameBytes
  }
}

extension Endpoint {
  /// What stands in the names of endpoints that are not for live events, and of those that are for no others.
  private static let testWords: Set<Substring> = [
    "staging", "stage", "test", "testing", "dev", "development", "sandbox", "qa",
  ]
  private static let liveWords: Set<Substring> = ["production", "prod", "live"]

  /// The livemode of the events that its name speaks of; nil if it speaks of none.
  public var expectedLivemode: Livemode? {
    let words = name.asciiLowercased.split { !$0.isLetter }
    if words.contains(where: Self.testWords.contains) { return .test }
    return words.contains(where: Self.liveWords.contains) ? .live : nil
  }

  /// What is odd about an event that arrived there, such as `a live event on staging`; nil if nothing is.
  public func oddity(of livemode: Livemode) -> String? {
    guard livemode != .notApplicable, let expected = expectedLivemode, expected != livemode else {
      return nil
    }
    return "a \(livemode.rawValue) event on \(name)"
  }
}

/// The endpoints of a receiver, in the order in which they are asked.
public struct Endpoints: Sendable, Equatable {
  public let all: [Endpoint]

  public init(_ all: [Endpoint] = []) { self.all = all }

  /// The first endpoint that a request with this target is sent to; nil if it is sent to none.
  public func of(_ target: ByteString) -> Endpoint? {
    for endpoint in all where endpoint.takes(target) { return endpoint }
    return nil
  }
}
