internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Webhooks

/// A delivery as an app gets it: all that its sender sent, but for what belongs to one connection.
struct AppRequest: Sendable {
  let method: String
  let url: AppURL
  let target: ByteString
  let headers: Headers
  let body: [UInt8]

  init(_ request: Request, to url: AppURL) {
    method = request.method
    self.url = url
    target = url.target(for: request.target)
    headers = request.headers
    body = request.body
  }

  /// Where it is sent, as it is shown and recorded.
  var address: String { url.origin + target.text }

  /// The fields that go to the app: `Host` is its own, and the client adds the length of the body.
  var fields: [Headers.Field] {
    [Headers.Field("Host", url.authority)] + headers.endToEnd
  }

  /// The request as the client takes it.
  /// - Throws: `HTTPClientError` where the URL has no host.
  func forClient() throws -> HTTPClient.Request {
    var headers = HTTPHeaders(fields.map { ($0.name.latin1, $0.value.latin1) })
    headers.add(name: TargetWriter.field, value: target.latin1)
    return try HTTPClient.Request(
      url: url.origin, method: HTTPMethod(rawValue: method), headers: headers, body: .bytes(body))
  }
}

extension ByteString {
  /// The text whose characters have the bytes as their numbers: any bytes can be told from it, which are not always UTF-8.
  fileprivate var latin1: String {
    guard contains(where: { $0 >= 0x80 }) else { return text }
    var scalars = String.UnicodeScalarView()
    for byte in self { scalars.append(Unicode.Scalar(byte)) }
    return String(scalars)
  }
}

/// Writes the target of a request as it was received: the client would encode anew what it takes for no URL.
///
/// The target comes as the last field of a name of its own, which goes no further.
final class TargetWriter: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  static let field = "hooktop-target"

  private let bytes: HeadBytes

  private init(_ bytes: HeadBytes) { self.bytes = bytes }

  /// Adds both writers to a connection of the client, around its encoder.
  static func install(on channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    let bytes = HeadBytes()
    try pipeline.addHandler(bytes, position: .before(pipeline.handler(type: HTTPRequestEncoder.self)))
    try pipeline.addHandler(
      TargetWriter(bytes), position: .after(pipeline.handler(type: StatusGuard.self)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data), let target = head.headers[Self.field].last else {
      return context.write(data, promise: promise)
    }
    head.uri = target
    var fields = Array(head.headers)
    // A sender's own field of that name is before it.
    if let place = fields.lastIndex(where: { $0.name == Self.field }) { fields.remove(at: place) }
    head.headers = HTTPHeaders(fields)
    bytes.isDue = true
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }
}

/// Writes the bytes of a request's head for the characters that stand for them: the client knows heads as text only,
/// which can't hold what is not UTF-8.
final class HeadBytes: ChannelOutboundHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// Whether what the encoder writes next is a head.
  var isDue = false

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isDue, case .byteBuffer(let head) = unwrapOutboundIn(data) else {
      return context.write(data, promise: promise)
    }
    isDue = false
    guard head.readableBytesView.contains(where: { $0 >= 0x80 }) else {
      return context.write(data, promise: promise)
    }
    let bytes = String(buffer: head).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    context.write(wrapOutboundOut(.byteBuffer(ByteBuffer(bytes: bytes))), promise: promise)
  }
}
