import JSON
import Webhooks

/// The head of a request as the parser read it, before it is known whether the request is taken.
struct RequestHead: Equatable {
  var method: String
  var target: ByteString
  /// The 1 of `HTTP/1.1`; the parser lets no other major version pass.
  var minorVersion: Int
  var headers: Headers
  /// Whether the parser goes on after this request: what it would not read must not be promised a reader.
  var keepsAlive: Bool

  init(
    method: String = "POST", target: ByteString = "/", minorVersion: Int = 1, headers: Headers,
    keepsAlive: Bool = true
  ) {
    self.method = method
    self.target = target
    self.minorVersion = minorVersion
    self.headers = headers
    self.keepsAlive = keepsAlive
  }

  var version: String { minorVersion == 0 ? "1.0" : "1.1" }

  /// Method and target, short enough for a line of text.
  var summary: String {
    target.count <= 80 ? "\(method) \(target)" : "\(method) \(target.cut(to: 80))…"
  }
}
