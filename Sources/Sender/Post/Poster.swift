internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Webhooks

/// Posts deliveries over HTTP and HTTPS, on connections that it keeps open between them.
public struct Poster: Posting {
  private let client: HTTPClient
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
    // All that can fail here is closing what is already closed.
    try? await poster.client.shutdown()
    return value
  }

  private init(timeouts: PostTimeouts, trusting certificate: [UInt8]?) {
    self.timeouts = timeouts
    var configuration = HTTPClient.Configuration.exact(connectWithin: timeouts.connect)
    configuration.timeout.read = .seconds(Int64(timeouts.answer))
    configuration.tlsConfiguration = certificate.map(Self.trust)
    client = HTTPClient(configuration: configuration)
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
    guard WebURL.canBeOpened(url) else { throw .notAURL(url) }
    let start = ContinuousClock.now
    do {
      let limit = TimeAmount.seconds(Int64(timeouts.answer))
      let response = try await client.execute(Self.request(delivery, to: url), timeout: limit)
      let elapsed = start.duration(to: .now)
      await Self.drain(response.body)
      return PostAnswer(status: Int(response.status.code), milliseconds: elapsed / .milliseconds(1))
    } catch {
      throw failure(error, url: url)
    }
  }

  private static func request(_ delivery: OutgoingDelivery, to url: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: url)
    request.method = HTTPMethod(rawValue: delivery.method)
    for field in delivery.headers.endToEnd {
      request.headers.add(name: field.name.text, value: field.value.text)
    }
    request.body = .bytes(ByteBuffer(bytes: delivery.body))
    return request
  }

  /// Reads the answer to its end, so that the connection can be used again; a long one is left, and closes it.
  private static func drain(_ body: HTTPClientResponse.Body) async {
    var left = 1 << 20
    do {
      for try await chunk in body {
        left -= chunk.readableBytes
        if left < 0 { return }
      }
    } catch {
      // The status has come, and that is the answer; what follows it may break off.
    }
  }
}

extension Poster {
  /// What the layers below report, in the words of this one.
  private func failure(_ error: any Error, url: String) -> PostError {
    switch ClientFault(error, isSecure: url.lowercased().hasPrefix("https:")) {
    case .badURL: .notAURL(url)
    case .refused: .nothingListens(url: url)
    case .unknownHost: .unknownHost(url: url)
    case .connectTimedOut: .connectTimedOut(url: url, seconds: timeouts.connect)
    case .timedOut: .answerTimedOut(url: url, seconds: timeouts.answer)
    case .closed: .closedEarly(url: url)
    case .untrusted(let detail): .untrusted(url: url, detail: detail)
    case .notHTTP, .headTooLarge: .other(url: url, detail: "the answer is not HTTP")
    case .unsendableHeader(let detail): .unsendableHeader(detail: detail)
    case .cancelled: .cancelled
    case .other(let detail): .other(url: url, detail: detail)
    }
  }
}

extension HTTPClient.Configuration {
  /// What a delivery is sent with: it goes to the address it was given and nowhere else, in the spelling it was given.
  /// - Parameter seconds: until a connection stands, TLS handshake included.
  static func exact(connectWithin seconds: Int) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(Int64(seconds))))
    // HTTP/2 would send the field names in lower case.
    configuration.httpVersion = .http1Only
    // Without this, a refused connection is tried again until the time-out hides the reason.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.http1_1ConnectionDebugInitializer = StatusGuard.install
    return configuration
  }
}

/// Keeps responses whose status is under 100 from the HTTP client, which traps at the end of one.
///
/// The decoder takes any three digits as a status. The client ignores a head under 200 as an interim one, and then
/// has a precondition that a final head came before the end; only from 100 to 199 does the decoder hold that end back.
final class StatusGuard: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  private var hasFailed = false

  /// Adds a guard to a connection of the client, between its decoder and its state machine.
  @Sendable static func install(on channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(StatusGuard(), position: .after(decoder))
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    guard case .head(let head) = unwrapInboundIn(data), head.status.code < 100 else {
      return context.fireChannelRead(data)
    }
    hasFailed = true
    context.fireErrorCaught(HTTPParserError.invalidStatus)
  }
}
