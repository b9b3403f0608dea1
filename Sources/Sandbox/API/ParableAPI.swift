internal import JSON
internal import Receiver
internal import Webhooks

/// What the calls of Parable's pull API lead to.
enum ParableAPI {
  private static let usualPage = 50
  private static let largestPage = 200

  static func list(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    let limit = try number(call, "limit", otherwise: UInt64(usualPage))
    guard (1...UInt64(largestPage)).contains(limit) else {
      throw .invalid("limit", "limit is a number from 1 to \(largestPage)")
    }
    let start = try number(call, "cursor", otherwise: 0)
    let (captures, hasMore) = core.state.captures.page(after: start, limit: Int(limit))
    var bytes = Array(#"{"data":["#.utf8)
    for (place, capture) in captures.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += capture.document(at: call.now)
    }
    let cursor = captures.last.map { #""\#($0.sequence)""# } ?? "null"
    bytes += Array(#"],"next_cursor":\#(cursor),"has_more":\#(hasMore)}"#.utf8)
    return Decision(response: .json(200, bytes))
  }

  static func show(_ core: inout SandboxCore, _ call: Call) throws(CallError) -> Decision {
    guard let capture = core.state.captures[call.id] else { throw .notFound("capture", call.id) }
    return Decision(response: .json(200, capture.document(at: call.now)))
  }

  private static func number(
    _ call: Call, _ name: String, otherwise usual: UInt64
  ) throws(CallError) -> UInt64 {
    guard let text = call.parameter(name), !text.isEmpty else { return usual }
    guard let number = UInt64(text) else {
      throw .invalid(
        name,
        name == "cursor" ? "cursor is the next_cursor of the previous page" : "\(name) is a whole number")
    }
    return number
  }
}
