import NIOCore
import NIOHTTP1
import NIOSSL
import Webhooks

/// Requests, from the parser to their answers.
extension Connection {
  func take(_ part: HTTPServerRequestPart) {
    switch part {
    case .head(let head):
      perform(assembly.begin(heads.exact(RequestHead(head))) { server.service.refusal(of: $0) })
    case .body(let bytes): perform(append(bytes))
    case .end(let trailers):
      let bodySize = assembly.bodySize
      perform(assembly.end(isLast: trailers?.concernConnection ?? false, at: server.clock()))
      opening.end(bodySize: bodySize)
      heads.endRequest(before: opening.size)
    }
  }

  func take(_ error: HTTPParserError) {
    switch error {
    case .invalidEOFState: perform(assembly.breakOff())
    case .headerOverflow: perform(assembly.fail(Refusal(431, .headersTooLarge, error.sentence)))
    default: perform(assembly.fail(.malformed(error.sentence)))
    }
  }

  // What came whole before the record that broke the connection is still in TLS's buffer, and would be lost with it.
  // It is kept and can't be answered: nothing may follow the alert that TLS has sent.
  func lose(_ error: BoringSSLError, _ context: ChannelHandlerContext) {
    context.pipeline.syncOperations.fireChannelReadComplete()
    perform(assembly.lose(HandshakeFailure.sentence(afterHandshake: error)))
  }

  private func append(_ bytes: ByteBuffer) -> RequestAssembly.Action {
    guard assembly.stage == .inBody else { return .nothing }
    guard claim.grow(by: bytes.readableBytes) else { return assembly.fail(.overloaded) }
    return assembly.append(bytes.readableBytesView, tooLarge: server.service.tooLarge)
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
