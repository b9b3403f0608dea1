import NIOCore
import Webhooks

/// The first handler of a connection, after TLS where that is spoken: lets only HTTP pass, keeps the deadlines,
/// and bounds what is read.
final class PhaseGate: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let limits: WebhookReceiver.Limits
  private let intake: Intake
  private let delivery: DeliveryHandler
  private var clock: PhaseClock
  private var first: FirstBytes? = FirstBytes()
  /// The first bytes, held back until they show what is spoken.
  private var held: ByteBuffer?
  private var hasRead = false
  private var isReadHeld = false
  private var timer: Scheduled<Void>?
  private var timerDeadline = NIODeadline.distantFuture

  init(
    limits: WebhookReceiver.Limits, maxBody: Int, intake: Intake, delivery: DeliveryHandler, now: NIODeadline
  ) {
    self.limits = limits
    self.intake = intake
    self.delivery = delivery
    clock = PhaseClock(limits: limits, maxBody: maxBody, acceptedAt: now)
  }

  private var isClosing: Bool { delivery.assembly.stage == .closed }

  // After a TLS handshake the connection is active already.
  func handlerAdded(context: ChannelHandlerContext) {
    schedule(context)
  }

  func channelActive(context: ChannelHandlerContext) {
    schedule(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    passHeld(context)
    context.fireChannelInactive()
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

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    guard hasRead else { return }
    hasRead = false
    clock.update(delivery.assembly, at: context.eventLoop.now)
    if clock.isOverfull { clock.phase == .closing ? context.close(promise: nil) : expire(.padding, context) }
    schedule(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { passHeld(context) }
    context.fireUserInboundEventTriggered(event)
  }

  // A peer that sends requests and reads no answers gets no more read until it does.
  func read(context: ChannelHandlerContext) {
    if context.channel.isWritable || isClosing {
      context.read()
    } else {
      isReadHeld = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReadHeld, context.channel.isWritable {
      isReadHeld = false
      context.read()
    }
    context.fireChannelWritabilityChanged()
  }
}

extension PhaseGate {
  private func recognise(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    let finding = first?.read(bytes.readableBytesView) ?? .http
    hold(bytes)
    switch finding {
    case .undecided: break
    case .http: passHeld(context)
    case .foreign(let sentence):
      held = nil
      intake.report(.notHTTP, sentence, peer: delivery.peer)
      context.close(promise: nil)
    }
  }

  private func hold(_ bytes: ByteBuffer) {
    guard var held else {
      self.held = bytes
      return
    }
    held.writeImmutableBuffer(bytes)
    self.held = held
  }

  private func passHeld(_ context: ChannelHandlerContext) {
    first = nil
    guard let bytes = held else { return }
    held = nil
    context.fireChannelRead(wrapInboundOut(bytes))
  }
}

extension PhaseGate {
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
    guard let overdue = overdue(context) else { return context.close(promise: nil) }
    passHeld(context)
    expire(overdue, context)
    schedule(context)
  }

  private func expire(_ overdue: RequestAssembly.Overdue, _ context: ChannelHandlerContext) {
    context.fireUserInboundEventTriggered(overdue)
    clock.update(delivery.assembly, at: context.eventLoop.now)
  }

  /// What took too long; nil where the last answer is given and only the closing remains.
  private func overdue(_ context: ChannelHandlerContext) -> RequestAssembly.Overdue? {
    guard clock.phase != .closing else { return nil }
    guard context.channel.isWritable else { return .unread }
    switch clock.phase {
    case .header: return .header
    case .body: return .body
    case .silent, .idle, .closing: return .idle
    }
  }
}
