internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// Speaks the Model Context Protocol: JSON-RPC, a message on each line, with tools that ask a monitor.
///
/// Messages are taken on one thread. Each call of a tool has a thread and a connection of its own, so that a call which
/// waits holds up none.
final class MCPServer: Sendable {
  /// The longest message, in bytes.
  static let messageLimit = 1 << 20
  /// The deepest message, and the most values in one.
  private static let depthLimit = 32
  private static let tokenLimit = 10_000
  /// The longest id of a request, in bytes.
  private static let idLimit = 256
  /// The most calls at a time.
  private static let callLimit = 12

  /// A call on its way.
  private struct Call {
    /// -1 once it is closed.
    var connection: Int32
    let isWait: Bool
    var isCancelled = false
  }

  private let monitor: MonitorLink
  private let tools: [ControlTool]
  private let output: @Sendable ([UInt8]) -> Void
  /// By the ids of their requests, as they were sent.
  private let calls = Mutex<[[UInt8]: Call]>([:])

  /// - Parameters:
  ///   - allowsActions: whether agents may send anything.
  ///   - output: takes lines, from any thread.
  init(_ monitor: MonitorLink, allowsActions: Bool, output: @escaping @Sendable ([UInt8]) -> Void) {
    self.monitor = monitor
    tools = ControlTool.all.filter { allowsActions || !$0.isAction }
    self.output = output
  }

  /// Takes a message.
  func take(_ line: SessionLines.Content) {
    guard case .whole(let bytes) = line else {
      return refuse(.parse, "the message is longer than \(Self.messageLimit) bytes")
    }
    guard Self.isShallow(bytes) else { return refuse(.parse, "the message is not JSON, or too deep") }
    guard let message = JSONValue(bytes, limit: Self.tokenLimit)?.object else {
      return refuse(.invalid, "a message is one JSON object with at most \(Self.tokenLimit) values")
    }
    let id = message["id"].flatMap(Self.id)
    guard let method = message["method"]?.text else {
      // A response: this server asks nothing.
      if message["result"] != nil || message["error"] != nil { return }
      return refuse(.invalid, "there is no method", id)
    }
    guard let id else {
      if message["id"] != nil { return refuse(.invalid, "the id must be a string or a whole number") }
      return note(method, message["params"]?.object)
    }
    answer(id, method, message["params"]?.object)
  }

  /// Waits for the calls on their way, some seconds at most; those that wait for deliveries give what there is.
  func finish() {
    calls.withLock { calls in
      for call in calls.values where call.isWait { shutdown(call.connection, Int32(SHUT_WR)) }
    }
    let deadline = Clock.now + 8_000_000_000
    while !calls.withLock({ $0.isEmpty }), Clock.now < deadline { usleep(10_000) }
  }

  private func answer(_ id: [UInt8], _ method: ByteString, _ parameters: JSONObject?) {
    switch method {
    case "initialize": respond(to: id, with: MCPMessage.greeting(for: parameters?["protocolVersion"]?.text))
    case "ping": respond(to: id, with: Array("{}".utf8))
    case "tools/list": respond(to: id, with: MCPMessage.list(of: tools))
    case "tools/call": call(id, parameters)
    default: refuse(.unknownMethod, "there is no such method", id)
    }
  }

  private func note(_ method: ByteString, _ parameters: JSONObject?) {
    guard method == "notifications/cancelled", let id = parameters?["requestId"].flatMap(Self.id) else {
      return
    }
    calls.withLock { calls in
      guard let call = calls[id] else { return }
      calls[id]?.isCancelled = true
      shutdown(call.connection, Int32(SHUT_RDWR))
    }
  }

  private func call(_ id: [UInt8], _ parameters: JSONObject?) {
    guard let name = parameters?["name"]?.text,
      let tool = tools.first(where: { "\($0.name)".utf8.elementsEqual(name) })
    else { return refuse(.parameters, "there is no such tool", id) }
    guard calls.withLock({ $0.count < Self.callLimit && $0[id] == nil }) else {
      return tell(id, .failure(ToolFailure("too many calls at once: wait for one of them")))
    }
    guard let connection = monitor.connect() else {
      let reason = "no monitor answers, or it takes no more calls: start hooktop, or try again"
      return tell(id, .failure(ToolFailure(reason)))
    }
    guard MonitorLink.send(tool, parameters?["arguments"]?.raw, on: connection) else {
      close(connection)
      return tell(id, .failure(ToolFailure("the monitor takes no requests: try again")))
    }
    calls.withLock { $0[id] = Call(connection: connection, isWait: "\(tool.name)" == "wait_for_delivery") }
    BackgroundThread.start { [self] in
      let result = MonitorLink.answer(on: connection)
      // Under the lock: the descriptor's number may be another connection's at once.
      let isCancelled = calls.withLock { calls in
        close(connection)
        calls[id]?.connection = -1
        return calls[id]?.isCancelled == true
      }
      // What was cancelled gets no response.
      if !isCancelled { tell(id, result) }
      calls.withLock { $0[id] = nil }
    }
  }

  private func tell(_ id: [UInt8], _ result: Result<[UInt8], ToolFailure>) {
    respond(to: id, with: MCPMessage.toolResult(result))
  }

  private func respond(to id: [UInt8], with result: [UInt8]) {
    output(MCPMessage.response(to: id) { $0.field("result", raw: result) })
  }

  private func refuse(_ code: MCPMessage.ErrorCode, _ sentence: String, _ id: [UInt8]? = nil) {
    output(
      MCPMessage.response(to: id) { json in
        json.object("error") {
          $0.field("code", code.rawValue)
          $0.field("message", sentence)
        }
      })
  }

  /// An id as it was sent, where it can be one.
  private static func id(_ value: JSONValue) -> [UInt8]? {
    guard value.text != nil || value.integer != nil, value.raw.count <= idLimit else { return nil }
    return value.raw
  }

  private static func isShallow(_ bytes: [UInt8]) -> Bool {
    var lexer = JSONLexer(maximumDepth: depthLimit)
    do throws(JSONFault) {
      while try lexer.next(in: bytes.span) != nil {}
      return true
    } catch {
      return false
    }
  }
}
