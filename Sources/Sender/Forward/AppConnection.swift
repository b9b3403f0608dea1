internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Webhooks

/// One connection to an app: sends the requests of exchanges, one after the other, and reads what comes back.
///
/// It belongs to one event loop, on which all of it is called.
final class AppConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What has come of the exchange that is made.
  private struct Run {
    let exchange: PendingExchange
    var reader: ResponseReader
    var connect: Double?
    var firstByte: Double?

    init(_ exchange: PendingExchange) {
      self.exchange = exchange
      reader = ResponseReader(to: exchange.request.method, limits: exchange.limits)
    }
  }

  /// How long it is kept open without an exchange. Shorter than what servers allow, of which the shortest usual one is
  /// 5 s: a request must not meet the end of its connection.
  private static let idleLimit = TimeAmount.seconds(4)

  private let queue: AppQueue
  private let loop: any EventLoop
  private var run: Run?
  /// Once requests can be sent.
  private var context: ChannelHandlerContext?
  private var channel: (any Channel)?
  private var isClosed = false
  private var deadline = NIODeadline.distantFuture
  private var timer: Scheduled<Void>?
  private var timerDeadline = NIODeadline.distantFuture

  init(of queue: AppQueue, on loop: any EventLoop) {
    self.queue = queue
    self.loop = loop
  }

  /// What leads to it from any thread.
  var handle: Handle { Handle(id: ObjectIdentifier(self), connection: NIOLoopBound(self, eventLoop: loop)) }

  /// What leads to a connection from any thread.
  struct Handle: Sendable {
    let id: ObjectIdentifier
    fileprivate let connection: NIOLoopBound<AppConnection>

    func isOn(_ loop: any EventLoop) -> Bool { connection.eventLoop === loop }

    /// Does something with it on its event loop.
    func use(_ work: @escaping @Sendable (AppConnection) -> Void) {
      let connection = connection
      connection.eventLoop.run { work(connection.value) }
    }
  }

  /// Makes an exchange over a channel that is being opened for it.
  func open(_ exchange: PendingExchange, on channel: EventLoopFuture<any Channel>) {
    run = Run(exchange)
    wait(until: min(exchange.deadline, loop.now + queue.patience))
    channel.assumeIsolated().whenComplete { result in
      do {
        try self.begin(on: result.get(), isSecure: exchange.request.url.isSecure)
      } catch {
        self.fail(error)
      }
    }
  }

  /// Makes the next exchange. One that finds the connection closed meanwhile has another place looked for.
  func make(_ exchange: PendingExchange) {
    guard let context, !isClosed else { return queue.add(exchange) }
    run = Run(exchange)
    wait(until: exchange.deadline)
    send(context)
  }

  /// Ends the exchange that is made, and the connection.
  func cancel() { end(.cancelled) }
}

// MARK: From the channel

extension AppConnection {
  private func begin(on channel: any Channel, isSecure: Bool) throws {
    self.channel = channel
    guard !isClosed else { return channel.close(promise: nil) }
    try channel.pipeline.syncOperations.addHandler(self)
    if !isSecure { try send(channel.pipeline.syncOperations.context(handler: self)) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { send(context) }
    context.fireUserInboundEventTriggered(event)
  }

  private func send(_ context: ChannelHandlerContext) {
    self.context = context
    guard let exchange = run?.exchange else { return close() }
    deadline = exchange.deadline
    run?.connect = exchange.milliseconds
    context.writeAndFlush(wrapOutboundOut(exchange.request.bytes), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What nobody has asked for is the answer to nothing.
    guard run != nil else { return close() }
    let bytes = unwrapInboundIn(data)
    do throws(ResponseHead.Fault) {
      try run?.reader.read(bytes.readableBytesUInt8Span)
    } catch {
      noteHead()
      return end(error == .tooLarge ? .tooLarge : .notHTTP)
    }
    noteHead()
    if run?.reader.isComplete == true { end(nil) }
  }

  /// Notes when the head has come.
  private func noteHead() {
    if run?.reader.hasHead == true, run?.firstByte == nil {
      let now = run?.exchange.milliseconds
      run?.firstByte = now
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    run?.reader.end()
    end(run?.reader.isComplete == true ? nil : .closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The peer has left out the words that end TLS: what came counts as where it is spoken without.
    if error as? NIOSSLError == .uncleanShutdown { return }
    fail(error)
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }
}

// MARK: The end

extension AppConnection {
  private func fail(_ error: any Error) {
    end(ClientFault(error, isSecure: run?.exchange.request.url.isSecure == true))
  }

  /// Ends the exchange that is made, and the connection where that can't be used again.
  private func end(_ fault: ClientFault?) {
    let ended = run
    run = nil
    let canGoOn = fault == nil && ended?.reader.keepsAlive == true && context?.channel.isWritable == true
    if canGoOn, !isClosed { goOn() } else { close() }
    guard let ended else { return }
    ended.exchange.end(
      fault, response: ended.reader.response, connect: ended.connect, firstByte: ended.firstByte)
  }

  /// Makes the next exchange, or waits for one.
  private func goOn() {
    switch queue.next(for: handle) {
    case .exchange(let exchange): make(exchange)
    case .none: wait(until: loop.now + Self.idleLimit)
    case .end: close()
    }
  }

  private func close() {
    guard !isClosed else { return }
    isClosed = true
    timer?.cancel()
    channel?.close(promise: nil)
    queue.remove(handle, on: loop)
  }
}

// MARK: Time

extension AppConnection {
  // The timer is left where it is while deadlines move forward, as they do from exchange to exchange, and looks again
  // when it fires.
  private func wait(until deadline: NIODeadline) {
    self.deadline = deadline
    setTimer(deadline)
  }

  private func setTimer(_ time: NIODeadline) {
    guard time < timerDeadline else { return }
    timer?.cancel()
    timerDeadline = time
    timer = loop.assumeIsolated().scheduleTask(deadline: time) { self.timerFired() }
  }

  private func timerFired() {
    timerDeadline = .distantFuture
    let now = loop.now
    // No later than the next pause can end, which would need another timer.
    guard deadline <= now else { return setTimer(min(deadline, now + Self.idleLimit)) }
    guard let run else { return close() }
    end(run.exchange.deadline <= now ? .timedOut : .connectTimedOut)
  }
}
