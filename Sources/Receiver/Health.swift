import JSON
import Webhooks

/// The question that scripts ask a receiver to know that it is ready, which is neither a delivery nor an incident.
enum Health {
  static let path = "/.hooktop/health"

  /// Returns whether a request asks it; a query behind the path changes nothing.
  static func isAsked(_ method: String, _ target: ByteString) -> Bool {
    guard method == "GET" || method == "HEAD" else { return false }
    return target.prefix { $0 != UInt8(ascii: "?") }.elementsEqual(path.utf8)
  }

  /// Returns the answer.
  /// - Parameter received: how many deliveries have come.
  static func response(received: Int) -> Response {
    var body = JSONWriter()
    body.object {
      $0.field("status", "ready")
      $0.field("received", received)
    }
    return Response(200, fields: [("Content-Type", "application/json")], body: body.bytes)
  }
}
