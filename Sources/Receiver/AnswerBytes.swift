import NIOCore
import NIOHTTP1

/// The answers as bytes ready to be written: made once, shared by all connections.
///
/// Nothing received ever goes into them.
struct AnswerBytes: Sendable {
  /// By status, then by what becomes of the connection: an index is all that the usual answer costs.
  private let ready: [ByteBuffer]
  /// The interim answer to `Expect: 100-continue`.
  let proceed = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

  init() {
    ready = Self.usual.flatMap { status in Persistence.allCases.map { Self.bytes(status, $0) } }
  }

  subscript(status: Int, persistence: Persistence) -> ByteBuffer {
    guard let row = Self.usual.firstIndex(of: status) else { return Self.bytes(status, persistence) }
    return ready[row * Persistence.allCases.count + persistence.rawValue]
  }

  // The most frequent ones first.
  private static let usual = [200, 401, 400, 405, 408, 413, 417, 431, 503]

  private static func bytes(_ status: Int, _ persistence: Persistence) -> ByteBuffer {
    let phrase = HTTPResponseStatus(statusCode: status).reasonPhrase
    let allow = status == 405 ? "Allow: POST\r\n" : ""
    let connection =
      switch persistence {
      case .open: ""
      case .openByRequest: "Connection: keep-alive\r\n"
      case .close: "Connection: close\r\n"
      }
    return ByteBuffer(
      string: "HTTP/1.1 \(status) \(phrase)\r\n\(allow)\(connection)Content-Length: 0\r\n\r\n")
  }
}
