import Dispatch
import JSON
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Receiver

/// What the server can be asked for by a service that takes more than webhooks.
@Suite("A service of another kind on the server", .timeLimit(.minutes(1)))
struct OtherServiceTests {
  private let service = Notes()

  private func exchange(_ requests: String) throws -> String {
    let server = try HTTPServer.start(.init(port: 0), service: service)
    defer { server.stop() }
    let client = try RawClient(server.port)
    client.send(requests)
    client.finishSending()
    return client.rest()
  }

  private static let host = "Host: a\r\n"
  private static let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

  @Test("is asked for requests of every method, with target and body, and answers status, fields and JSON")
  func methods() throws {
    let answers = try exchange(
      "GET /notes/1?full HTTP/1.1\r\n\(Self.host)\r\n"
        + "PATCH /notes/1 HTTP/1.1\r\n\(Self.host)Content-Length: 9\r\n\r\n{\"id\": 2}"
        + "PUT /notes/1 HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        + "DELETE /notes/1 HTTP/1.1\r\n\(Self.host)\r\n" + "OPTIONS * HTTP/1.1\r\n\(Self.host)\r\n")
    #expect(
      answers == "\(Self.json)Content-Length: 8\r\n\r\n{\"id\":1}"
        + "\(Self.json)Content-Length: 9\r\n\r\n{\"id\": 2}" + "\(Self.json)Content-Length: 2\r\n\r\n{}"
        + "HTTP/1.1 204 No Content\r\n\r\n" + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    #expect(
      service.asked == [
        "GET /notes/1?full", "PATCH /notes/1", "PUT /notes/1", "DELETE /notes/1", "OPTIONS *",
      ])
    #expect(service.reports.isEmpty)
  }

  @Test("answers a HEAD with the length of the body and no body, or the next answer would begin inside it")
  func head() throws {
    let answers = try exchange(
      "HEAD /notes/1 HTTP/1.1\r\n\(Self.host)\r\n" + "HEAD /private HTTP/1.1\r\n\(Self.host)\r\n"
        + "GET /notes/1 HTTP/1.1\r\n\(Self.host)\r\n")
    #expect(
      answers == "\(Self.json)Content-Length: 8\r\n\r\n"
        + "HTTP/1.1 403 Forbidden\r\nX-Why: private\r\nContent-Length: 2\r\n\r\n"
        + "\(Self.json)Content-Length: 8\r\n\r\n{\"id\":1}")
  }

  @Test("refuses by the head, with fields and a body, before the request's own body comes")
  func refused() throws {
    let channel = try Samples.channel(service)
    try channel.receive(
      "PUT /private HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    #expect(
      try channel.written()
        == "HTTP/1.1 403 Forbidden\r\nX-Why: private\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
    #expect(service.asked.isEmpty)
    #expect(service.reports == ["bad-request PUT /private 403"])
  }

  @Test("is not asked about a CONNECT, which is answered 501, nor about anything after an upgrade")
  func connect() throws {
    let next = "GET /notes/1 HTTP/1.1\r\n\(Self.host)\r\n"
    #expect(statuses(try exchange("CONNECT a:1 HTTP/1.1\r\n\(Self.host)\r\n" + next)) == [501])
    #expect(service.asked.isEmpty)
    #expect(
      service.reports == ["upgrade-refused CONNECT a:1 asks to switch protocols, which is not supported 501"])
    let upgrade = "GET /notes/2 HTTP/1.1\r\n\(Self.host)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    #expect(statuses(try exchange(upgrade + next)) == [200])
    #expect(service.asked == ["GET /notes/2"])
  }

  @Test("keeps to the rules for messages, whatever the method")
  func framing() throws {
    for fields in [
      "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +1\r\n", "Host: b\r\n",
    ] {
      #expect(
        statuses(try exchange("PATCH /notes/1 HTTP/1.1\r\n\(Self.host)\(fields)\r\n0\r\n\r\n")) == [400])
    }
    #expect(service.asked.isEmpty)
  }

  @Test("a server whose service holds a thread says that it did not stop in time")
  func held() throws {
    let service = Stuck()
    let server = try HTTPServer.start(.init(port: 0), service: service)
    let client = try RawClient(server.port)
    client.send(Samples.post())
    service.hasBegun.wait()
    #expect(!server.stop(within: .milliseconds(50)))
    service.mayGoOn.signal()
    #expect(client.rest() == "")
  }
}

/// Holds its thread until it may go on.
private final class Stuck: HTTPService {
  let hasBegun = DispatchSemaphore(value: 0)
  let mayGoOn = DispatchSemaphore(value: 0)

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    hasBegun.signal()
    mayGoOn.wait()
    return .drop
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {}
}

/// Answers as a small API does; `/private` is refused.
private final class Notes: HTTPService {
  private let state = Mutex((asked: [String](), reports: [String]()))

  /// Method and target of each request that was asked about.
  var asked: [String] { state.withLock { $0.asked } }
  var reports: [String] { state.withLock { $0.reports } }

  func refusal(of head: RequestHead) -> Refusal? {
    guard head.target == "/private" else { return nil }
    let response = Response(403, fields: [("X-Why", "private")], body: Array("no".utf8))
    return Refusal(response, .badRequest, head.summary)
  }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    let request = request.joined()
    state.withLock { $0.asked.append("\(request.method) \(request.target)") }
    let type = [(name: "Content-Type", value: "application/json")]
    switch request.method {
    case "GET", "HEAD": return .now(Response(200, fields: type, body: Array(#"{"id":1}"#.utf8)))
    case "PATCH", "PUT": return .now(Response(200, fields: type, body: request.body))
    case "DELETE": return .now(Response(204))
    default: return .now(Response(404))
    }
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    state.withLock { $0.reports.append("\(reason.rawValue) \(detail) \(status ?? 0)") }
  }
}
