internal import JSON
internal import Receiver
internal import Webhooks

/// One call of the API: its method, its path, and what it leads to.
struct Route: Sendable {
  typealias Handler = @Sendable (inout SandboxCore, Call) throws(CallError) -> Decision

  let method: String
  /// The parts of the path; `ID` takes any one that is not empty.
  private let path: [String]
  let decide: Handler

  private init(_ method: String, _ path: String, _ decide: @escaping Handler) {
    self.method = method
    self.path = path.split(separator: "/").map(String.init)
    self.decide = decide
  }

  /// All that the API does.
  static let all = [
    Route("POST", "/v1/webhooks", ParlayAPI.register),
    Route("GET", "/v1/webhooks", ParlayAPI.list),
    Route("GET", "/v1/webhooks/ID", ParlayAPI.show),
    Route("PATCH", "/v1/webhooks/ID", ParlayAPI.change),
    Route("DELETE", "/v1/webhooks/ID", ParlayAPI.delete),
    Route("POST", "/v1/webhooks/ID/test", ParlayAPI.test),
    Route("POST", "/v1/webhooks/ID/rotate", ParlayAPI.rotate),
    Route("POST", "/v1/events", ParlayAPI.happen),
    Route("GET", "/api/v1/captures", ParableAPI.list),
    Route("GET", "/api/v1/captures/ID", ParableAPI.show),
  ]

  /// The route for a call, which gets the id of its path.
  /// - Throws: `CallError`: 404 where there is no such path, 405 where it has no such method.
  static func of(_ call: inout Call) throws(CallError) -> Route {
    let routes = all.filter { $0.matches(call.path) }
    guard !routes.isEmpty else { throw .noSuchPath }
    guard let route = routes.first(where: { $0.method == call.request.method }) else {
      throw .methodNotAllowed(routes.map(\.method))
    }
    if let place = route.path.firstIndex(of: "ID") { call.id = call.path[place].text }
    return route
  }

  private func matches(_ parts: [ByteString]) -> Bool {
    parts.count == path.count
      && zip(parts, path).allSatisfy { part, due in
        due == "ID" ? !part.isEmpty : part.elementsEqual(due.utf8)
      }
  }
}
