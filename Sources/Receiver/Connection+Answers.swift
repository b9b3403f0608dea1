import NIOCore
import NIOSSL
import Webhooks

/// Requests, from their bytes to their answers.
extension Connection {
  /// Reads what came, and deals with each request as soon as it is whole.
  func read(_ buffer: ByteBuffer) {
    opening.begin(buffer)
    let bytes = buffer.readableBytesUInt8Span
    var position = 0
    do throws(RequestReader.Fault) {
      // What stands behind the last request is not read as one.
      while !isClosing, let event = try reader.next(in: bytes, from: &position) {
        take(event, bytes, position)
      }
    } catch {
      perform(assembly.fail(error.refusal))
    }
    opening.endRead()
  }

  private func take(_ event: RequestReader.Event, _ bytes: Span<UInt8>, _ position: Int) {
    switch event {
    case .head(let head):
      opening.endHead(at: position)
      perform(assembly.begin(head) { server.service.refusal(of: $0) })
    case .body(let range): perform(append(bytes.extracting(range)))
    case .end(let isLast):
      perform(assembly.end(isLast: isLast, at: server.clock()))
      opening.end(at: position)
    }
  }

  // What came whole before the record that broke the connection is still in TLS's buffer, and would be lost with it.
  // It is kept and can't be answered: nothing may follow the alert that TLS has sent.
  func lose(_ error: BoringSSLError, _ context: ChannelHandlerContext) {
    context.pipeline.syncOperations.fireChannelReadComplete()
    perform(assembly.lose(HandshakeFailure.sentence(afterHandshake: error)))
  }

  private func append(_ bytes: Span<UInt8>) -> RequestAssembly.Action {
    guard assembly.stage == .inBody else { return .nothing }
    guard claim.grow(by: bytes.count) else { return assembly.fail(.overloaded) }
    return bytes.withUnsafeBufferPointer { assembly.append($0, tooLarge: server.service.tooLarge) }
  }

  func perform(_ action: RequestAssembly.Action) {
    switch action {
    case .nothing: return
    case .proceed: owe(.proceed)
    case .deliver(let request, let persistence, let arrival):
      owe(.request(request, persistence, at: arrival))
    case .refuse(let refusal):
      // Where the connection stays open, the request had no body.
      let received = opening.received(isHeadOnly: refusal.persistence != .close)
      report(refusal.reason, refusal.detail, status: refusal.response.status, received)
      owe(.refusal(refusal.response, refusal.persistence))
    case .hangUp(let reason, let detail):
      report(reason, detail, status: nil, opening.received())
      owe(.hangUp)
    case .closeQuietly: owe(.hangUp)
    }
  }

  private func report(
    _ reason: Incident.Reason, _ detail: String, status: Int?, _ received: Incident.Received?
  ) {
    server.service.report(reason, detail, peer: peer, status: status, received: received)
  }

  func owe(_ turn: OwedAnswers.Turn) {
    owed.add(turn)
    advance()
  }

  // A peer that does not read has more asked for it once it does: answers can be far larger than requests, and one
  // read brings thousands of those.
  func advance() {
    while isWritable, let context, let step = owed.next() {
      switch step {
      case .proceed: write(server.responses.proceed, context)
      case .ask(let request, let arrival):
        follow(server.service.plan(for: request, at: arrival), bodyBytes: request.bodySize, context)
      case .answer(let response, let persistence): answer(response, persistence, context)
      case .finish: finish(context)
      case .hangUp: end(context, .all)
      }
    }
    if owed.isEmpty, assembly.stage != .inBody { claim.release() }
  }

  private func follow(_ plan: AnswerPlan, bodyBytes: Int, _ context: ChannelHandlerContext) {
    switch plan {
    case .now(let response): owed.settle(response)
    case .drop: owed.settle(nil)
    case .later(let response, let delay):
      // What is answered later has been dealt with: only its sender waits.
      _ = claim.split(bodyBytes)
      wait(context).come(response, after: delay)
    case .elsewhere(let limit, let fallback, let start):
      let body = claim.split(bodyBytes)
      wait(context).comeFromElsewhere(within: limit, fallback: fallback, body: body, start)
    }
  }

  private func wait(_ context: ChannelHandlerContext) -> AwaitedAnswer {
    let wait = awaited ?? AwaitedAnswer(on: context.eventLoop) { [weak self] in self?.settle($0) }
    awaited = wait
    return wait
  }

  private func settle(_ response: Response?) {
    guard let context else { return }
    owed.settle(response)
    advance()
    goOn(context)
  }

  private func answer(
    _ response: Response, _ persistence: Persistence, _ context: ChannelHandlerContext
  ) {
    write(server.responses[response, persistence], context)
    // Only this side closes: closing both while bytes still come resets the connection, and the reset can overtake
    // the answer. What comes is read on for a while and thrown away.
    if persistence == .close { end(context, .output) }
  }
}
