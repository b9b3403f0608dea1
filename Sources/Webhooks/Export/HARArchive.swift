internal import JSON

/// Writes deliveries as an HTTP archive (HAR 1.2), entry by entry.
public struct HARArchive: Sendable {
  private var json = JSONWriter()
  private var count = 0

  public init() {}

  public static let head = Array(
    #"{"log":{"version":"1.2","creator":{"name":"hooktop","version":"0.1.0"},"pages":[],"entries":["#.utf8)
  public static let foot = Array("\n]}}\n".utf8)

  /// The entry of a delivery, with what divides it from the one before.
  /// - Parameters:
  ///   - answer: what the sender was told; nil if nothing.
  ///   - url: where requests go that name no usable host, without a path.
  public mutating func entry(_ delivery: Delivery, _ answer: Answer?, url: String) -> [UInt8] {
    json.clear()
    json.object { entry in
      entry.field("startedDateTime", delivery.receivedAt.iso8601)
      entry.field("time", answer?.milliseconds ?? 0, decimals: 3)
      entry.object("request") { Self.write(delivery.request, url, to: &$0) }
      entry.object("response") { Self.write(answer, to: &$0) }
      entry.object("cache") { _ in }
      entry.object("timings") {
        $0.field("send", 0)
        $0.field("wait", answer?.milliseconds ?? 0, decimals: 3)
        $0.field("receive", 0)
      }
      entry.field("comment", "hooktop #\(delivery.sequence): \(delivery.verdict.status.rawValue)")
    }
    count += 1
    return Array((count > 1 ? ",\n" : "\n").utf8) + json.bytes
  }

  private static func write(_ request: Request, _ url: String, to json: inout JSONWriter) {
    json.field("method", request.method)
    json.field("url", RequestURL(request, default: url).text)
    json.field("httpVersion", "HTTP/\(request.version.rawValue)")
    json.array("cookies") { _ in }
    json.array("headers") { list in
      for field in request.headers { write(field, to: &list) }
    }
    json.array("queryString") { _ in }
    if !request.body.isEmpty { json.object("postData") { write(request.body, request.headers, to: &$0) } }
    json.field("headersSize", -1)
    json.field("bodySize", request.body.count)
  }

  private static func write(_ field: Headers.Field, to json: inout JSONWriter) {
    json.object {
      $0.field("name", field.name)
      $0.field("value", field.value)
      // The format has texts only; names with a line under them are free for all.
      if !Array(field.value).isUTF8 { $0.field("_base64", base64: Array(field.value)) }
    }
  }

  private static func write(_ body: [UInt8], _ headers: Headers, to json: inout JSONWriter) {
    json.field("mimeType", headers.first("Content-Type") ?? "")
    guard !body.isUTF8 else { return json.field("text", ByteString(body)) }
    json.field("text", ByteString(Base64.encoded(body)))
    json.field("_encoding", "base64")
  }

  private static func write(_ answer: Answer?, to json: inout JSONWriter) {
    json.field("status", answer?.status ?? 0)
    json.field("statusText", "")
    json.field("httpVersion", "HTTP/1.1")
    json.array("cookies") { _ in }
    json.array("headers") { _ in }
    json.object("content") {
      $0.field("size", 0)
      $0.field("mimeType", "x-unknown")
    }
    json.field("redirectURL", "")
    json.field("headersSize", -1)
    json.field("bodySize", -1)
  }
}

/// The URL that a request was sent to, as far as it says so.
struct RequestURL {
  let text: ByteString

  /// - Parameter url: what the target is put behind where the request names no host, without a path.
  init(_ request: Request, default url: String) {
    let target = request.target
    guard target.first == UInt8(ascii: "/") else {
      let isWhole = ["http://", "https://"].contains { target.starts(with: $0.utf8) }
      text = isWhole ? target : ByteString("\(url)/")
      return
    }
    let host = request.headers.first("Host").flatMap { Self.isHost($0) ? $0 : nil }
    let scheme = url.prefix { $0 != ":" }
    text = ByteString(
      (host.map { Array("\(scheme)://".utf8) + Array($0) } ?? Array(url.utf8)) + Array(target))
  }

  private static func isHost(_ text: ByteString) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-._:[]".utf8.contains($0) }
  }
}
