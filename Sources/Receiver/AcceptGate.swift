import Glibc
import NIOCore
import Webhooks

/// Stands before the listener and pauses accepting: at the limit of connections, and when descriptors run out.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = any Channel

  private let limit: Int
  private let retry: TimeAmount
  private let service: any HTTPService
  private var open = 0
  private var isReadHeld = false
  private var isBackingOff = false
  private var hasReported = false

  init(limits: HTTPServer.Limits, service: any HTTPService) {
    limit = max(1, limits.connections)
    retry = TimeAmount(limits.acceptRetry)
    self.service = service
  }

  func read(context: ChannelHandlerContext) {
    guard open < limit else {
      isReadHeld = true
      report("\(limit) connections are open, so no more are accepted until one of them closes")
      return
    }
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    open += 1
    unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
      self.open -= 1
      // One pause is told of once, though connections come and go at the limit.
      if self.open < self.limit - self.limit / 4 { self.hasReported = false }
      self.resume(context)
    }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, Self.passing.contains(error.errnoCode) else {
      return context.fireErrorCaught(error)
    }
    guard error.errnoCode != ECONNABORTED, !isBackingOff else { return }
    report("the system has no descriptor or memory for another connection: close some, or raise `ulimit -n`")
    isBackingOff = true
    // The connection still waits to be accepted, so the listener stays readable: only with reading
    // switched off does the loop not turn in circles until the next try.
    try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: retry) {
      self.isBackingOff = false
      try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }

  /// Errors of accepting that pass.
  private static let passing: Set<Int32> = [ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM]

  private func resume(_ context: ChannelHandlerContext) {
    guard isReadHeld, context.channel.isActive else { return }
    isReadHeld = false
    read(context: context)
  }

  private func report(_ detail: String) {
    guard !hasReported else { return }
    hasReported = true
    service.report(.tooManyConnections, detail, peer: "", status: nil)
  }
}
