internal import JSON
internal import Receiver
internal import Sender
internal import Webhooks

/// One request to the sandbox's API, as its calls ask about it.
struct Call {
  let request: Request
  let now: Timestamp
  /// The path's parts, and its query.
  let path: [ByteString]
  private let query: ByteString
  /// What stands in the path where the route has an id.
  var id = ""

  init(_ request: Request, at now: Timestamp) {
    self.request = request
    self.now = now
    let target = request.target
    let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    path = target[..<mark].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .dropFirst().map { ByteString($0) }
    query = ByteString(Array(target[mark...].dropFirst()))
  }

  /// The key that it authorises itself with; nil if there is none.
  var apiKey: [UInt8]? {
    guard let value = request.headers.first("Authorization"),
      value.cut(to: 7).equalsIgnoringASCIICase("Bearer ")
    else { return nil }
    return Array(ByteString(Array(value.dropFirst(7))).trimmingSpaces)
  }

  /// The first value of a parameter of the query; nil if there is none.
  func parameter(_ name: String) -> String? {
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0].elementsEqual(name.utf8) { return parts.count > 1 ? ByteString(parts[1]).text : "" }
    }
    return nil
  }

  /// The body as an object.
  /// - Throws: `CallError`: 415 where it is said to be something other than JSON, 422 where it is.
  func object() throws(CallError) -> JSONObject {
    guard !request.body.isEmpty else { throw .invalidJSON("the body is empty; send a JSON object") }
    guard isJSON else { throw .unsupportedMediaType }
    guard let object = JSONObject(request.body) else {
      throw .invalidJSON("the body is not a JSON object")
    }
    return object
  }

  /// Takes a body where none is due.
  func ignoreBody() throws(CallError) {
    if !request.body.isEmpty { _ = try object() }
  }

  private var isJSON: Bool {
    guard let type = request.headers.first("Content-Type") else { return false }
    let name = ByteString(Array(type.prefix { $0 != UInt8(ascii: ";") })).trimmingSpaces
    return name.equalsIgnoringASCIICase("application/json")
  }

  /// What a call with an idempotency key must have in common with the one before.
  func fingerprint(with key: MACKey?) -> [UInt8] {
    key?.digest([Array("\(request.method) ".utf8), Array(request.target), [0], request.body]) ?? []
  }

  /// The idempotency key; nil if there is none.
  func idempotencyKey() throws(CallError) -> ByteString? {
    guard request.method != "GET", let key = request.headers.first("Idempotency-Key"), !key.isEmpty else {
      return nil
    }
    guard key.count <= 255 else {
      throw .invalid("Idempotency-Key", "an Idempotency-Key has 255 bytes at most; use a UUID")
    }
    return key.copied
  }
}

/// What a call leads to: what its caller is told, and what changes.
struct Decision {
  var response: Response
  var changes: [Change] = []
}

/// Why a call does nothing.
struct CallError: Error {
  let status: Int
  let code: String
  let message: String
  /// The field of the body, the header or the parameter that is wrong.
  var field: String?
  var headers: [(name: String, value: String)] = []

  var response: Response {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("error") { writer in
        writer.field("code", code)
        writer.field("message", message)
        writer.field("field", field)
      }
    }
    return .json(status, writer.bytes, fields: headers)
  }
}

extension CallError {
  static let unauthorized = CallError(
    status: 401, code: "unauthorized",
    message: "no valid API key; send Authorization: Bearer and the key that hooktop sandbox printed",
    headers: [("WWW-Authenticate", "Bearer")])

  static let unsupportedMediaType = CallError(
    status: 415, code: "unsupported_media_type",
    message: "the body must be sent with Content-Type: application/json",
    field: "Content-Type")

  static let noSuchPath = CallError(
    status: 404, code: "not_found",
    message: "there is no such path in this API; hooktop sandbox --help lists the calls")

  static func notFound(_ kind: String, _ id: String) -> CallError {
    CallError(status: 404, code: "not_found", message: "there is no \(kind) \(id.prefix(80))", field: "id")
  }

  static func methodNotAllowed(_ methods: [String]) -> CallError {
    let list = methods.joined(separator: ", ")
    return CallError(
      status: 405, code: "method_not_allowed", message: "this path takes \(list)", headers: [("Allow", list)])
  }

  static func tooLarge(limit: Int) -> CallError {
    CallError(status: 413, code: "payload_too_large", message: "a body has \(limit) bytes at most")
  }

  static let keyReused = CallError(
    status: 409, code: "idempotency_conflict",
    message: "this Idempotency-Key was used for another call; use a new one for each call",
    field: "Idempotency-Key")

  static func invalidJSON(_ message: String) -> CallError {
    CallError(status: 422, code: "invalid_json", message: message)
  }

  static func invalid(_ field: String, code: String = "invalid_field", _ message: String) -> CallError {
    CallError(status: 422, code: code, message: message, field: field)
  }

  static let full = CallError(
    status: 503, code: "queue_full", message: "too many deliveries are waiting; try again when some are done",
    headers: [("Retry-After", "1")])

  static let notStored = CallError(
    status: 503, code: "not_stored", message: "the state file can't be written, so nothing was changed",
    headers: [("Retry-After", "1")])
}
