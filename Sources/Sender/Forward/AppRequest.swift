internal import JSON
internal import NIOCore
internal import Webhooks

/// A delivery as an app gets it: all that its sender sent, but for what belongs to one connection.
struct AppRequest: Sendable {
  let method: String
  let url: AppURL
  let target: ByteString
  /// The fields that go to the app, but for its own `Host` and the length of the body.
  let fields: Headers
  let body: [UInt8]

  init(_ request: Request, to url: AppURL) {
    method = request.method
    self.url = url
    target = url.target(for: request.target)
    fields = request.headers.endToEnd
    body = request.body
  }

  /// Where it is sent, as it is shown and recorded.
  var address: String { url.origin + target.text }

  /// Whether the app would read it as it is meant: no text in it ends its line.
  var isSendable: Bool {
    HTTPText.isToken(ByteString(method)) && HTTPText.isTarget(target)
      && fields.areWellFormed
  }

  /// Head and body as they are sent.
  var bytes: ByteBuffer {
    let head = head
    var bytes = ByteBufferAllocator().buffer(capacity: head.count + body.count)
    bytes.writeBytes(head)
    bytes.writeBytes(body)
    return bytes
  }

  private var head: [UInt8] {
    var head: [UInt8] = []
    head.reserveCapacity(target.count + fields.lines.count + 200)
    head += method.utf8
    head.append(UInt8(ascii: " "))
    head += target
    head += " HTTP/1.1\r\nHost: ".utf8
    head += url.authority.utf8
    head += "\r\n".utf8
    head += fields.lines
    if hasLength { head += "Content-Length: \(body.count)\r\n".utf8 }
    head += "\r\n".utf8
    return head
  }

  /// Whether the length of the body is told: these methods mean no body, and need not say that there is none.
  private var hasLength: Bool {
    !body.isEmpty || !["GET", "HEAD", "DELETE", "CONNECT", "TRACE"].contains(method)
  }
}
