internal import Receiver
internal import Sender
internal import Webhooks

/// The demo's app at work: a real HTTP server on this machine, on a port of its own.
struct DemoServer {
  private let server: HTTPServer

  /// - Throws: `ReceiverError`, where no port can be listened on.
  init(_ app: DemoApp, maxBody: Int) throws(ReceiverError) {
    let configuration = HTTPServer.Configuration(host: "127.0.0.1", port: 0, maxBody: maxBody)
    server = try HTTPServer.start(configuration, service: Service(app: app))
  }

  /// Where it takes deliveries.
  var url: String { server.address }

  func stop() { server.stop() }

  private struct Service: HTTPService {
    let app: DemoApp

    func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
      let status = app.status(for: request.joined(), at: arrival.wall)
      let body = status == 200 ? #"{"received":true}"# : #"{"error":"signature verification failed"}"#
      return .now(
        Response(status, fields: [("Content-Type", "application/json")], body: Array(body.utf8)))
    }

    // What is not a request has nothing to do with the demo.
    func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {}
  }
}
