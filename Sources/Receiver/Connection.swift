import NIOCore
import NIOSSL
import Webhooks

/// One connection, after TLS where that is spoken: reads only HTTP, keeps the deadlines, bounds what is read, and answers
/// requests in order.
///
/// Bytes come in here, and are answered in `Connection+Answers.swift`. What is to be done is decided by five parts
/// without input or output: `FirstBytes` (is it HTTP?), `RequestReader` (what does it say?), `RequestAssembly` (is it
/// taken?), `OwedAnswers` (whose turn is it?) and `PhaseClock` (how long may that take?).
final class Connection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What all connections of a server have in common.
  struct Surroundings: Sendable {
    let limits: HTTPServer.Limits
    let maxBody: Int
    let service: any HTTPService
    let bodies: BodyBudget
    let responses = ResponseBytes()
    var clock: @Sendable () -> Moment = Moment.now
  }

  let server: Surroundings
  let peer: String
  private var first: FirstBytes? = FirstBytes()
  /// The first bytes, held back until they show what is spoken.
  private var held: ByteBuffer?
  var reader: RequestReader
  var assembly: RequestAssembly
  var opening = RequestOpening()
  var owed = OwedAnswers()
  /// Made for the first answer that comes later or from elsewhere; most connections wait for none.
  var awaited: AwaitedAnswer?
  /// The room for bodies that are on their way, or not answered yet.
  var claim: BodyClaim
  private(set) var context: ChannelHandlerContext?
  private var clock: PhaseClock
  private var timer: Scheduled<Void>?
  private var timerDeadline = NIODeadline.distantFuture
  private var hasRead = false
  private var isReadHeld = false
  /// The bytes that are written and not sent yet.
  private var unflushed = 0
  /// Whether the peer reads its answers: few of them wait for it. Kept here, since it is asked for at each answer.
  private(set) var isWritable = true

  init(_ server: Surroundings, peer: String, now: NIODeadline) {
    self.server = server
    self.peer = peer
    reader = RequestReader(server.limits.head)
    assembly = RequestAssembly(maxBody: server.maxBody, peer: peer)
    claim = BodyClaim(on: server.bodies)
    clock = PhaseClock(limits: server.limits, maxBody: server.maxBody, acceptedAt: now)
  }

  var isClosing: Bool { assembly.stage == .closed }
}

// MARK: Bytes, on their way to the reader

extension Connection {
  // After a TLS handshake the connection is active already.
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isWritable = context.channel.isWritable
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
    endInput()
    context.fireChannelInactive()
    forget()
  }

  /// Lets go of what only an open connection needs.
  private func forget() {
    awaited?.stop()
    claim.release()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    hasRead = true
    clock.count(bytes.readableBytes)
    // What still comes to a closing connection is read and thrown away.
    guard !isClosing else { return }
    if first == nil {
      read(bytes)
    } else {
      recognise(bytes, context)
    }
  }

  // All that one read brought is answered with one write, however many requests it held. It comes after what the
  // other connections have sent meanwhile is read: senders that are woken one by one, each by its own answer,
  // cost the system more than the answers do.
  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if unflushed > 0 { context.eventLoop.assumeIsolated().execute { self.flush(context) } }
    guard hasRead else { return }
    hasRead = false
    keepTime(context)
    if clock.isOverfull { clock.phase == .closing ? context.close(promise: nil) : expire(.padding, context) }
    schedule(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    let isEnd = event as? ChannelEvent == .inputClosed
    if isEnd { endInput() }
    context.fireUserInboundEventTriggered(event)
    // A peer may close its side and still read: what it is owed goes out before the connection ends.
    guard isEnd, !isClosing else { return }
    owe(.finish)
    flush(context)
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
    case .http: readHeld()
    case .foreign(let sentence):
      if let held { opening.begin(held) }
      held = nil
      server.service.report(
        .notHTTP, sentence, peer: peer, status: nil, received: opening.received())
      context.close(promise: nil)
    }
  }

  private func readHeld() {
    first = nil
    guard let bytes = held else { return }
    held = nil
    read(bytes)
  }

  /// Takes it that nothing more comes.
  private func endInput() {
    readHeld()
    if !reader.isBetween { perform(assembly.breakOff()) }
  }
}

// MARK: Writing, reading on and closing

extension Connection {
  func finish(_ context: ChannelHandlerContext) {
    unflushed = 0
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()))
      .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  func end(_ context: ChannelHandlerContext, _ mode: CloseMode) {
    flush(context)
    context.close(mode: mode, promise: nil)
  }

  // Flush before every close, also when the receiver stops: a sender without an answer would retry a kept delivery.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    flush(context)
    context.close(mode: mode, promise: promise)
  }

  func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    unflushed += bytes.readableBytes
    context.write(wrapOutboundOut(bytes), promise: nil)
    // TLS holds back what is not flushed, so that it would not count as unread.
    if unflushed > server.limits.unreadAnswers { flush(context) }
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard unflushed > 0 else { return }
    unflushed = 0
    context.flush()
  }

  // A peer that sends requests and reads no answers gets no more read until it does, nor does one that has sent more
  // while it is owed an answer which is not known yet. Most have nothing more to say: to stop and resume reading would
  // cost them two system calls for each answer.
  func read(context: ChannelHandlerContext) {
    if isReading(context) {
      context.read()
    } else {
      isReadHeld = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    if isWritable { resume(context) }
    context.fireChannelWritabilityChanged()
  }

  /// Answers what was left while the peer did not read, and reads on once all of it is answered.
  private func resume(_ context: ChannelHandlerContext) {
    advance()
    flush(context)
    if owed.isWaiting { keepTime(context) }
    resumeReading(context)
  }

  private func isReading(_ context: ChannelHandlerContext) -> Bool {
    guard owed.isWaiting else { return isClosing || isWritable }
    return isWritable && assembly.stage == .betweenRequests && opening.size == 0 && !owed.hasMore
  }

  private func resumeReading(_ context: ChannelHandlerContext) {
    guard isReadHeld, isReading(context) else { return }
    isReadHeld = false
    context.read()
  }
}

// MARK: Time

extension Connection {
  /// Sends what is written and reads on: an answer has come that everything waited for.
  func goOn(_ context: ChannelHandlerContext) {
    flush(context)
    keepTime(context)
    schedule(context)
    resumeReading(context)
  }

  private func keepTime(_ context: ChannelHandlerContext) {
    clock.update(assembly, isOwing: owed.isWaiting, at: context.eventLoop.now)
  }

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
    guard let overdue = clock.overdue(isWritable: isWritable) else {
      return context.close(promise: nil)
    }
    readHeld()
    expire(overdue, context)
    // The end is in its turn behind answers that would wait for ever.
    if overdue == .unread { end(context, .all) }
    schedule(context)
  }

  private func expire(_ overdue: RequestAssembly.Overdue, _ context: ChannelHandlerContext) {
    perform(assembly.expire(overdue))
    keepTime(context)
  }
}
