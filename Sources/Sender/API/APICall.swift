internal import JSON
public import Webhooks

/// One call of a provider's API: what is asked for, and in which words it is spoken of.
public struct APICall: Sendable, Equatable {
  enum Method: String, Sendable { case get = "GET", post = "POST", patch = "PATCH", delete = "DELETE" }

  /// Whose API it is: `Parlay`.
  public let title: String
  let method: Method
  let path: String
  /// JSON; nil for a call without a body.
  let body: [UInt8]?
  /// Whether the provider's documentation has the call.
  public let isDocumented: Bool

  private init(
    _ provider: Provider, _ method: Method, _ path: String, body: [UInt8]? = nil, isDocumented: Bool = true
  ) {
    title = provider.title
    self.method = method
    self.path = path
    self.body = body
    self.isDocumented = isDocumented
  }

  private static func json(_ content: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object(nil, content)
    return writer.bytes
  }
}

/// Parlay's webhooks.
extension APICall {
  private static let webhooks = "/v1/webhooks"

  public static let listWebhooks = APICall(.parlay, .get, webhooks, isDocumented: false)

  public static func showWebhook(_ id: APIID) -> APICall {
    APICall(.parlay, .get, "\(webhooks)/\(id)", isDocumented: false)
  }

  public static func deleteWebhook(_ id: APIID) -> APICall {
    APICall(.parlay, .delete, "\(webhooks)/\(id)", isDocumented: false)
  }

  /// - Parameter events: the event types that are sent to the URL.
  public static func registerWebhook(url: String, name: String, events: [String]) -> APICall {
    let body = json { object in
      object.field("url", url)
      object.field("name", name)
      object.array("enabled_events") { list in for event in events { list.element(event) } }
    }
    return APICall(.parlay, .post, webhooks, body: body)
  }

  /// Has a `webhook.test` sent.
  public static func testWebhook(_ id: APIID) -> APICall {
    APICall(.parlay, .post, "\(webhooks)/\(id)/test")
  }

  /// Has a new signing secret made; the old one stops at once.
  public static func rotateWebhook(_ id: APIID) -> APICall {
    APICall(.parlay, .post, "\(webhooks)/\(id)/rotate")
  }

  public static func pauseWebhook(_ id: APIID, _ isPaused: Bool) -> APICall {
    APICall(.parlay, .patch, "\(webhooks)/\(id)", body: json { $0.field("paused", isPaused) })
  }
}

/// Events, which only the sandbox makes when it is told to.
extension APICall {
  /// Has an event of a type happen, whichever provider's it is.
  public static func makeEvent(_ event: String) -> APICall {
    APICall(.parlay, .post, "/v1/events", body: json { $0.field("event", event) }, isDocumented: false)
  }

  /// Has an event happen that has the type and the data of one that was delivered. Returns nil if that has neither.
  /// - Parameter body: the delivered one.
  public static func sendAgain(_ body: [UInt8], of provider: Provider) -> APICall? {
    guard let document = APIDocument(body), let event = document["event"]?.string,
      let data = document["data"]
    else { return nil }
    var sent = Array(#"{"event":"#.utf8) + JSONText.string(Array(event))
    sent += Array(#","data":"#.utf8) + data.raw
    if let isLive = document["livemode"]?.bool { sent += Array(#","livemode":\#(isLive)"#.utf8) }
    return APICall(
      provider, .post, "/v1/events", body: sent + [UInt8(ascii: "}")], isDocumented: false)
  }
}

/// Parable's captures.
extension APICall {
  private static let captures = "/api/v1/captures"

  /// - Parameter cursor: where the page before ended; nil for the first one.
  public static func listCaptures(after cursor: String?) -> APICall {
    let query = cursor.map { "?cursor=" + $0.percentEncoded } ?? ""
    return APICall(.parable, .get, captures + query)
  }

  public static func showCapture(_ id: APIID) -> APICall {
    APICall(.parable, .get, "\(captures)/\(id)")
  }
}

extension String {
  /// The text as a value in a URL's query: everything but letters, digits and `-._~` as `%XX`.
  fileprivate var percentEncoded: String {
    utf8.map { byte in
      let isPlain = byte.isASCIILetter || byte.isASCIIDigit || "-._~".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.text([byte]).uppercased()
    }.joined()
  }
}
