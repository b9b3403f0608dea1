import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import Webhooks

/// Carries out what a connection's assembly asks for: keeps deliveries, writes answers, closes.
final class DeliveryHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let intake: Intake
  private let answers: AnswerBytes
  let peer: String
  private(set) var assembly: RequestAssembly
  private var hasUnflushed = false
  /// Bytes of the body on its way that count against all connections' budget.
  private var claimed = 0

  init(intake: Intake, answers: AnswerBytes, maxBody: Int, peer: String) {
    self.intake = intake
    self.answers = answers
    self.peer = peer
    assembly = RequestAssembly(maxBody: maxBody, peer: peer)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): perform(assembly.begin(RequestHead(head)), context)
    case .body(let bytes): perform(append(bytes), context)
    case .end(let trailers): perform(assembly.end(isLast: trailers?.concernConnection ?? false), context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    releaseClaim()
  }

  private func append(_ bytes: ByteBuffer) -> RequestAssembly.Action {
    guard assembly.stage == .inBody else { return .nothing }
    guard intake.bodies.claim(bytes.readableBytes) else { return assembly.fail(.overloaded) }
    claimed += bytes.readableBytes
    return assembly.append(bytes.readableBytesView)
  }

  private func releaseClaim() {
    guard claimed > 0 else { return }
    intake.bodies.release(claimed)
    claimed = 0
  }

  // All that one read brought is answered with one write, however many requests it held. It comes after what the
  // other connections have sent meanwhile is read: senders that are woken one by one, each by its own answer,
  // cost the system more than the answers do.
  func channelReadComplete(context: ChannelHandlerContext) {
    if hasUnflushed { context.eventLoop.assumeIsolated().execute { self.flush(context) } }
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError: fail(error, context)
    case let error as BoringSSLError: lose(error, context)
    // Errors of the socket come here too; the channel closes itself after those that end it.
    default: break
    }
  }

  private func fail(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
    switch error {
    case .invalidEOFState: perform(assembly.breakOff(), context)
    case .headerOverflow:
      perform(assembly.fail(Refusal(431, .headersTooLarge, error.sentence)), context)
    default: perform(assembly.fail(.malformed(error.sentence)), context)
    }
  }

  // What came whole before the record that broke the connection is still in TLS's buffer, and would be lost with it.
  // It is kept and can't be answered: nothing may follow the alert that TLS has sent.
  private func lose(_ error: BoringSSLError, _ context: ChannelHandlerContext) {
    context.pipeline.syncOperations.fireChannelReadComplete()
    perform(assembly.lose(HandshakeFailure.sentence(afterHandshake: error)), context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let overdue = event as? RequestAssembly.Overdue {
      perform(assembly.expire(overdue), context)
    } else if event as? ChannelEvent == .inputClosed, assembly.stage != .closed {
      finishAfterEndOfInput(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func perform(_ action: RequestAssembly.Action, _ context: ChannelHandlerContext) {
    defer { if assembly.stage != .inBody { releaseClaim() } }
    switch action {
    case .nothing: break
    case .proceed: write(answers.proceed, context)
    case .deliver(let request, let persistence):
      // Kept first, answered then: a sender that was told 200 will not send it again.
      answer(intake.take(request), persistence, context)
    case .refuse(let refusal):
      intake.report(refusal.reason, refusal.detail, peer: peer, status: refusal.status)
      answer(refusal.status, refusal.persistence, context)
    case .hangUp(let reason, let detail):
      intake.report(reason, detail, peer: peer)
      close(context: context, mode: .all, promise: nil)
    case .closeQuietly: close(context: context, mode: .all, promise: nil)
    }
  }

  private func answer(_ status: Int, _ persistence: Persistence, _ context: ChannelHandlerContext) {
    write(answers[status, persistence], context)
    guard persistence == .close else { return }
    // Only this side closes: closing both while bytes still come resets the connection, and
    // the reset can overtake the answer. The gate reads on for a while and throws away what comes.
    close(context: context, mode: .output, promise: nil)
  }

  // Whoever closes, and be it the receiver that stops: what is kept is answered, or its sender would send it again.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    flush(context)
    context.close(mode: mode, promise: promise)
  }

  // A peer may close its side and still read: what it is owed goes out before the connection ends.
  private func finishAfterEndOfInput(_ context: ChannelHandlerContext) {
    hasUnflushed = false
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()))
      .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    hasUnflushed = true
    context.write(wrapOutboundOut(bytes), promise: nil)
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard hasUnflushed else { return }
    hasUnflushed = false
    context.flush()
  }
}

extension RequestHead {
  init(_ head: HTTPRequestHead) {
    var headers = Headers()
    headers.reserve(
      bytes: head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count },
      fields: head.headers.count)
    for field in head.headers { headers.append(field.name.utf8, Self.withoutTrail(field.value)) }
    self.init(
      method: head.method.rawValue, target: ByteString(head.uri), minorVersion: head.version.minor,
      headers: headers, keepsAlive: head.isKeepAlive)
  }

  // White space before and after a value does not belong to it; the parser leaves what comes after.
  private static func withoutTrail(_ value: String) -> Substring.UTF8View {
    var bytes = value.utf8[...]
    while let last = bytes.last, last.isSpaceOrTab { bytes.removeLast() }
    return bytes
  }
}

extension HTTPHeaders {
  /// Whether these trailers speak of the connection; the parser heeds them, and may stop.
  fileprivate var concernConnection: Bool {
    contains(name: "Connection") || contains(name: "Proxy-Connection")
  }
}

extension HTTPParserError {
  /// What the parser found wrong, for the user.
  fileprivate var sentence: String {
    switch self {
    case .headerOverflow: "the header is larger than what is taken"
    case .invalidMethod: "the method is not one of HTTP"
    case .invalidURL: "the target holds a character that a URL can't"
    case .invalidVersion: "the version is not HTTP/1.0 or HTTP/1.1"
    case .invalidConstant: "the request line is not that of HTTP"
    case .invalidHeaderToken: "a header field holds a character that it can't, or is folded"
    case .lfExpected, .strictModeAssertion: "a line does not end with CR LF"
    case .invalidContentLength: "Content-Length must be one plain number, and not beside Transfer-Encoding"
    case .unexpectedContentLength: "Content-Length stands twice, or beside Transfer-Encoding"
    case .invalidChunkSize: "a chunk does not begin with its size"
    default: "the request is not well-formed HTTP"
    }
  }
}
