internal import NIOCore
internal import NIOSSL
internal import Webhooks

/// Posts deliveries over HTTP and HTTPS, on connections that it keeps open between them.
public struct Poster: Posting {
  /// What is kept of an answer's body, and what is read of it, so that its connection can be used again; one that is
  /// longer closes it.
  private static let limits = ResponseReader.Limits(kept: 8192, read: 1 << 20)

  private let client: AppClient
  private let timeouts: PostTimeouts

  /// Runs `body` with a poster, and closes its connections afterwards.
  /// - Parameter certificate: in DER or PEM, the one that is trusted over HTTPS; those that the system trusts where
  ///   it is nil.
  public static func open<Value>(
    timeouts: PostTimeouts = PostTimeouts(), trusting certificate: [UInt8]? = nil,
    _ body: (Poster) async -> Value
  ) async -> Value {
    let poster = Poster(timeouts: timeouts, trusting: certificate)
    let value = await body(poster)
    await poster.client.closed()
    return value
  }

  private init(timeouts: PostTimeouts, trusting certificate: [UInt8]?) {
    self.timeouts = timeouts
    client = AppClient(
      connections: 8, patience: .seconds(Int64(timeouts.connect)),
      tls: certificate.map(Self.trust) ?? .makeClientConfiguration())
  }

  /// Trust in one certificate alone; where it can't be read, in none at all.
  private static func trust(in certificate: [UInt8]) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates([read(certificate)].compactMap { $0 })
    return configuration
  }

  private static func read(_ certificate: [UInt8]) -> NIOSSLCertificate? {
    (try? NIOSSLCertificate(bytes: certificate, format: .der))
      ?? (try? NIOSSLCertificate(bytes: certificate, format: .pem))
  }

  /// Returns whether `bytes` are a certificate that can be trusted, in DER or PEM.
  public static func isCertificate(_ bytes: [UInt8]) -> Bool { read(bytes) != nil }

  public func post(_ delivery: OutgoingDelivery, to url: String) async throws(PostError) -> PostAnswer {
    guard let address = AppURL(WebURL.escaped(url)) else { throw .notAURL(url) }
    let request = AppRequest(delivery.request, to: address)
    let reply = await client.reply(to: request, limits: Self.limits, within: Double(timeouts.answer))
    // What follows a status may break off, or never end: the status is the answer.
    if let response = reply.response {
      return PostAnswer(status: response.status, milliseconds: reply.head ?? 0, body: response.body)
    }
    throw failure(reply.fault ?? .closed, url: url)
  }

  /// What the layers below report, in the words of this one.
  private func failure(_ fault: ClientFault, url: String) -> PostError {
    switch fault {
    case .badURL: .notAURL(url)
    case .refused: .nothingListens(url: url)
    case .unknownHost: .unknownHost(url: url)
    case .connectTimedOut: .connectTimedOut(url: url, seconds: timeouts.connect)
    case .timedOut: .answerTimedOut(url: url, seconds: timeouts.answer)
    case .closed: .closedEarly(url: url)
    case .untrusted(let detail): .untrusted(url: url, detail: detail)
    case .notHTTP, .tooLarge: .other(url: url, detail: "the answer is not HTTP")
    case .unsendable: .unsendableHeader(detail: "a name or value with a character that HTTP does not take")
    case .queueFull: .other(url: url, detail: "too much waits for it")
    case .cancelled: .cancelled
    case .other(let detail): .other(url: url, detail: detail)
    }
  }
}
