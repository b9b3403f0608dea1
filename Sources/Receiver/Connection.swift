import NIOCore
import NIOHTTP1
import NIOSSL
import Webhooks

/// One connection, after TLS where that is spoken: lets only HTTP pass to the parser, keeps the deadlines, bounds what
/// is read, and answers requests in order.
///
/// Bytes come in here; what the parser makes of them comes back from `RequestParts`, which stands behind it. What is
/// to be done is decided by four parts without input or output: `FirstBytes` (is it HTTP?), `RequestAssembly` (what is
/// this request?), `OwedAnswers` (whose turn is it?) and `PhaseClock` (how long may that take?).
final class Connection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What all connections of a server have in common.
  struct Surroundings: Sendable {
    let limits: HTTPServer.Limits
    let maxBody: Int
    let service: any HTTPService
    let bodies: BodyBudget
    let responses = ResponseBytes()
  }

  private let server: Surroundings
  private let peer: String
  private var first: FirstBytes? = FirstBytes()
  /// The first bytes, held back until they show what is spoken.
  private var held: ByteBuffer?
  private var assembly: RequestAssembly
  private var owed = OwedAnswers()
  private var clock: PhaseClock
  private var context: ChannelHandlerContext?
  private var timer: Scheduled<Void>?
  private var timerDeadline = NIODeadline.distantFuture
  /// Ends the wait for an answer that comes later or from elsewhere.
  private var answerTimer: Scheduled<Void>?
  /// Counts the answers that were waited for.
  private var wait = 0
  private var reply: Reply?
  private var hasRead = false
  private var isReadHeld = false
  private var hasUnflushed = false
  /// Bytes of bodies that count against all connections' budget: on their way, or not answered yet.
  private var claimed = 0

  init(_ server: Surroundings, peer: String, now: NIODeadline) {
    self.server = server
    self.peer = peer
    assembly = RequestAssembly(maxBody: server.maxBody, peer: peer)
    clock = PhaseClock(limits: server.limits, maxBody: server.maxBody, acceptedAt: now)
  }

  private var isClosing: Bool { assembly.stage == .closed }
}

// MARK: Bytes, on their way to the parser

extension Connection {
  // After a TLS handshake the connection is active already.
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    schedule(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    forget()
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    schedule(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    passHeld(context)
    context.fireChannelInactive()
    forget()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    hasRead = true
    clock.count(bytes.readableBytes)
    // What still comes to a closing connection is read and thrown away.
    guard !isClosing else { return }
    if first == nil {
      context.fireChannelRead(data)
    } else {
      recognise(bytes, context)
    }
  }

  // All that one read brought is answered with one write, however many requests it held. It comes after what the
  // other connections have sent meanwhile is read: senders that are woken one by one, each by its own answer,
  // cost the system more than the answers do.
  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if hasUnflushed { context.eventLoop.assumeIsolated().execute { self.flush(context) } }
    guard hasRead else { return }
    hasRead = false
    clock.update(assembly, isOwing: owed.isWaiting, at: context.eventLoop.now)
    if clock.isOverfull { clock.phase == .closing ? context.close(promise: nil) : expire(.padding, context) }
    schedule(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    let isEnd = event as? ChannelEvent == .inputClosed
    if isEnd { passHeld(context) }
    context.fireUserInboundEventTriggered(event)
    // A peer may close its side and still read: what it is owed goes out before the connection ends.
    if isEnd, !isClosing { owe(.finish) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Errors of the socket come here too; the channel closes itself after those that end it.
    if let error = error as? BoringSSLError { lose(error, context) }
    context.fireErrorCaught(error)
  }

  private func recognise(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    let finding = first?.read(bytes.readableBytesView) ?? .http
    held.setOrWriteImmutableBuffer(bytes)
    switch finding {
    case .undecided: break
    case .http: passHeld(context)
    case .foreign(let sentence):
      held = nil
      server.service.report(.notHTTP, sentence, peer: peer, status: nil)
      context.close(promise: nil)
    }
  }

  private func passHeld(_ context: ChannelHandlerContext) {
    first = nil
    guard let bytes = held else { return }
    held = nil
    context.fireChannelRead(wrapInboundOut(bytes))
  }

  // What came whole before the record that broke the connection is still in TLS's buffer, and would be lost with it.
  // It is kept and can't be answered: nothing may follow the alert that TLS has sent.
  private func lose(_ error: BoringSSLError, _ context: ChannelHandlerContext) {
    context.pipeline.syncOperations.fireChannelReadComplete()
    perform(assembly.lose(HandshakeFailure.sentence(afterHandshake: error)))
  }
}

// MARK: Requests, from the parser to their answers

extension Connection {
  func take(_ part: HTTPServerRequestPart) {
    switch part {
    case .head(let head): perform(assembly.begin(RequestHead(head)))
    case .body(let bytes): perform(append(bytes))
    case .end(let trailers): perform(assembly.end(isLast: trailers?.concernConnection ?? false))
    }
  }

  func take(_ error: HTTPParserError) {
    switch error {
    case .invalidEOFState: perform(assembly.breakOff())
    case .headerOverflow: perform(assembly.fail(Refusal(431, .headersTooLarge, error.sentence)))
    default: perform(assembly.fail(.malformed(error.sentence)))
    }
  }

  private func append(_ bytes: ByteBuffer) -> RequestAssembly.Action {
    guard assembly.stage == .inBody else { return .nothing }
    guard server.bodies.claim(bytes.readableBytes) else { return assembly.fail(.overloaded) }
    claimed += bytes.readableBytes
    return assembly.append(bytes.readableBytesView)
  }

  private func perform(_ action: RequestAssembly.Action) {
    switch action {
    case .nothing: return
    case .proceed: owe(.proceed)
    case .deliver(let request, let persistence): owe(.request(request, persistence))
    case .refuse(let refusal):
      report(refusal.reason, refusal.detail, status: refusal.status)
      owe(.refusal(Response(refusal.status), refusal.persistence))
    case .hangUp(let reason, let detail):
      report(reason, detail, status: nil)
      owe(.hangUp)
    case .closeQuietly: owe(.hangUp)
    }
  }

  private func report(_ reason: Incident.Reason, _ detail: String, status: Int?) {
    server.service.report(reason, detail, peer: peer, status: status)
  }

  private func owe(_ turn: OwedAnswers.Turn) {
    owed.add(turn)
    advance()
  }

  private func advance() {
    while let context, let step = owed.next() {
      switch step {
      case .proceed: write(server.responses.proceed, context)
      case .ask(let request): follow(server.service.plan(for: request), context)
      case .answer(let response, let persistence): answer(response, persistence, context)
      case .finish: finish(context)
      case .hangUp: end(context, .all)
      }
    }
    if owed.isEmpty, assembly.stage != .inBody { releaseClaim() }
  }

  private func follow(_ plan: AnswerPlan, _ context: ChannelHandlerContext) {
    switch plan {
    case .now(let response): owed.settle(response)
    case .drop: owed.settle(nil)
    case .later(let response, let delay): settle(with: response, after: delay, context)
    case .elsewhere(let limit, let fallback, let start):
      let loop = context.eventLoop
      let (bound, number) = (NIOLoopBound(self, eventLoop: loop), wait)
      let reply = Reply { response in
        loop.execute { bound.value.settle(wait: number, with: response) }
      }
      self.reply = reply
      settle(with: fallback, after: limit, context)
      start(reply)
    }
  }

  private func settle(with response: Response, after delay: Duration, _ context: ChannelHandlerContext) {
    let number = wait
    answerTimer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
      self.settle(wait: number, with: response)
    }
  }

  /// Gives the answer that was waited for; one that comes too late must not go to the request behind.
  private func settle(wait number: Int, with response: Response) {
    guard number == wait, owed.isWaiting, let context else { return }
    stopWaiting()
    owed.settle(response)
    advance()
    flush(context)
    clock.update(assembly, isOwing: owed.isWaiting, at: context.eventLoop.now)
    schedule(context)
    resumeReading(context)
  }

  private func stopWaiting() {
    wait += 1
    reply?.cancel()
    reply = nil
    answerTimer?.cancel()
    answerTimer = nil
  }

  /// Lets go of what only an open connection needs.
  private func forget() {
    stopWaiting()
    releaseClaim()
  }

  private func releaseClaim() {
    guard claimed > 0 else { return }
    server.bodies.release(claimed)
    claimed = 0
  }
}

// MARK: Writing, reading on and closing

extension Connection {
  private func answer(
    _ response: Response, _ persistence: Persistence, _ context: ChannelHandlerContext
  ) {
    write(server.responses[response, persistence], context)
    // Only this side closes: closing both while bytes still come resets the connection, and the reset can overtake
    // the answer. What comes is read on for a while and thrown away.
    if persistence == .close { end(context, .output) }
  }

  private func finish(_ context: ChannelHandlerContext) {
    hasUnflushed = false
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()))
      .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  private func end(_ context: ChannelHandlerContext, _ mode: CloseMode) {
    flush(context)
    context.close(mode: mode, promise: nil)
  }

  // Whoever closes, and be it the receiver that stops: what is kept is answered, or its sender would send it again.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    flush(context)
    context.close(mode: mode, promise: promise)
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

  // A peer that sends requests and reads no answers gets no more read until it does, nor does one that is owed an
  // answer which is not known yet.
  func read(context: ChannelHandlerContext) {
    if isReading(context) {
      context.read()
    } else {
      isReadHeld = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    resumeReading(context)
    context.fireChannelWritabilityChanged()
  }

  private func isReading(_ context: ChannelHandlerContext) -> Bool {
    !owed.isWaiting && (isClosing || context.channel.isWritable)
  }

  private func resumeReading(_ context: ChannelHandlerContext) {
    guard isReadHeld, isReading(context) else { return }
    isReadHeld = false
    context.read()
  }
}

// MARK: Time

extension Connection {
  // Deadlines mostly move forward, request by request. The timer is left where it is then, and looks
  // again when it fires; only a nearer deadline needs a new one.
  private func schedule(_ context: ChannelHandlerContext) {
    guard clock.deadline < timerDeadline, context.channel.isActive else { return }
    timer?.cancel()
    timerDeadline = clock.deadline
    timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: timerDeadline) {
      self.timerFired(context)
    }
  }

  private func timerFired(_ context: ChannelHandlerContext) {
    timerDeadline = .distantFuture
    guard clock.deadline <= context.eventLoop.now else { return schedule(context) }
    guard let overdue = clock.overdue(isWritable: context.channel.isWritable) else {
      return context.close(promise: nil)
    }
    passHeld(context)
    expire(overdue, context)
    flush(context)
    schedule(context)
  }

  private func expire(_ overdue: RequestAssembly.Overdue, _ context: ChannelHandlerContext) {
    perform(assembly.expire(overdue))
    clock.update(assembly, isOwing: owed.isWaiting, at: context.eventLoop.now)
  }
}
